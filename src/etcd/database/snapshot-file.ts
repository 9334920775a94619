import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { StorageError } from '../../storage/storage-error.ts';
import { UserError } from '../../model/user-error.ts';

const HASH_SIZE = 32;
/** Pages are a multiple of this, so a rest of HASH_SIZE is a hash (etcd's own test). */
const SECTOR = 512;
const CHUNK = 1024 * 1024;

/** The database file that a path means: itself, or a data directory's `member/snap/db`. Throws UserError when there is none. */
export function databaseFile(given: string): string {
  const stats = fs.statSync(given, { throwIfNoEntry: false });
  if (stats === undefined) throw new UserError(`${given}: there is no such file or directory`);
  if (!stats.isDirectory()) {
    if (!stats.isFile()) {
      throw new UserError(`${given} is no file: an etcd snapshot or a member's database file is wanted`);
    }
    return given;
  }
  const inside = ['member/snap/db', 'snap/db', 'db'].map((each) => path.join(given, each));
  const found = inside.find((each) => fs.statSync(each, { throwIfNoEntry: false })?.isFile() === true);
  if (found === undefined) {
    throw new UserError(`${given} is no data directory of an etcd member: it has no member/snap/db`);
  }
  return found;
}

/** Whether a file of this size ends with the SHA-256 that `snapshot save` appends; a member's own database has none. */
export function hasHash(size: number): boolean {
  return size % SECTOR === HASH_SIZE;
}

/**
 * Compares a snapshot's content with the SHA-256 at its end, in bounded memory. Resolves with false when the file has none.
 * Rejects with StorageError Corrupt when they differ.
 */
export async function checkHash(file: string): Promise<boolean> {
  const handle = await fs.promises.open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (!hasHash(size)) return false;
    const end = size - HASH_SIZE;
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (let at = 0; at < end;) {
      const { bytesRead } = await handle.read(chunk, 0, Math.min(CHUNK, end - at), at);
      if (bytesRead === 0) throw new StorageError('Corrupt', `${file}: the file became shorter while it was read`);
      hash.update(chunk.subarray(0, bytesRead));
      at += bytesRead;
    }
    const expected = Buffer.alloc(HASH_SIZE);
    await handle.read(expected, 0, HASH_SIZE, end);
    const actual = hash.digest();
    if (!actual.equals(expected)) {
      throw new StorageError(
        'Corrupt',
        `${file}: expected sha256 ${expected.toString('hex')}, got ${actual.toString('hex')}: the snapshot is damaged`,
      );
    }
    return true;
  } finally {
    await handle.close();
  }
}

/** The process that holds bbolt's lock on a file; undefined when there is none or the system does not tell (only Linux does). */
export function lockHolder(file: string): number | undefined {
  let locks: string;
  try {
    locks = fs.readFileSync('/proc/locks', 'utf8');
  } catch {
    return undefined;
  }
  const { dev, ino } = fs.statSync(file, { bigint: true });
  const hex = (part: bigint): string => part.toString(16).padStart(2, '0');
  // The kernel's own encoding of a device's number.
  const device = `${hex((dev >> 8n) & 0xfffn)}:${hex((dev & 0xffn) | ((dev >> 12n) & 0xfff00n))}`;
  for (const line of locks.split('\n')) {
    const [, type, , mode, pid = '', where = ''] = line.split(/\s+/);
    if (type !== 'FLOCK' || mode !== 'WRITE' || !where.endsWith(`:${ino}`)) continue;
    // File systems that are laid over others have another device here and there.
    if (where === `${device}:${ino}` || hasOpen(pid, fs.realpathSync(file))) return Number(pid);
  }
  return undefined;
}

function hasOpen(pid: string, file: string): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return fs.readdirSync(folder).some((each) => fs.readlinkSync(path.join(folder, each)) === file);
  } catch {
    return false;
  }
}
