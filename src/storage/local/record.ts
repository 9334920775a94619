import { crc32 } from 'node:zlib';
import type { KeyValue } from '../storage.ts';

/**
 * How many changes one revision can hold. A record's id is `revision * OPERATIONS_PER_REVISION + position`, so that
 * records are stored, and read by watchers, in the order in which they happened; ids stay exact up to revision 2^35.
 */
export const OPERATIONS_PER_REVISION = 2 ** 18;

/** One change of one key, as it is kept in the log. Version 0 is a deletion. */
export interface LogRecord {
  readonly id: number;
  /** The id of the change of the same key before this one, or 0. It may be compacted away. */
  readonly prev: number;
  readonly key: Uint8Array;
  readonly createRevision: number;
  readonly version: number;
  readonly lease: bigint;
  readonly value: Uint8Array;
}

export function revisionOf(id: number): number {
  return Math.floor(id / OPERATIONS_PER_REVISION);
}

/** The smallest id that a record of this revision can have. */
export function firstIdOf(revision: number): number {
  return revision * OPERATIONS_PER_REVISION;
}

/** The largest id that a record of this revision can have. */
export function lastIdOf(revision: number): number {
  return (revision + 1) * OPERATIONS_PER_REVISION - 1;
}

/** The CRC-32 of everything in a record, its key and its place included. */
export function checksum(record: LogRecord): number {
  const header = Buffer.allocUnsafe(40);
  header.writeDoubleLE(record.id, 0);
  header.writeDoubleLE(record.prev, 8);
  header.writeDoubleLE(record.createRevision, 16);
  header.writeDoubleLE(record.version, 24);
  header.writeBigInt64LE(record.lease, 32);
  const ofKey = crc32(record.key, crc32(header));
  // zlib starts anew when it is given no bytes at all.
  return record.value.length === 0 ? ofKey : crc32(record.value, ofKey);
}

/** The record as callers of the seam see it; the bytes are shared, not copied. */
export function toKeyValue(record: LogRecord, keysOnly = false): KeyValue {
  return {
    key: asBuffer(record.key),
    value: keysOnly ? Buffer.alloc(0) : asBuffer(record.value),
    createRevision: record.createRevision,
    modRevision: revisionOf(record.id),
    version: record.version,
    lease: record.lease,
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
