import { isJsonObject } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { parseWireJson } from '../model/wire-json.ts';
import { goJson } from './go-json.ts';

/** How an object is written: protobuf in the `k8s\0` envelope, JSON of a Go struct, or JSON of a Go map with sorted keys. */
export type ObjectEncoding = 'protobuf' | 'json' | 'sorted-json';

/** An object as it was found in the store, still in the version that it was written in. */
export interface DecodedObject {
  readonly object: KubeObject;
  readonly encoding: ObjectEncoding;
  /** Whether the protobuf bytes hold what the tables of this build do not know, and the object lacks. */
  readonly unknownFields: boolean;
}

/** The part of the protobuf codec that storage needs; loaded when the first protobuf object is met. */
export interface ProtobufCodec {
  encode(object: KubeObject): Uint8Array;
  decode(bytes: Buffer): { object: KubeObject; unknownFields: boolean };
  /** The bytes of a changed object with the unknown fields of the stored one. Throws an Error where they have no place. */
  carry(stored: Buffer, changed: Buffer): Buffer;
}

const [K, EIGHT, S, NUL] = Buffer.from('k8s\0', 'latin1');

/** Whether a stored value is in Kubernetes' protobuf envelope. */
export function isProtobufValue(value: Buffer): boolean {
  // A list asks this of each object, and a part of a buffer costs more than a look at four bytes.
  return value[0] === K && value[1] === EIGHT && value[2] === S && value[3] === NUL;
}

/** The bytes of an object. A resourceVersion must have been taken out before. */
export function encodeStored(object: KubeObject, encoding: ObjectEncoding, protobuf: ProtobufCodec): Buffer {
  if (encoding === 'protobuf') return Buffer.from(protobuf.encode(object));
  return goJson(object, encoding === 'sorted-json');
}

/** Reads a stored value, whichever encoding it has. Throws an Error that says why it cannot be read. */
export function decodeStored(value: Buffer, json: 'json' | 'sorted-json', protobuf: ProtobufCodec): DecodedObject {
  if (isProtobufValue(value)) {
    const { object, unknownFields } = protobuf.decode(value);
    return { object, encoding: 'protobuf', unknownFields };
  }
  const object = parseWireJson(value.toString('utf8'));
  if (!isJsonObject(object) || typeof object['kind'] !== 'string' || typeof object['apiVersion'] !== 'string') {
    throw new Error('the value is no Kubernetes object');
  }
  if (!isJsonObject(object['metadata'])) object['metadata'] = {};
  return { object: object as unknown as KubeObject, encoding: json, unknownFields: false };
}
