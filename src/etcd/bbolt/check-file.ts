import { setImmediate as turn } from 'node:timers/promises';
import type { BboltFile } from './bbolt-file.ts';
import type { Bucket } from './bucket.ts';
import { damage } from './damage.ts';

const SLICE = 2000;

/** Reads every page of every bucket once and rejects with StorageError Corrupt when two trees share one, or for any other damage. */
export async function checkFile(file: BboltFile): Promise<void> {
  const seen = new Uint8Array(Math.ceil(file.meta.highWater / 8));
  await checkBucket(file, file.root, seen, 0);
}

async function checkBucket(file: BboltFile, bucket: Bucket, seen: Uint8Array, depth: number): Promise<void> {
  if (depth > 8) throw damage(file.path, undefined, 'buckets are nested more than 8 deep');
  let count = 0;
  for (const id of bucket.pages()) {
    const bit = 1 << (id & 7);
    const byte = seen[id >>> 3] ?? 0;
    if ((byte & bit) !== 0) throw damage(file.path, id, 'two places refer to it');
    seen[id >>> 3] = byte | bit;
    if (++count % SLICE === 0) await turn();
  }
  for (const inner of bucket.buckets()) await checkBucket(file, inner.bucket, seen, depth + 1);
}
