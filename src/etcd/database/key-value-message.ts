import { ProtobufReader } from '../../model/protobuf/protobuf-reader.ts';
import type { KeyValue } from '../../storage/storage.ts';

/** Decodes etcd's mvccpb.KeyValue. Key and value are copies. Throws ProtobufError for bytes that are damaged. */
export function decodeKeyValue(bytes: Buffer): KeyValue {
  const reader = new ProtobufReader(bytes);
  let key: Buffer = Buffer.alloc(0);
  let value: Buffer = Buffer.alloc(0);
  let createRevision = 0;
  let modRevision = 0;
  let version = 0;
  let lease = 0n;
  while (reader.more) {
    const tag = reader.tag();
    if (tag === 0x0a) key = reader.slice();
    else if (tag === 0x10) createRevision = Number(reader.int64());
    else if (tag === 0x18) modRevision = Number(reader.int64());
    else if (tag === 0x20) version = Number(reader.int64());
    else if (tag === 0x2a) value = reader.slice();
    else if (tag === 0x30) lease = BigInt(reader.int64());
    else reader.skipUnknown('mvccpb.KeyValue', tag);
  }
  return { key: Buffer.from(key), value: Buffer.from(value), createRevision, modRevision, version, lease };
}

/** The key and the lease alone, without copying; a fast way through many. */
export function keyOfMessage(bytes: Buffer): Buffer {
  const reader = new ProtobufReader(bytes);
  while (reader.more) {
    const tag = reader.tag();
    if (tag === 0x0a) return reader.slice();
    reader.skipUnknown('mvccpb.KeyValue', tag);
  }
  return bytes.subarray(0, 0);
}
