import { printJson } from '../model/json-printer.ts';
import type { JsonObject } from '../model/json-value.ts';
import { printYaml } from '../model/yaml-printer.ts';
import type { KeyValue } from '../storage/storage.ts';
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
export function yamlDocument(kv: KeyValue): string {
  const head = `# ${keyText(kv.key)}\n# ${revisionsText(kv)}`;
  const value = storedValue(kv.value);
  switch (value.type) {
    case 'object': {
      const unknown =
        value.unknownFields.length === 0
          ? ''
          : `\n# fields that are not known here and not shown: ${value.unknownFields.join(', ')}`;
      return `${head}, ${value.encoding}${unknown}\n${printYaml(value.object)}`;
    }
    case 'encrypted':
      return `${head}\n# encrypted at rest; ${kv.value.length} bytes\n`;
    case 'text':
      return `${head}, text\n${printYaml(value.text)}`;
    case 'bytes':
      return `${head}, ${kv.value.length} bytes in base64\n${kv.value.toString('base64')}\n`;
    case 'damaged':
      return `${head}\n# the value looks like a Kubernetes object and cannot be read: ${value.problem}; in base64:\n${kv.value.toString('base64')}\n`;
  }
}

/** A key with its value as JSON: `object` when it is one, else `text` or `base64`. */
export function jsonEntry(kv: KeyValue, keysOnly = false): JsonObject {
  const entry: JsonObject = {
    key: keyText(kv.key),
    createRevision: kv.createRevision,
    modRevision: kv.modRevision,
    version: kv.version,
    ...(kv.lease === 0n ? {} : { lease: kv.lease.toString(16) }),
  };
  if (keysOnly) return entry;
  const value = storedValue(kv.value);
  switch (value.type) {
    case 'object':
      return {
        ...entry,
        encoding: value.encoding,
        ...(value.unknownFields.length === 0 ? {} : { unknownFields: [...value.unknownFields] }),
        object: value.object as unknown as JsonObject,
      };
    case 'text':
      return { ...entry, encoding: 'text', text: value.text };
    case 'damaged':
      return { ...entry, encoding: 'damaged', problem: value.problem, base64: kv.value.toString('base64') };
    case 'bytes':
    case 'encrypted':
      return { ...entry, encoding: value.type, base64: kv.value.toString('base64') };
  }
}

/** The value alone, in one of the byte formats. */
export function valueBytes(value: Buffer, format: 'raw' | 'base64' | 'hex'): string | Buffer {
  return format === 'raw' ? value : `${value.toString(format)}\n`;
}

/** Several keys as one JSON document. */
export function jsonDocument(revision: number, kvs: readonly KeyValue[], keysOnly: boolean): string {
  return `${printJson({ revision, kvs: kvs.map((kv) => jsonEntry(kv, keysOnly)) }, { indent: 4, sortKeys: false })}\n`;
}
