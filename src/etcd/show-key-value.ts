import { printJson } from '../model/json-printer.ts';
import type { JsonObject } from '../model/json-value.ts';
import { printYaml } from '../model/yaml-printer.ts';
import type { KeyValue } from '../storage/storage.ts';
import { encryptedWith } from '../storage/encrypted-value.ts';
import type { ValueTransformer } from '../storage/value-transformer.ts';
import { storedValue } from './stored-value.ts';

/** How values are shown: decoded as YAML or JSON, or the bytes themselves. */
export type ValueFormat = 'yaml' | 'json' | 'raw' | 'base64' | 'hex';

export const valueFormats: readonly ValueFormat[] = ['yaml', 'json', 'raw', 'base64', 'hex'];

/** A key as text; bytes that are no UTF-8 are escaped as \xNN, so that different keys stay different. */
export function keyText(key: Buffer): string {
  const text = key.toString('utf8');
  if (Buffer.from(text).equals(key)) return text;
  return [...key]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCodePoint(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
}

/** A key's revisions on one line, as YAML comments have it. */
export function revisionsText(kv: KeyValue): string {
  const lease = kv.lease === 0n ? '' : `, lease ${kv.lease.toString(16)}`;
  return `create revision ${kv.createRevision}, mod revision ${kv.modRevision}, version ${kv.version}${lease}`;
}

/** A key with its value as a YAML document: what is no field of the object is a comment. */
export function yamlDocument(kv: KeyValue, values: ValueTransformer): string {
  const by = encryptedWith(kv.value);
  const encrypted = by === undefined ? '' : `, encrypted by ${by}`;
  const head = `# ${keyText(kv.key)}\n# ${revisionsText(kv)}${encrypted}`;
  const value = storedValue(kv, values);
  switch (value.type) {
    case 'object': {
      const unknown =
        value.unknownFields.length === 0
          ? ''
          : `\n# fields that are not known here and not shown: ${value.unknownFields.join(', ')}`;
      return `${head}, ${value.encoding}${unknown}\n${printYaml(value.object)}`;
    }
    case 'encrypted':
      return `${head}\n# ${kv.value.length} bytes that cannot be read: ${value.problem}\n`;
    case 'text':
      return `${head}, text\n${printYaml(value.text)}`;
    case 'bytes':
      return `${head}, ${kv.value.length} bytes in base64\n${kv.value.toString('base64')}\n`;
    case 'damaged':
      return `${head}\n# the value looks like a Kubernetes object and cannot be read: ${value.problem}; in base64:\n${kv.value.toString('base64')}\n`;
  }
}

/** A key with its value as JSON: `object` when it is one, else `text` or `base64`. */
export function jsonEntry(kv: KeyValue, values: ValueTransformer): JsonObject {
  const by = encryptedWith(kv.value);
  return { ...jsonKey(kv), ...(by === undefined ? {} : { encryptedBy: by }), ...jsonValue(kv, values) };
}

/** A key alone as JSON. */
export function jsonKey(kv: KeyValue): JsonObject {
  return {
    key: keyText(kv.key),
    createRevision: kv.createRevision,
    modRevision: kv.modRevision,
    version: kv.version,
    ...(kv.lease === 0n ? {} : { lease: kv.lease.toString(16) }),
  };
}

function jsonValue(kv: KeyValue, values: ValueTransformer): JsonObject {
  const value = storedValue(kv, values);
  switch (value.type) {
    case 'object':
      return {
        encoding: value.encoding,
        ...(value.unknownFields.length === 0 ? {} : { unknownFields: [...value.unknownFields] }),
        object: value.object as unknown as JsonObject,
      };
    case 'text':
      return { encoding: 'text', text: value.text };
    case 'damaged':
      return { encoding: 'damaged', problem: value.problem, base64: kv.value.toString('base64') };
    case 'encrypted':
      return { encoding: 'encrypted', problem: value.problem, base64: kv.value.toString('base64') };
    case 'bytes':
      return { encoding: 'bytes', base64: kv.value.toString('base64') };
  }
}

/** The value alone, in one of the byte formats. */
export function valueBytes(value: Buffer, format: 'raw' | 'base64' | 'hex'): string | Buffer {
  return format === 'raw' ? value : `${value.toString(format)}\n`;
}

/** Several keys as one JSON document; without `values`, the keys alone. */
export function jsonDocument(revision: number, kvs: readonly KeyValue[], values: ValueTransformer | undefined): string {
  const entries = kvs.map((kv) => (values === undefined ? jsonKey(kv) : jsonEntry(kv, values)));
  return `${printJson({ revision, kvs: entries }, { indent: 4, sortKeys: false })}\n`;
}
