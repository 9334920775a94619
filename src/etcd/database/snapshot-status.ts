import { setImmediate as turn } from 'node:timers/promises';
import { BboltFile } from '../bbolt/bbolt-file.ts';
import { checkFile } from '../bbolt/check-file.ts';
import { damage } from '../bbolt/damage.ts';
import { crc32c } from './crc32c.ts';
import { parseRevisionKey } from './revision-key.ts';
import { databaseFile } from './snapshot-file.ts';

/** What `etcdctl snapshot status` tells of a database, under its names. */
export interface SnapshotStatus {
  /** CRC-32C of the names, keys and values of all buckets. */
  readonly hash: number;
  readonly revision: number;
  /** The entries of all buckets: etcd 3.4 and 3.5 count so. */
  readonly totalKey: number;
  readonly totalSize: number;
}

const SLICE = 5000;

/**
 * Reads all of a snapshot or of a stopped member's database, in bounded memory; follows etcd 3.4's clientv3/snapshot. The
 * structure of every page is checked on the way. Rejects with StorageError Corrupt for damage.
 */
export async function snapshotStatus(path: string): Promise<SnapshotStatus> {
  const file = BboltFile.open(databaseFile(path));
  try {
    await checkFile(file);
    let hash = 0;
    let revision = 0;
    let totalKey = 0;
    for (const { name, bucket } of file.root.buckets()) {
      hash = crc32c(name, hash);
      const isKeys = name.toString('latin1') === 'key';
      for (const { key, value, isBucket } of bucket.entries()) {
        if (isBucket) throw damage(file.path, undefined, `there is a bucket within the bucket "${String(name)}"`);
        hash = crc32c(value, crc32c(key, hash));
        if (isKeys) revision = revisionOf(file.path, key);
        if (++totalKey % SLICE === 0) await turn();
      }
    }
    return { hash, revision, totalKey, totalSize: file.sizeBytes };
  } finally {
    file.close();
  }
}

function revisionOf(path: string, key: Buffer): number {
  const parsed = parseRevisionKey(key);
  if (parsed === undefined) {
    throw damage(path, undefined, `the bucket "key" has an entry that is no revision: ${key.toString('hex')}`);
  }
  return parsed.main;
}
