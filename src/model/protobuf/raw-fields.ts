import { ProtobufReader, WIRE_BYTES } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** A field of a message as it stands in the bytes. */
export interface RawField {
  readonly number: number;
  readonly wireType: number;
  /** What is behind the tag, and behind the length where there is one. */
  readonly content: Buffer;
}

/** The fields of a message in the order of the bytes, which they share. Throws ProtobufError when the bytes are damaged. */
export function readRawFields(message: Buffer): RawField[] {
  const reader = new ProtobufReader(message);
  const fields: RawField[] = [];
  while (reader.more) {
    const tag = reader.tag();
    const start = reader.position;
    const wireType = tag & 7;
    let content: Buffer;
    if (wireType === WIRE_BYTES) {
      content = reader.slice();
    } else {
      reader.skipUnknown('a message', tag);
      content = message.subarray(start, reader.position);
    }
    fields.push({ number: tag >>> 3, wireType, content });
  }
  return fields;
}

/** The bytes of a message with these fields. */
export function writeRawFields(fields: readonly RawField[]): Buffer {
  const writer = new ProtobufWriter();
  for (const { number, wireType, content } of fields.toReversed()) {
    if (wireType === WIRE_BYTES) writer.bytes(content);
    else writer.raw(content);
    writer.tag(number, wireType);
  }
  return writer.toBuffer();
}
