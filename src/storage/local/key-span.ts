import { StorageError } from '../storage-error.ts';
import type { KeyRange } from '../storage.ts';

/** A key range with its forms told apart: `end` undefined is all keys from `start` on. */
export interface KeySpan {
  readonly start: Buffer;
  readonly end: Buffer | undefined;
  /** Whether only the key `start` is meant. */
  readonly single: boolean;
}

/** Reads etcd's three forms of a range. Throws InvalidArgument for an empty key. */
export function keySpan(range: KeyRange): KeySpan {
  const start = view(range.key);
  if (start.length === 0) throw new StorageError('InvalidArgument', 'key is not provided');
  const end = range.rangeEnd === undefined ? Buffer.alloc(0) : view(range.rangeEnd);
  if (end.length === 0) return { start, end: Buffer.concat([start, Buffer.of(0)]), single: true };
  if (end.length === 1 && end[0] === 0) return { start, end: undefined, single: false };
  return { start, end, single: false };
}

export function spanHas(span: KeySpan, key: Uint8Array): boolean {
  return Buffer.compare(key, span.start) >= 0 && (span.end === undefined || Buffer.compare(key, span.end) < 0);
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
