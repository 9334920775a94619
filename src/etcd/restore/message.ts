import { ProtobufWriter } from '../../model/protobuf/protobuf-writer.ts';

/** A field of a protobuf message: an integer, or bytes (a text, a message). */
export type Field = readonly [number: number, value: bigint | number | Buffer];

/** Encodes a message of etcd's or raft's: fields in the order given, zeros too, as their generated Go code does. */
export function message(...fields: readonly Field[]): Buffer {
  const writer = new ProtobufWriter();
  for (const [number, value] of fields.toReversed()) {
    if (Buffer.isBuffer(value)) {
      writer.bytes(value);
      writer.tag(number, 2);
    } else {
      writer.int64(value);
      writer.tag(number, 0);
    }
  }
  return writer.toBuffer();
}
