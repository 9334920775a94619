import { ProtobufError } from './protobuf-error.ts';
import { ProtobufReader, type UnknownField, WIRE_BYTES } from './protobuf-reader.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

const MAGIC = Buffer.from('k8s\0', 'latin1');
const [K = 0, EIGHT = 0, S = 0, NUL = 0] = MAGIC;

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
  // A list asks this of each object, and a part of a buffer costs more than a look at four bytes.
  return bytes[0] === K && bytes[1] === EIGHT && bytes[2] === S && bytes[3] === NUL;
}

/** Reads the envelope only: the kind is known without a look at the object. Throws ProtobufError. */
export function decodeEnvelope(bytes: Buffer): Envelope {
  const { start, end, ...envelope } = findObject(bytes);
  return { ...envelope, raw: bytes.subarray(start, end) };
}

/** As decodeEnvelope, with the place of the object's message instead of its bytes. */
export function findObject(bytes: Buffer): Omit<Envelope, 'raw'> & { readonly start: number; readonly end: number } {
  if (!isProtobufObject(bytes)) throw new ProtobufError('the bytes do not start with k8s\\0');
  const reader = new ProtobufReader(bytes, MAGIC.length);
  let typeMeta = { apiVersion: '', kind: '' };
  let start = -1;
  let end = -1;
  let contentEncoding = '';
  let contentType = '';
  while (reader.more) {
    const tag = reader.tag();
    if (tag === 10) typeMeta = readTypeMeta(reader);
    else if (tag === 18) [start, end] = reader.skipBytes();
    else if (tag === 26) contentEncoding = reader.string();
    else if (tag === 34) contentType = reader.string();
    else reader.skipUnknown('runtime.Unknown', tag);
  }
  // It is written even when it is empty: without it, something is cut off.
  if (start < 0) throw new ProtobufError('the envelope holds no object');
  const { apiVersion, kind } = typeMeta;
  return { apiVersion, kind, start, end, contentEncoding, contentType, unknownFields: reader.unknownFields };
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
