import { storedValue } from '../../../etcd/stored-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { printYaml } from '../../../model/yaml-printer.ts';
import type { KeyValue } from '../../../storage/storage.ts';
import type { ValueTransformer } from '../../../storage/value-transformer.ts';
import { maskedSecrets } from '../../diff/masked-secrets.ts';

export interface TextOptions {
  readonly values: ValueTransformer;
  readonly showManagedFields: boolean;
  readonly showSecrets: boolean;
}

/** A stored value, read once. */
export interface ReadValue {
  readonly object?: KubeObject;
  /** What stands for a value that is no object. */
  readonly text: string;
}

/** Reads a value for comparison. Never throws: what cannot be read is compared as bytes. */
export function readValue(kv: KeyValue, values: ValueTransformer): ReadValue {
  const value = storedValue(kv, values);
  const bytes = `${kv.value.toString('base64')}\n`;
  switch (value.type) {
    case 'object':
      return { object: value.object, text: '' };
    case 'text':
      return { text: value.text };
    case 'bytes':
      return { text: `# ${kv.value.length} bytes in base64\n${bytes}` };
    case 'encrypted':
    case 'damaged':
      return { text: `# ${value.problem}; ${kv.value.length} bytes in base64\n${bytes}` };
  }
}

/** Two values as the texts to compare: YAML of objects, with asterisks for the data of Secrets. Undefined is an empty text. */
export function comparableTexts(
  before: ReadValue | undefined,
  after: ReadValue | undefined,
  options: TextOptions,
): [string, string] {
  const [left, right] = [before?.object, after?.object];
  const shown = (value: ReadValue | undefined, object: KubeObject | undefined): string =>
    object === undefined ? (value?.text ?? '') : printYaml(trimmed(object, options.showManagedFields));
  if (options.showSecrets || !(isSecret(left) || isSecret(right))) return [shown(before, left), shown(after, right)];
  const [maskedLeft, maskedRight] = masked(left, right);
  return [shown(before, maskedLeft), shown(after, maskedRight)];
}

function isSecret(object: KubeObject | undefined): boolean {
  return object?.kind === 'Secret' && object.apiVersion === 'v1';
}

function masked(
  left: KubeObject | undefined,
  right: KubeObject | undefined,
): [KubeObject | undefined, KubeObject | undefined] {
  if (right === undefined) return [left === undefined ? undefined : maskedSecrets(undefined, left)[1], undefined];
  const [before, after] = maskedSecrets(left, right);
  return [before ?? undefined, after];
}

function trimmed(object: KubeObject, showManagedFields: boolean): KubeObject {
  const { managedFields, ...metadata } = object.metadata ?? {};
  return showManagedFields || managedFields === undefined ? object : { ...object, metadata };
}
