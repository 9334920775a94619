import { prefixRange } from './key-range.ts';
import { listObjects, type StoredCollection } from './list-objects.ts';
import { ObjectChange, type ObjectEvent, type ObjectFilter } from './object-change.ts';
import type { SharedWatch } from './shared-watch.ts';
import { StorageError } from './storage-error.ts';
import { resourceVersionTooLarge, storageStatus, watchExpired } from './storage-status.ts';
import type { KeyRange } from './storage.ts';

export interface WatchObjectsOptions {
  /** Only the object of this name, where the collection is of one namespace. */
  readonly name?: string;
  /** Starts after this revision; 0 or absent begins with an ADDED event for each object that there is. */
  readonly afterRevision?: number;
  /** Begins with the objects that there are and a bookmark after them, whatever the revision. */
  readonly sendInitialEvents?: boolean;
  readonly bookmarks?: boolean;
  readonly filter?: ObjectFilter;
  readonly signal?: AbortSignal | undefined;
}

/** A collection to follow, and the watch of the store that it shares with others; without one, the store is watched for it alone. */
type WatchedCollection = StoredCollection & {
  readonly shared?: SharedWatch | undefined;
};

/** How far behind a shared watch may begin, so that whoever comes first does not have to read its past alone. */
const SHARED_PAST = 1000;

/**
 * Follows a collection as kube-apiserver's watch does. A DELETED event has the last object, with the resourceVersion of the
 * deletion. The events of a shared watch, and their objects, are those that others get. Throws StatusError: Expired when
 * the revision is compacted, StoreReadError when a value cannot be read.
 */
export async function* watchObjects(
  collection: WatchedCollection,
  options: WatchObjectsOptions,
): AsyncGenerator<ObjectEvent, void, undefined> {
  try {
    const { revision, now } = yield* begin(collection, options);
    if (collection.shared === undefined) yield* follow(collection, options, revision);
    else yield* followShared({ ...collection, shared: collection.shared }, options, { revision, now });
  } catch (error) {
    if (error instanceof StorageError && error.code === 'Compacted') throw watchExpired(error);
    throw storageStatus(error);
  }
}

/** Follows the store after a revision until the signal aborts, or until `enough` says so of a revision that was told whole; answers that. */
async function* follow(
  collection: StoredCollection,
  options: WatchObjectsOptions,
  revision: number,
  enough?: (revision: number) => boolean,
): AsyncGenerator<ObjectEvent, number | undefined, undefined> {
  const batches = collection.storage.watch({
    ...rangeOf(collection, options.name),
    startRevision: revision + 1,
    prevKv: true,
    progress: options.bookmarks === true || enough !== undefined,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  let told = revision;
  let first = true;
  for await (const batch of batches) {
    for (const event of batch.events) {
      const change = new ObjectChange(event, collection.decode).seenThrough(options.filter);
      if (change !== undefined) yield change;
    }
    if (batch.events.length > 0) told = batch.revision;
    else if (options.bookmarks === true && batch.revision > told) {
      told = batch.revision;
      yield { type: 'BOOKMARK', revision: batch.revision, initialEventsEnd: false };
    }
    if (!first && enough?.(batch.revision) === true) return batch.revision;
    first = false;
  }
  return undefined;
}

/** Follows the shared watch, and the store by itself where the shared one does not reach back far enough. */
async function* followShared(
  collection: StoredCollection & { readonly shared: SharedWatch },
  options: WatchObjectsOptions,
  start: WatchStart,
): AsyncGenerator<ObjectEvent, void, undefined> {
  const { shared } = collection;
  const { bookmarks = false, filter, signal } = options;
  const part = shared.partOf(collection.prefix, options.name);
  let at: number | undefined = start.revision;
  shared.begin(Math.max(at, start.now - SHARED_PAST));
  while (at !== undefined) {
    const subscriber = shared.join({ part, after: at, filter, bookmarks, signal });
    if (subscriber !== undefined) {
      try {
        at = yield* subscriber.events();
      } finally {
        shared.leave(subscriber);
      }
    }
    if (at !== undefined) at = yield* follow(collection, options, at, (revision) => shared.reaches(revision));
  }
}

/** Where a watch starts: the revision after which changes are to be told, and the store's own. */
interface WatchStart {
  readonly revision: number;
  readonly now: number;
}

/** Sends what is there, where that is asked for. */
async function* begin(
  collection: WatchedCollection,
  options: WatchObjectsOptions,
): AsyncGenerator<ObjectEvent, WatchStart, undefined> {
  const { afterRevision = 0, sendInitialEvents, filter, name } = options;
  if (afterRevision > 0 && sendInitialEvents !== true) {
    const known = collection.shared?.revision ?? 0;
    if (afterRevision <= known) return { revision: afterRevision, now: known };
    const { revision: now } = await collection.storage.range({ key: collection.prefix, countOnly: true });
    if (afterRevision > now) throw resourceVersionTooLarge(afterRevision, now);
    return { revision: afterRevision, now };
  }
  const { objects, revision } = await listObjects(collection, {
    ...(filter === undefined ? {} : { filter }),
    ...(name === undefined ? {} : { name }),
    notOlderThan: afterRevision,
  });
  for (const object of objects) yield { type: 'ADDED', object, revision: Number(object.metadata.resourceVersion) };
  if (sendInitialEvents === true && options.bookmarks === true) {
    yield { type: 'BOOKMARK', revision, initialEventsEnd: true };
  }
  return { revision, now: revision };
}

function rangeOf({ prefix }: StoredCollection, name: string | undefined): KeyRange {
  return name === undefined ? prefixRange(prefix) : { key: Buffer.concat([prefix, Buffer.from(name)]) };
}
