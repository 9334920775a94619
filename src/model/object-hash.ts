import { createHash } from 'node:crypto';
import { compactJson } from './json-printer.ts';
import type { KubeObject } from './kube-object.ts';

/** Hexadecimal digits that are vowels or look like one, and what stands for them. */
const SAFE: ReadonlyMap<string, string> = new Map([
  ['0', 'g'],
  ['1', 'h'],
  ['3', 'k'],
  ['a', 'm'],
  ['e', 't'],
]);
const HASH_LENGTH = 10;

/** The hash that `kubectl create configmap|secret --append-hash` puts behind the name of a ConfigMap or a Secret. */
export function objectHash(object: KubeObject): string {
  return safeHash(compactJson(hashed(object), { sortKeys: true }));
}

/** Ten characters of the text's SHA-256, without vowels and what looks like one, as names have them at their end. */
export function safeHash(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex');
  return Array.from(digest.slice(0, HASH_LENGTH), (digit) => SAFE.get(digit) ?? digit).join('');
}

/** What of the object is hashed: kubectl's selection, with `data` null when there is none. */
function hashed(object: KubeObject): Record<string, unknown> {
  const { kind, data = null, immutable, type = '', binaryData } = object;
  const common = { kind, name: object.metadata.name ?? '', data, immutable };
  if (kind === 'Secret') return { ...common, type };
  const empty = typeof binaryData !== 'object' || binaryData === null || Object.keys(binaryData).length === 0;
  return empty ? common : { ...common, binaryData };
}
