import { ProtobufError } from './protobuf-error.ts';
import { ProtobufReader, type UnknownField, WIRE_BYTES } from './protobuf-reader.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

const MAGIC = Buffer.from('k8s\0', 'latin1');

/** What stands around a stored object: apimachinery's runtime.Unknown after the four bytes `k8s\0`. */
export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  /** The object's own message; shares memory with the input. */
  readonly raw: Buffer;
  /** Both empty in what an API server stores. */
  readonly contentEncoding: string;
  readonly contentType: string;
  /** What stands in the envelope and is not known. */
  readonly unknownFields: readonly UnknownField[];
}

/** Whether bytes are an object in Kubernetes' protobuf envelope. */
export function isProtobufObject(bytes: Buffer): boolean {
  return bytes.length >= MAGIC.length && bytes.subarray(0, MAGIC.length).equals(MAGIC);
}

/** Reads the envelope only: the kind is known without a look at the object. Throws ProtobufError. */
export function decodeEnvelope(bytes: Buffer): Envelope {
  if (!isProtobufObject(bytes)) throw new ProtobufError('the bytes do not start with k8s\\0');
  const reader = new ProtobufReader(bytes, MAGIC.length);
  let typeMeta = { apiVersion: '', kind: '' };
  let raw: Buffer | undefined;
  let contentEncoding = '';
  let contentType = '';
  while (reader.more) {
    const tag = reader.tag();
    if (tag === 10) typeMeta = readTypeMeta(reader);
    else if (tag === 18) raw = reader.slice();
    else if (tag === 26) contentEncoding = reader.string();
    else if (tag === 34) contentType = reader.string();
    else reader.skipUnknown('runtime.Unknown', tag);
  }
  // It is written even when it is empty: without it, something is cut off.
  if (raw === undefined) throw new ProtobufError('the envelope holds no object');
  return { ...typeMeta, raw, contentEncoding, contentType, unknownFields: reader.unknownFields };
}

function readTypeMeta(reader: ProtobufReader): { apiVersion: string; kind: string } {
  let apiVersion = '';
  let kind = '';
  const outer = reader.enter();
  while (reader.more) {
    const tag = reader.tag();
    if (tag === 10) apiVersion = reader.string();
    else if (tag === 18) kind = reader.string();
    else reader.skipUnknown('runtime.TypeMeta', tag);
  }
  reader.leave(outer);
  return { apiVersion, kind };
}

/** Writes the envelope around what `writeRaw` writes; backwards, as the writer does. */
export function encodeEnvelope(
  writer: ProtobufWriter,
  { apiVersion, kind }: { apiVersion: string; kind: string },
  writeRaw: () => void,
): void {
  for (const number of [4, 3]) {
    writer.string('');
    writer.tag(number, WIRE_BYTES);
  }
  const object = writer.size;
  writeRaw();
  writer.varint(writer.size - object);
  writer.tag(2, WIRE_BYTES);
  const typeMeta = writer.size;
  writer.string(kind);
  writer.tag(2, WIRE_BYTES);
  writer.string(apiVersion);
  writer.tag(1, WIRE_BYTES);
  writer.varint(writer.size - typeMeta);
  writer.tag(1, WIRE_BYTES);
  writer.raw(MAGIC);
}
