import { isJsonObject } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { encodeObject } from '../model/protobuf/encode-object.ts';
import { decodeProtobuf } from '../model/protobuf/decode-object.ts';
import { isProtobufObject } from '../model/protobuf/envelope.ts';
import type { StorageInfo } from '../model/schema/storage-info.ts';
import { parseYaml } from '../model/yaml.ts';
import { UserError } from '../model/user-error.ts';
import { isEncryptedValue } from '../storage/encrypted-value.ts';
import { encodeStored } from '../storage/object-codec.ts';
import type { ValueTransformer } from '../storage/value-transformer.ts';
import { protobufCodec } from '../model/protobuf/protobuf-codec.ts';

/** How a value that is put is turned into bytes. */
export type PutEncoding = 'auto' | 'raw' | 'protobuf' | 'json' | 'base64' | 'hex';

export const putEncodings: readonly PutEncoding[] = ['auto', 'raw', 'protobuf', 'json', 'base64', 'hex'];

export interface EncodeOptions {
  readonly encoding: PutEncoding;
  /** How kube-apiserver stores what has this key, when the key is an API path. */
  readonly storage: StorageInfo | undefined;
  /** The bytes that are there now. */
  readonly present: Buffer | undefined;
  readonly key: Buffer;
  readonly values: ValueTransformer;
}

/**
 * The bytes to store for what was given. `auto` writes an object in the encoding of the one that is there, or of its kind
 * when the key is an API path, and anything else as it is. Throws UserError when the value does not fit, or when the bytes
 * that are there hold unknown fields which have no place in the new ones.
 */
export function encodeValue(given: Buffer, options: EncodeOptions): Buffer {
  switch (options.encoding) {
    case 'raw':
      return given;
    case 'base64':
      return decoded(given, 'base64', /^[A-Za-z0-9+/=\s]*$/);
    case 'hex':
      return decoded(given, 'hex', /^([0-9a-fA-F]{2}\s*)*$/);
    case 'protobuf':
      return sealed(encodeObjectOf(given, 'protobuf'), options);
    case 'json':
      return sealed(encodeObjectOf(given, 'json'), options);
    case 'auto':
      return isEncryptedValue(given) ? given : sealed(automatic(given, options), options);
  }
}

/** As an API server would write it, where encryption is configured. */
function sealed(value: Buffer, { key, values }: EncodeOptions): Buffer {
  try {
    return values.toStorage(key, value);
  } catch (error) {
    throw new UserError(`the value cannot be encrypted: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** What is there now, decrypted. */
function presentValue({ present, key, values }: EncodeOptions): Buffer | undefined {
  if (present === undefined || !isEncryptedValue(present)) return present;
  try {
    return values.fromStorage(key, present).value;
  } catch (error) {
    throw new UserError(
      `the value that is there cannot be read: ${error instanceof Error ? error.message : String(error)}; give --as=raw to put plain bytes in its place`,
      { cause: error },
    );
  }
}

function automatic(given: Buffer, options: EncodeOptions): Buffer {
  const { storage } = options;
  const present = presentValue(options);
  if (isProtobufObject(given)) return given;
  if (present !== undefined && isProtobufObject(present)) {
    return withUnknownFields(present, encodeObjectOf(given, 'protobuf'));
  }
  if (storage !== undefined) return encodeObjectOf(given, present === undefined ? storage.encoding : 'json');
  return given;
}

/** The new value with what the one that is there has and this version does not know. */
function withUnknownFields(present: Buffer, value: Buffer): Buffer {
  let unknown: number;
  try {
    unknown = decodeProtobuf(present).unknownFields.length;
  } catch {
    // What cannot be read at all is what a put is meant to repair.
    return value;
  }
  if (unknown === 0) return value;
  try {
    return protobufCodec.carry(present, value);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `the value that is there has fields which this version does not know and would lose (${why}); give --as=protobuf to write it all the same`,
      { cause: error },
    );
  }
}

function encodeObjectOf(given: Buffer, encoding: 'protobuf' | 'json'): Buffer {
  const value = parseYaml(given.toString('utf8'));
  if (!isJsonObject(value) || typeof value['apiVersion'] !== 'string' || typeof value['kind'] !== 'string') {
    throw new UserError(
      'the value is no Kubernetes object: it has no apiVersion and kind (give --as=raw to store it as it is)',
    );
  }
  const object = value as unknown as KubeObject;
  // The revision is the key's, not a part of the value.
  if (isJsonObject(object.metadata)) delete object.metadata['resourceVersion'];
  try {
    return encoding === 'protobuf' ? encodeObject(object) : encodeStored(object, 'json', protobufCodec);
  } catch (error) {
    throw new UserError(`the object cannot be encoded: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function decoded(given: Buffer, encoding: 'base64' | 'hex', pattern: RegExp): Buffer {
  const text = given.toString('latin1').trim();
  if (!pattern.test(text)) throw new UserError(`the value is not ${encoding}`);
  return Buffer.from(text.replaceAll(/\s/g, ''), encoding);
}
