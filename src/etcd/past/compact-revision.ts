import { StorageError } from '../../storage/storage-error.ts';
import type { Storage } from '../../storage/storage.ts';

/** A key that nobody has: a watch of it says from where a store keeps its past, and reads nothing. */
const NOBODY = Buffer.from('\0kube-lite');

/** The oldest revision that can be read; 0 when nothing was compacted. Rejects with StorageError. */
export async function compactRevision(storage: Storage): Promise<number> {
  try {
    await storage.range({ key: NOBODY, countOnly: true, revision: 1 });
    return 0;
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'Compacted') throw error;
    // etcd's own reads do not say where the past begins; its watches do.
    return error.compactRevision || fromWatch(storage);
  }
}

async function fromWatch(storage: Storage): Promise<number> {
  const ended = new AbortController();
  let batches = 0;
  try {
    for await (const _batch of storage.watch({ key: NOBODY, startRevision: 1, signal: ended.signal, progress: true })) {
      // The first batch only says that the watch was made; the refusal comes behind it.
      if (++batches > 1) break;
    }
  } catch (error) {
    if (error instanceof StorageError && error.code === 'Compacted') return error.compactRevision ?? 0;
    throw error;
  } finally {
    ended.abort();
  }
  return 0;
}

/**
 * Checks that a revision can be read. Rejects with StorageError Compacted or FutureRevision that names the revisions that
 * there are.
 */
export async function checkRevision(storage: Storage, revision: number): Promise<void> {
  try {
    await storage.range({ key: NOBODY, countOnly: true, revision });
  } catch (error) {
    throw await betterError(storage, revision, error);
  }
}

/** Turns etcd's errors of a revision out of reach into ones that say what is in reach; any other is returned as it is. */
export async function betterError(storage: Storage, revision: number, error: unknown): Promise<unknown> {
  if (!(error instanceof StorageError)) return error;
  if (error.code === 'Compacted') {
    const oldest = await compactRevision(storage);
    return new StorageError(
      'Compacted',
      `revision ${revision} has been compacted; the oldest that is kept is ${oldest}`,
      {
        cause: error,
        compactRevision: oldest,
        hint: 'A snapshot that was saved before the compaction still has it: read it with --etcd-snapshot.',
      },
    );
  }
  if (error.code === 'FutureRevision') {
    const { revision: newest } = await storage.range({ key: NOBODY, countOnly: true });
    return new StorageError('FutureRevision', `revision ${revision} is yet to come; the newest is ${newest}`, {
      cause: error,
    });
  }
  return error;
}
