import { isJsonObject } from '../json-value.ts';
import { typeByName, typeForKind } from '../schema/schema.ts';
import type { TypeSchema } from '../schema/type-schema.ts';
import { encodeMessage } from './encode-message.ts';
import { encodeEnvelope } from './envelope.ts';
import { messagePlan } from './message-plan.ts';
import { ProtobufError } from './protobuf-error.ts';
import { WIRE_BYTES } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/**
 * What an API server answers, as protobuf in its envelope: an object, a list of a built-in kind, a Status, metadata alone.
 * Throws ProtobufError for a kind that has no such form, and as encodeObject does.
 */
export function encodeAnswer(answer: unknown): Buffer {
  const { apiVersion, kind, type } = typeOf(answer);
  const writer = new ProtobufWriter();
  encodeEnvelope(writer, { apiVersion, kind }, () => encodeMessage(writer, messagePlan(type), answer));
  return writer.toBuffer();
}

/**
 * An event of a watch as one frame: a length of four bytes, then a meta.v1.WatchEvent whose object is in an envelope of its
 * own (apimachinery's LengthDelimitedFramer over the raw serializer).
 */
export function encodeWatchFrame({ type, object }: { readonly type: string; readonly object: unknown }): Buffer {
  const writer = new ProtobufWriter();
  writer.bytes(encodeAnswer(object));
  writer.tag(1, WIRE_BYTES);
  writer.varint(writer.size);
  writer.tag(2, WIRE_BYTES);
  writer.string(type);
  writer.tag(1, WIRE_BYTES);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(writer.size);
  writer.raw(length);
  return writer.toBuffer();
}

function typeOf(answer: unknown): { apiVersion: string; kind: string; type: TypeSchema } {
  const { apiVersion, kind } = isJsonObject(answer) ? answer : {};
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') throw new ProtobufError('the answer has no kind');
  const type = typeForKind(apiVersion, kind) ?? typeByName(`meta.v1.${kind}`);
  if (type !== undefined) return { apiVersion, kind, type };
  throw new ProtobufError(`no kind ${JSON.stringify(kind)} is known in ${JSON.stringify(apiVersion)}`);
}
