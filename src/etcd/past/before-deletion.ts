import { StorageError } from '../../storage/storage-error.ts';
import type { Storage } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';
import { storedValue, type StoredValue } from '../stored-value.ts';

/** A value of the past, decoded. */
export interface PastValue {
  readonly stored: StoredValue;
  /** The revision that wrote it. */
  readonly modRevision: number;
  /** A revision at which it was still so; the last one, when a deletion began after it. */
  readonly heldAt: number;
  /** Whether an earlier state, from before its deletion began, has been compacted. */
  readonly cutShort: boolean;
}

/**
 * The value that a key had at a revision; of an object whose deletion was under way then, as it was before that began, for
 * while it lasts controllers take the object apart. Undefined when there was no value. Rejects with StorageError.
 */
export async function valueBeforeDeletion(
  { storage, values }: { storage: Storage; values: ValueTransformer },
  key: Buffer,
  revision: number,
): Promise<PastValue | undefined> {
  let found: PastValue | undefined;
  for (let at = revision; at > 0;) {
    let kvs;
    try {
      ({ kvs } = await storage.range({ key, revision: at }));
    } catch (error) {
      if (found === undefined || !(error instanceof StorageError) || error.code !== 'Compacted') throw error;
      return { ...found, cutShort: true };
    }
    const [kv] = kvs;
    if (kv === undefined) return found;
    const stored = storedValue(kv, values);
    found = { stored, modRevision: kv.modRevision, heldAt: at, cutShort: false };
    if (stored.type !== 'object' || stored.object.metadata.deletionTimestamp === undefined) return found;
    // One that was created with the mark has no earlier state.
    if (kv.modRevision === kv.createRevision) return found;
    at = kv.modRevision - 1;
  }
  return found;
}
