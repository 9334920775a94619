import { StorageError } from '../storage-error.ts';
import type { KeyRange } from '../storage.ts';

/** A key range with its forms told apart: `end` undefined is all keys from `start` on. */
export interface KeySpan {
  readonly start: Buffer;
  readonly end: Buffer | undefined;
  /** Whether only the key `start` is meant. */
  readonly single: boolean;
}

class SingleKey implements KeySpan {
  readonly start: Buffer;
  readonly single = true;

  constructor(start: Buffer) {
    this.start = start;
  }

  get end(): Buffer {
    return Buffer.concat([this.start, Buffer.of(0)]);
  }
}

// Conditions over a range come back with every write.
const SPANS = new WeakMap<KeyRange, KeySpan>();

/** Reads etcd's three forms of a range. Throws InvalidArgument for an empty key. */
export function keySpan(range: KeyRange): KeySpan {
  if (range.rangeEnd === undefined || range.rangeEnd.length === 0) return new SingleKey(startOf(range));
  const known = SPANS.get(range);
  if (known !== undefined) return known;
  const end = view(range.rangeEnd);
  const isToTheLast = end.length === 1 && end[0] === 0;
  const span = { start: startOf(range), end: isToTheLast ? undefined : end, single: false };
  SPANS.set(range, span);
  return span;
}

function startOf({ key }: KeyRange): Buffer {
  if (key.length === 0) throw new StorageError('InvalidArgument', 'key is not provided');
  return view(key);
}

export function spanHas(span: KeySpan, key: Uint8Array): boolean {
  return Buffer.compare(key, span.start) >= 0 && (span.end === undefined || Buffer.compare(key, span.end) < 0);
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
