import type { KeyValue, Storage, StorageEvent } from '../../storage/storage.ts';
import { DatabaseStorage } from '../database/database-storage.ts';
import { compactRevision } from './compact-revision.ts';
import { ALL_KEYS, pastChanges } from './past-changes.ts';

/** All that a store keeps of one key. */
export interface KeyHistory {
  /** The oldest revision that can be read; 0 when nothing was compacted. */
  readonly compactRevision: number;
  /** The store's revision when this was read. */
  readonly revision: number;
  /** Oldest first, one at a time. The first one may be of the time before the compaction. */
  readonly changes: AsyncIterable<StorageEvent>;
}

/**
 * Reads the history of a key, each change once, in time that grows with their number. A live store is watched from where its
 * past begins: all of it when the key does not exist any more, for nothing else tells when it was deleted. Rejects with
 * StorageError.
 */
export async function keyHistory(storage: Storage, key: Buffer, signal?: AbortSignal): Promise<KeyHistory> {
  const now = await storage.range({ key });
  const compacted = await compactRevision(storage);
  const of = { storage, key, compacted, revision: now.revision, ...(signal === undefined ? {} : { signal }) };
  return { compactRevision: compacted, revision: now.revision, changes: changes(of, now.kvs[0]) };
}

interface Past {
  readonly storage: Storage;
  readonly key: Buffer;
  readonly compacted: number;
  readonly revision: number;
  readonly signal?: AbortSignal;
}

async function* changes(past: Past, current: KeyValue | undefined): AsyncGenerator<StorageEvent> {
  const { storage, key, compacted, revision, signal } = past;
  if (storage instanceof DatabaseStorage) {
    // The file may still have what etcd itself no longer answers with.
    for (const { type, kv } of await storage.database.history(key)) yield { type, kv };
    return;
  }
  if (current !== undefined && current.modRevision <= compacted) {
    yield { type: 'put', kv: current };
    return;
  }
  const [base] = compacted === 0 ? [] : (await storage.range({ key, revision: compacted })).kvs;
  if (base !== undefined) yield { type: 'put', kv: base };
  const since = { from: compacted + 1, ...(signal === undefined ? {} : { signal }) };
  if (current !== undefined) {
    yield* pastChanges(storage, { key }, { ...since, to: current.modRevision });
    return;
  }
  for await (const event of pastChanges(storage, ALL_KEYS, { ...since, to: revision })) {
    if (event.kv.key.equals(key)) yield event;
  }
}
