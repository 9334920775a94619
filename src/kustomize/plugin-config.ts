import { isJsonObject, type JsonObject, type JsonValue } from '../model/json-value.ts';
import { printYaml } from '../model/yaml-printer.ts';
import { KustomizeError, errorText, UnwrappedError } from './kustomize-error.ts';

/** What a step was configured with, as error texts show it: without what is empty. */
export function pluginConfig(config: object): string {
  return printYaml(withoutEmpty(config as JsonObject));
}

function withoutEmpty(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item) => withoutEmpty(item));
  if (!isJsonObject(value)) return value;
  const fields = Object.entries(value)
    .filter(([, field]) => !isEmpty(field))
    .map(([name, field]) => [name, withoutEmpty(field ?? null)]);
  return Object.fromEntries(fields) as JsonObject;
}

function isEmpty(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Configures a built-in step; an error says which it was, and with what. */
export function configured<T>(kind: string, config: object, configure: () => T): T {
  try {
    return configure();
  } catch (error) {
    if (error instanceof UnwrappedError) throw error;
    throw new KustomizeError(
      `trouble configuring builtin ${kind} with config: \`\n${pluginConfig(config)}\`: ${errorText(error)}`,
    );
  }
}
