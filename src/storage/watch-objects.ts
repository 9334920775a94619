import type { KubeObject } from '../model/kube-object.ts';
import { prefixRange } from './key-range.ts';
import { listObjects, type StoredCollection } from './list-objects.ts';
import { StorageError } from './storage-error.ts';
import { resourceVersionTooLarge, storageStatus, watchExpired } from './storage-status.ts';
import type { KeyRange, KeyValue, StorageEvent } from './storage.ts';

/** A change of a collection, or word that there was none up to a revision. */
export type ObjectEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject; readonly revision: number }
  | {
      readonly type: 'BOOKMARK';
      readonly revision: number;
      /** All objects of the initial list were sent. */ readonly initialEventsEnd: boolean;
    };

export interface WatchObjectsOptions {
  /** Only the object of this name, where the collection is of one namespace. */
  readonly name?: string;
  /** Starts after this revision; 0 or absent begins with an ADDED event for each object that there is. */
  readonly afterRevision?: number;
  /** Begins with the objects that there are and a bookmark after them, whatever the revision. */
  readonly sendInitialEvents?: boolean;
  readonly bookmarks?: boolean;
  /** Objects that do not match are unseen; one that starts or stops to match is added or deleted. */
  readonly filter?: (object: KubeObject) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Follows a collection as kube-apiserver's watch does. A DELETED event has the last object, with the resourceVersion of the
 * deletion. Throws StatusError: Expired when the revision is compacted, StoreReadError when a value cannot be read.
 */
export async function* watchObjects(
  collection: StoredCollection,
  options: WatchObjectsOptions,
): AsyncGenerator<ObjectEvent, void, undefined> {
  try {
    yield* follow(collection, options);
  } catch (error) {
    if (error instanceof StorageError && error.code === 'Compacted') throw watchExpired(error);
    throw storageStatus(error);
  }
}

async function* follow(
  collection: StoredCollection,
  options: WatchObjectsOptions,
): AsyncGenerator<ObjectEvent, void, undefined> {
  const revision = yield* begin(collection, options);
  const batches = collection.storage.watch({
    ...rangeOf(collection, options.name),
    startRevision: revision + 1,
    prevKv: true,
    progress: options.bookmarks === true,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  let told = revision;
  for await (const batch of batches) {
    for (const event of batch.events) {
      const change = toObjectEvent(collection, event, options.filter);
      if (change !== undefined) yield change;
    }
    if (batch.events.length > 0) told = batch.revision;
    else if (options.bookmarks === true && batch.revision > told) {
      told = batch.revision;
      yield { type: 'BOOKMARK', revision: batch.revision, initialEventsEnd: false };
    }
  }
}

/** Sends what is there, where that is asked for; answers the revision after which changes are to be told. */
async function* begin(
  collection: StoredCollection,
  options: WatchObjectsOptions,
): AsyncGenerator<ObjectEvent, number, undefined> {
  const { afterRevision = 0, sendInitialEvents, filter, name } = options;
  if (afterRevision > 0 && sendInitialEvents !== true) {
    const { revision: now } = await collection.storage.range({ key: collection.prefix, countOnly: true });
    if (afterRevision > now) throw resourceVersionTooLarge(afterRevision, now);
    return afterRevision;
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
  return revision;
}

function rangeOf({ prefix }: StoredCollection, name: string | undefined): KeyRange {
  return name === undefined ? prefixRange(prefix) : { key: Buffer.concat([prefix, Buffer.from(name)]) };
}

function toObjectEvent(
  collection: StoredCollection,
  event: StorageEvent,
  filter: WatchObjectsOptions['filter'],
): ObjectEvent | undefined {
  const revision = event.kv.modRevision;
  // The previous object of a deletion or of a change out of the filter is shown with the revision of the change.
  const at = (kv: KeyValue): KubeObject => collection.decode({ ...kv, modRevision: revision });
  const { prevKv } = event;
  const matches = (object: KubeObject | undefined): boolean =>
    object !== undefined && (filter === undefined || filter(object));
  if (event.type === 'delete') {
    if (prevKv === undefined) return undefined;
    const object = at(prevKv);
    return matches(object) ? { type: 'DELETED', object, revision } : undefined;
  }
  const object = at(event.kv);
  if (filter === undefined) return { type: prevKv === undefined ? 'ADDED' : 'MODIFIED', object, revision };
  const before = prevKv === undefined ? undefined : at(prevKv);
  if (matches(object)) return { type: matches(before) ? 'MODIFIED' : 'ADDED', object, revision };
  return before !== undefined && matches(before) ? { type: 'DELETED', object: before, revision } : undefined;
}
