import type { Storage } from '../../storage/storage.ts';
import { compactRevision } from './compact-revision.ts';
import { ALL_KEYS, pastChanges } from './past-changes.ts';

/** The last deletion of a key that the history still has. */
export interface Deletion {
  readonly key: Buffer;
  /** The revision of the deletion; the key's last value is read at the one before. */
  readonly revision: number;
  /** Whether something was written under the key since. */
  readonly writtenSince: boolean;
}

/** All that was deleted while the history lasts. */
export interface Deletions {
  readonly byKey: ReadonlyMap<string, Deletion>;
  /** The oldest revision that can be read; 0 when nothing was compacted. Deletions up to it are not known. */
  readonly oldest: number;
  /** The store's revision: everything up to it was looked at. */
  readonly newest: number;
}

export interface DeletionsWanted {
  /** Only deletions after this revision. */
  readonly since?: number | undefined;
  /** Which keys are of interest; memory holds one entry for each of them that was deleted. */
  readonly wanted: (key: Buffer) => boolean;
  readonly signal?: AbortSignal;
}

/**
 * The last deletion of every key of interest, found by reading the changes since the last compaction once, in order. Keys of the
 * map are the store's, as Latin-1. Rejects with StorageError.
 */
export async function findDeletions(storage: Storage, { since, wanted, signal }: DeletionsWanted): Promise<Deletions> {
  const oldest = await compactRevision(storage);
  const { revision: newest } = await storage.range({ key: Buffer.of(0), countOnly: true });
  const byKey = new Map<string, Deletion>();
  // The first change of a store has revision 2.
  const from = Math.max(oldest + 1, (since ?? 0) + 1, 2);
  const options = { from, to: newest, ...(signal === undefined ? {} : { signal }) };
  for await (const { type, kv } of pastChanges(storage, ALL_KEYS, options)) {
    if (!wanted(kv.key)) continue;
    const name = kv.key.toString('latin1');
    if (type === 'delete') {
      byKey.set(name, { key: kv.key, revision: kv.modRevision, writtenSince: false });
      continue;
    }
    const deletion = byKey.get(name);
    if (deletion?.writtenSince === false) byKey.set(name, { ...deletion, writtenSince: true });
  }
  return { byKey, oldest, newest };
}
