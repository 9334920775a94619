import { isJsonObject, type JsonObject } from '../../../model/json-value.ts';
import { fieldSchemaOf, type Schema, valueSchemaOf } from './schema.ts';

const META_FIELDS = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Takes what a structural schema does not specify out of an object, in place; metadata, apiVersion and kind of the object
 * itself and of embedded resources stay. Answers the paths of what was taken, sorted: `spec.jobs[0].nonsense`.
 */
export function pruneUnknownFields(object: JsonObject, schema: Schema | undefined): string[] {
  const pruned: string[] = [];
  pruneObject(object, schema, '', { pruned, isResource: true, preserve: schema?.preserveUnknownFields === true });
  return pruned.sort();
}

interface Pruning {
  readonly pruned: string[];
  /** Whether apiVersion, kind and metadata are nobody's to prune. */
  readonly isResource: boolean;
  /** Whether fields without a schema stay. */
  readonly preserve: boolean;
}

function prune(value: unknown, schema: Schema | undefined, path: string, pruned: string[]): void {
  pruneInside(value, schema, path, { pruned, preserve: schema?.preserveUnknownFields === true });
}

function pruneInside(
  value: unknown,
  schema: Schema | undefined,
  path: string,
  { pruned, preserve }: { pruned: string[]; preserve: boolean },
): void {
  if (Array.isArray(value)) {
    const items = schema?.items;
    if (preserve && items === undefined) return;
    for (const [index, item] of value.entries()) {
      // Items of a list that preserves what it does not know preserve it too.
      if (preserve) pruneInside(item, items, `${path}[${index}]`, { pruned, preserve });
      else prune(item, items, `${path}[${index}]`, pruned);
    }
  } else if (isJsonObject(value)) {
    pruneObject(value, schema, path, { pruned, preserve, isResource: schema?.embeddedResource === true });
  }
}

function pruneObject(object: JsonObject, schema: Schema | undefined, path: string, pruning: Pruning): void {
  for (const key of Object.keys(object)) {
    if (pruning.isResource && META_FIELDS.has(key)) continue;
    const below = path === '' ? key : `${path}.${key}`;
    const property = schema?.properties.get(key);
    if (property !== undefined) prune(object[key], property, below, pruning.pruned);
    // `additionalProperties: true` names no schema: objects inside lose their fields, as upstream has it.
    else if (schema?.additionalProperties !== undefined) {
      prune(object[key], valueSchemaOf(schema), below, pruning.pruned);
    } else if (!pruning.preserve) {
      pruning.pruned.push(below);
      delete object[key];
    }
  }
}

/** Takes nulls out that a schema neither allows nor replaces by a default, in place. */
export function pruneNulls(value: unknown, schema: Schema | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) pruneNulls(item, schema?.items);
  } else if (isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      const field = fieldSchemaOf(schema, key);
      if (value[key] === null && field !== undefined && !field.nullable && field.default === undefined) {
        delete value[key];
      } else pruneNulls(value[key], field);
    }
  }
}
