import { setImmediate as turn } from 'node:timers/promises';
import type { BboltFile } from './bbolt-file.ts';
import type { Bucket } from './bucket.ts';
import { damage } from './damage.ts';

const SLICE = 2000;

/**
 * Reads every page of the buckets once and rejects with StorageError Corrupt when two places refer to one, or for any other
 * damage. Buckets within buckets, which etcd does not have, are not gone into.
 */
export async function checkFile(file: BboltFile): Promise<void> {
  const seen = new Uint8Array(Math.ceil(file.meta.highWater / 8));
  await checkBucket(file, file.root, seen);
  for (const { bucket } of file.root.buckets()) await checkBucket(file, bucket, seen);
}

async function checkBucket(file: BboltFile, bucket: Bucket, seen: Uint8Array): Promise<void> {
  let count = 0;
  for (const id of bucket.pages()) {
    const bit = 1 << (id & 7);
    const byte = seen[id >>> 3] ?? 0;
    if ((byte & bit) !== 0) throw damage(file.path, id, 'two places refer to it');
    seen[id >>> 3] = byte | bit;
    if (++count % SLICE === 0) await turn();
  }
}
