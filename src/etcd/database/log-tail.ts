import fs from 'node:fs';
import path from 'node:path';
import { ProtobufReader } from '../../model/protobuf/protobuf-reader.ts';

/** A record of the log: its kind and its content. */
const RECORD_TYPE = 0x08;
const RECORD_DATA = 0x1a;
const ENTRY_RECORD = 2;

/** A raft entry: its index and its content. */
const ENTRY_INDEX = 0x18;
const ENTRY_DATA = 0x22;

/** Requests that change what the database holds, by their field in etcd's InternalRaftRequest: put, delete, txn, compaction, lease grant and revoke. */
const WRITES = new Set([4, 5, 6, 7, 8, 9]);

const FILE_NAME = /^[0-9a-f]{16}-([0-9a-f]{16})\.wal$/;

/**
 * How many writes a member's write-ahead log holds after the entry `index`: etcd puts them into the database when it starts
 * (those that are committed). 0 when there is no log beside the database, and no more than can be read of it.
 */
export function writesAfter(databasePath: string, index: bigint): number {
  const folder = path.join(path.dirname(databasePath), '..', 'wal');
  const found = new Map<bigint, boolean>();
  for (const file of logFiles(folder, index)) {
    try {
      for (const data of entries(file)) note(data, index, found);
    } catch {
      // Where a log is torn, it ends.
    }
  }
  return [...found.values()].filter(Boolean).length;
}

/** The files from the one on that may have the entry after `index`. */
function logFiles(folder: string, index: bigint): string[] {
  let names: string[];
  try {
    names = fs
      .readdirSync(folder)
      .filter((name) => FILE_NAME.test(name))
      .toSorted();
  } catch {
    return [];
  }
  const starts = names.map((name) => BigInt(`0x${FILE_NAME.exec(name)?.[1] ?? '0'}`));
  const first = Math.max(
    starts.findLastIndex((start) => start <= index + 1n),
    0,
  );
  return names.slice(first).map((name) => path.join(folder, name));
}

/** The content of the entry records of a file. */
function* entries(file: string): Generator<Buffer> {
  const descriptor = fs.openSync(file, 'r');
  try {
    const { size } = fs.fstatSync(descriptor);
    const head = Buffer.alloc(8);
    for (let at = 0; at + 8 <= size;) {
      fs.readSync(descriptor, head, 0, 8, at);
      const length = head.readUInt32LE(0);
      const padding = (head[7] ?? 0) & 0x80 ? (head[7] ?? 0) & 7 : 0;
      if (length === 0 || at + 8 + length + padding > size) return;
      const record = Buffer.alloc(length);
      fs.readSync(descriptor, record, 0, length, at + 8);
      at += 8 + length + padding;
      const { integer, bytes } = fields(record, RECORD_TYPE, RECORD_DATA);
      if (integer === BigInt(ENTRY_RECORD) && bytes !== undefined) yield bytes;
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A later entry of the same index takes the place of an earlier one. */
function note(entry: Buffer, after: bigint, found: Map<bigint, boolean>): void {
  const { integer, bytes } = fields(entry, ENTRY_INDEX, ENTRY_DATA);
  if (integer > after) found.set(integer, bytes !== undefined && isWrite(entry, bytes));
}

function isWrite(entry: Buffer, request: Buffer): boolean {
  // Changes of the membership are of type 1.
  if (fields(entry, 0x08, 0).integer !== 0n) return false;
  const reader = new ProtobufReader(request);
  while (reader.more) {
    const tag = reader.tag();
    if (WRITES.has(tag >>> 3)) return true;
    reader.skipUnknown('InternalRaftRequest', tag);
  }
  return false;
}

function fields(message: Buffer, integerTag: number, bytesTag: number): { integer: bigint; bytes: Buffer | undefined } {
  const reader = new ProtobufReader(message);
  let integer = 0n;
  let bytes: Buffer | undefined;
  while (reader.more) {
    const tag = reader.tag();
    if (tag === integerTag) integer = BigInt(reader.uint64());
    else if (tag === bytesTag) bytes = reader.slice();
    else reader.skipUnknown('log record', tag);
  }
  return { integer, bytes };
}
