import type { KubeObject } from '../model/kube-object.ts';
import type { GroupResource } from '../model/status-errors.ts';
import { type StatusCause, StatusError } from '../model/status.ts';
import { decodeContinueToken, encodeContinueToken } from './continue-token.ts';
import { prefixRange } from './key-range.ts';
import { StorageError } from './storage-error.ts';
import { continueExpired, resourceVersionTooLarge, storeReadError } from './storage-status.ts';
import type { KeyValue, RangeResult, Storage } from './storage.ts';

export interface ListObjectsOptions {
  /** Only the object of this name, where the collection is of one namespace; spares looking at the others. */
  readonly name?: string;
  readonly limit?: number;
  readonly continue?: string;
  /** The revision to read at exactly. */
  readonly revision?: number;
  /** The list must be at least as new as this. */
  readonly notOlderThan?: number;
  /** Leaves objects out; the limit counts what is left. */
  readonly filter?: (object: KubeObject) => boolean;
}

export interface ListedObjects {
  readonly objects: KubeObject[];
  readonly revision: number;
  readonly continue?: string;
  /** Absent with a filter, as nobody knows then. */
  readonly remainingItemCount?: number;
}

/** A collection of objects in a store. */
export interface StoredCollection {
  readonly storage: Storage;
  /** What its keys begin with, with the last slash. */
  readonly prefix: Buffer;
  readonly resource: GroupResource;
  /** Throws StatusError (StoreReadError) when the value cannot be read. */
  readonly decode: (kv: KeyValue) => KubeObject;
}

const FEWEST_A_READ = 100;

/**
 * Lists a collection as kube-apiserver does: in key order, at one revision over all pages. Rejects with Expired for a
 * token or revision that is compacted, and with StoreReadError naming each value that cannot be read.
 */
export async function listObjects(collection: StoredCollection, options: ListObjectsOptions): Promise<ListedObjects> {
  if (options.name !== undefined) return listOne(collection, options.name, options);
  const { limit = 0, filter } = options;
  const { rangeEnd } = prefixRange(collection.prefix);
  let { key, revision } = startOf(collection, options);
  const objects: KubeObject[] = [];
  const page = filter === undefined || limit === 0 ? limit : Math.max(limit, FEWEST_A_READ);
  for (;;) {
    const result = await read(collection, { key, rangeEnd, limit: page, revision });
    if (revision === 0) revision = newEnough(result.revision, options);
    const taken = take(collection, result.kvs, objects, { limit, filter });
    const last = result.kvs[taken - 1];
    const rest = result.more || taken < result.kvs.length;
    if (!rest || last === undefined) return { objects, revision };
    key = Buffer.concat([last.key, Buffer.from([0])]);
    if (limit > 0 && objects.length >= limit) {
      const startKey = key.subarray(collection.prefix.length).toString('utf8');
      const remaining = filter === undefined ? { remainingItemCount: result.count - taken } : {};
      return { objects, revision, continue: encodeContinueToken({ startKey, revision }), ...remaining };
    }
  }
}

/** Where a list begins; revision 0 is now. */
function startOf({ prefix }: StoredCollection, options: ListObjectsOptions): { key: Buffer; revision: number } {
  if (options.continue === undefined) return { key: prefix, revision: options.revision ?? 0 };
  const token = decodeContinueToken(options.continue);
  return { key: Buffer.concat([prefix, Buffer.from(token.startKey)]), revision: Math.max(token.revision, 0) };
}

/** The revision that was read, unless the list was to be newer. */
function newEnough(revision: number, { notOlderThan = 0 }: ListObjectsOptions): number {
  if (notOlderThan > revision) throw resourceVersionTooLarge(notOlderThan, revision);
  return revision;
}

/** A list of at most one object. */
async function listOne(
  collection: StoredCollection,
  name: string,
  options: ListObjectsOptions,
): Promise<ListedObjects> {
  const key = Buffer.concat([collection.prefix, Buffer.from(name)]);
  const result = await read(collection, { key, limit: 0, revision: options.revision ?? 0 });
  const revision = newEnough(options.revision ?? result.revision, options);
  const objects: KubeObject[] = [];
  take(collection, result.kvs, objects, { limit: 0, filter: options.filter });
  return { objects, revision };
}

/** Decodes values into `objects` until the limit is reached, and tells how many values it looked at. */
function take(
  collection: StoredCollection,
  kvs: readonly KeyValue[],
  objects: KubeObject[],
  { limit, filter }: { limit: number; filter: ListObjectsOptions['filter'] },
): number {
  const unreadable: { key: string; cause: Error }[] = [];
  let looked = 0;
  for (const kv of kvs) {
    looked++;
    try {
      const object = collection.decode(kv);
      if (filter === undefined || filter(object)) objects.push(object);
    } catch (error) {
      unreadable.push({ key: kv.key.toString('utf8'), cause: readCause(error) });
    }
    if (limit > 0 && objects.length >= limit) break;
  }
  const [first, ...others] = unreadable;
  if (first !== undefined) throw storeReadError(collection.resource, [first, ...others]);
  return looked;
}

function readCause(error: unknown): Error {
  if (!(error instanceof StatusError) || error.reason !== 'StoreReadError') throw error;
  const cause: StatusCause | undefined = error.status.details?.causes?.[0];
  return new Error(cause?.message ?? error.message);
}

async function read(
  { storage, prefix }: StoredCollection,
  request: { key: Buffer; rangeEnd?: Uint8Array; limit: number; revision: number },
): Promise<RangeResult> {
  try {
    return await storage.range(request);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (error.code === 'FutureRevision') {
      const now = await storage.range({ key: prefix, countOnly: true });
      throw resourceVersionTooLarge(request.revision, now.revision);
    }
    const inside = request.rangeEnd !== undefined && request.key.length > prefix.length;
    if (error.code !== 'Compacted' || !inside) throw error;
    const startKey = request.key.subarray(prefix.length).toString('utf8');
    throw continueExpired(encodeContinueToken({ startKey, revision: -1 }), error);
  }
}
