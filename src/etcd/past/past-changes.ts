import type { KeyRange, Storage, StorageEvent } from '../../storage/storage.ts';
import { DatabaseStorage } from '../database/database-storage.ts';

export interface PastOptions {
  /** The first revision; nothing up to it may be compacted but itself. */
  readonly from: number;
  /** The last one: the store's, or one at which the range certainly changed. */
  readonly to: number;
  readonly signal?: AbortSignal;
}

/** All keys there can be. */
export const ALL_KEYS: Required<KeyRange> = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };

/**
 * What happened to the keys of a range between two revisions, in order. Ends by itself when `to` is reached; of a range in which
 * nothing changed at `to` it may wait, so that only ALL_KEYS may be asked up to the store's own revision. Rejects with
 * StorageError, Compacted when `from` is out of reach.
 */
export async function* pastChanges(
  storage: Storage,
  range: KeyRange,
  { from, to, signal }: PastOptions,
): AsyncGenerator<StorageEvent, void, undefined> {
  if (from > to) return;
  if (storage instanceof DatabaseStorage) return yield* storage.database.changes(range, from, to);
  const ended = new AbortController();
  const both = signal === undefined ? ended.signal : AbortSignal.any([ended.signal, signal]);
  let first = true;
  try {
    for await (const { revision, events } of storage.watch({
      ...range,
      startRevision: from,
      signal: both,
      progress: true,
    })) {
      for (const event of events) if (event.kv.modRevision <= to) yield event;
      // The first batch tells the store's revision, and of no change up to it.
      if (!first && revision >= to) return;
      first = false;
    }
    signal?.throwIfAborted();
  } finally {
    ended.abort();
  }
}
