import { decodeProtobuf } from '../../../src/model/protobuf/decode-object.ts';
import { encodeObject } from '../../../src/model/protobuf/encode-object.ts';

/** A stored object with one more label. */
export function labeled(stored: Buffer, key: string): Buffer {
  const { object } = decodeProtobuf(stored);
  const labels = { ...object.metadata.labels, [key]: 'added' };
  return encodeObject({ ...object, metadata: { ...object.metadata, labels } });
}
