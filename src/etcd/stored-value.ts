import { isUtf8 } from 'node:buffer';
import { isJsonObject } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { decodeProtobuf } from '../model/protobuf/decode-object.ts';
import { isProtobufObject } from '../model/protobuf/envelope.ts';
import { parseWireJson } from '../model/wire-json.ts';
import { encryptedWith } from '../storage/encrypted-value.ts';
import type { KeyValue } from '../storage/storage.ts';
import type { ValueTransformer } from '../storage/value-transformer.ts';

/** What the bytes under a key turned out to be. */
export type StoredValue =
  | {
      readonly type: 'object';
      readonly encoding: 'protobuf' | 'json';
      readonly object: KubeObject;
      /** Protobuf fields, as `type: number`, that this version does not know and does not show. */
      readonly unknownFields: readonly string[];
    }
  | { readonly type: 'encrypted'; readonly by: string; /** Why it could not be read. */ readonly problem: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'bytes' }
  /** In the envelope of a Kubernetes object, and not readable as one. */
  | { readonly type: 'damaged'; readonly problem: string };

/** Looks at what is stored, decrypting it where that is configured. Never throws: what cannot be read is said to be so. */
export function storedValue({ key, value }: KeyValue, values: ValueTransformer): StoredValue {
  const by = encryptedWith(value);
  // A value that is not encrypted is shown as it is, also where an API server would insist on encryption.
  if (by === undefined) return plainValue(value);
  try {
    return plainValue(values.fromStorage(key, value).value);
  } catch (error) {
    return { type: 'encrypted', by, problem: error instanceof Error ? error.message : String(error) };
  }
}

function plainValue(bytes: Buffer): StoredValue {
  if (isProtobufObject(bytes)) return protobufValue(bytes);
  if (!isUtf8(bytes)) return { type: 'bytes' };
  const text = bytes.toString('utf8');
  const object = /^\s*\{/.test(text) ? jsonObject(text) : undefined;
  return object === undefined
    ? { type: 'text', text }
    : { type: 'object', encoding: 'json', object, unknownFields: [] };
}

function protobufValue(bytes: Buffer): StoredValue {
  try {
    const { object, unknownFields } = decodeProtobuf(bytes);
    return {
      type: 'object',
      encoding: 'protobuf',
      object,
      unknownFields: unknownFields.map((each) => `${each.type}: ${each.number}`),
    };
  } catch (error) {
    return { type: 'damaged', problem: error instanceof Error ? error.message : String(error) };
  }
}

function jsonObject(text: string): KubeObject | undefined {
  try {
    const value = parseWireJson(text);
    if (!isJsonObject(value)) return undefined;
    return typeof value['kind'] === 'string' && typeof value['apiVersion'] === 'string'
      ? (value as unknown as KubeObject)
      : undefined;
  } catch {
    return undefined;
  }
}
