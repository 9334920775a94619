import type { ProtobufCodec } from './object-codec.ts';
import type { StoredValue } from './stored-value.ts';

/**
 * The bytes of a changed object with what the stored ones hold and this version does not know. Throws an Error where writing
 * would lose something.
 */
export function withUnknownFields(protobuf: ProtobufCodec, stored: StoredValue, changed: Buffer): Buffer {
  try {
    if (stored.unknownFields) return protobuf.carry(stored.value, changed);
  } catch (error) {
    throw lossy(error instanceof Error ? ` (${error.message})` : '', error);
  }
  throw lossy('', undefined);
}

function lossy(detail: string, cause: unknown): Error {
  return new Error(
    `it has fields that this version of kube-lite does not know, and writing it back would lose them${detail}`,
    { cause },
  );
}
