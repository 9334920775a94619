import type { KubeObject } from '../kube-object.ts';
import { decodeMessage } from './decode-message.ts';
import { findObject } from './envelope.ts';
import { knownType } from './known-type.ts';
import { messagePlan } from './message-plan.ts';
import { ProtobufError } from './protobuf-error.ts';
import { ProtobufReader, type UnknownField } from './protobuf-reader.ts';

/** An object, and what the bytes hold beside it. Writing the object back would lose the unknown fields. */
export interface DecodedProtobuf {
  readonly object: KubeObject;
  readonly unknownFields: readonly UnknownField[];
}

/** The bytes hold fields that the object would lack: they were written by a newer Kubernetes. */
export class UnknownFieldsError extends Error {
  override readonly name = 'UnknownFieldsError';
  readonly unknownFields: readonly UnknownField[];

  constructor(unknownFields: readonly UnknownField[]) {
    const names = unknownFields.map(({ type, number }) => `${type}: ${number}`);
    super(`the stored object has fields that are not known here (${[...new Set(names)].join(', ')})`);
    this.unknownFields = unknownFields;
  }
}

/**
 * Reads a stored object as the JSON that Go would print of it: apiVersion and kind as stored, fields in Go order, fieldsV1
 * and raw extensions as RawJson. Throws ProtobufError for damaged bytes and for kinds that Kubernetes 1.36 does not have.
 */
export function decodeProtobuf(bytes: Buffer): DecodedProtobuf {
  const { apiVersion, kind, start, end, contentEncoding, contentType, unknownFields } = findObject(bytes);
  if (contentEncoding !== '') throw new ProtobufError(`the content encoding ${contentEncoding} is not known`);
  if (contentType !== '' && contentType !== 'application/vnd.kubernetes.protobuf') {
    throw new ProtobufError(`the content type ${contentType} is not protobuf`);
  }
  const type = knownType(apiVersion, kind);
  const reader = new ProtobufReader(bytes, start, end);
  const object = { kind, apiVersion };
  decodeMessage(reader, messagePlan(type), object);
  if (!isKubeObject(object)) throw new ProtobufError(`the metadata of ${kind} is no object`);
  const unknown = unknownFields.length === 0 ? reader.unknownFields : [...unknownFields, ...reader.unknownFields];
  return { object, unknownFields: unknown };
}

/** Options of a request are read too, though they are never stored: these alone have no metadata. */
function isKubeObject(object: { apiVersion: string; kind: string; metadata?: unknown }): object is KubeObject {
  return object.metadata === undefined || (typeof object.metadata === 'object' && object.metadata !== null);
}

/** Reads a stored object that is to be written back: throws UnknownFieldsError when that would lose something. */
export function decodeObjectStrict(bytes: Buffer): KubeObject {
  const { object, unknownFields } = decodeProtobuf(bytes);
  if (unknownFields.length > 0) throw new UnknownFieldsError(unknownFields);
  return object;
}

/** Reads a stored object; unknown fields are left out, as Go leaves them out. Throws ProtobufError. */
export function decodeObject(bytes: Buffer): KubeObject {
  return decodeProtobuf(bytes).object;
}
