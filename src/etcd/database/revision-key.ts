/** How etcd's `key` bucket names one change (its mvcc/revision.go): 17 bytes, and an 18th when the change is a deletion. */
export interface RevisionKey {
  /** The store's revision of the transaction. */
  readonly main: number;
  /** Counts the changes of one transaction, from 0. */
  readonly sub: number;
  readonly deleted: boolean;
}

const SIZE = 17;
const SEPARATOR = 0x5f;
const DELETED = 0x74;

/** A key of the `key` bucket; undefined when it is none that etcd writes. */
export function parseRevisionKey(key: Buffer): RevisionKey | undefined {
  if (key.length !== SIZE && !(key.length === SIZE + 1 && key[SIZE] === DELETED)) return undefined;
  if (key[8] !== SEPARATOR) return undefined;
  const main = readInteger(key, 0);
  const sub = readInteger(key, 9);
  if (!Number.isSafeInteger(main) || !Number.isSafeInteger(sub)) return undefined;
  return { main, sub, deleted: key.length > SIZE };
}

/** The bytes of a revision key. */
export function revisionKey({ main, sub, deleted }: RevisionKey): Buffer {
  const key = Buffer.alloc(deleted ? SIZE + 1 : SIZE);
  key.writeBigUInt64BE(BigInt(main), 0);
  key[8] = SEPARATOR;
  key.writeBigUInt64BE(BigInt(sub), 9);
  if (deleted) key[SIZE] = DELETED;
  return key;
}

function readInteger(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * 0x1_00_00_00_00 + bytes.readUInt32BE(at + 4);
}
