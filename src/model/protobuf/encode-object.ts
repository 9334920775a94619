import type { KubeObject } from '../kube-object.ts';
import type { TypeSchema } from '../schema/type-schema.ts';
import { encodeMessage } from './encode-message.ts';
import { encodeEnvelope } from './envelope.ts';
import { knownType } from './known-type.ts';
import { messagePlan } from './message-plan.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/**
 * The bytes that kube-apiserver would store for an object, under the apiVersion that it has. Throws ProtobufError for a
 * kind that is not known, a value that does not fit its field, and a field that the type does not have: nothing is left out
 * silently.
 */
export function encodeObject(object: KubeObject, type?: TypeSchema): Buffer {
  const { apiVersion, kind } = object;
  const known = type ?? knownType(apiVersion, kind);
  const writer = new ProtobufWriter();
  encodeEnvelope(writer, { apiVersion, kind }, () => encodeMessage(writer, messagePlan(known), object));
  return writer.toBuffer();
}
