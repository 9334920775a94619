import { isJsonObject } from '../model/json-value.ts';
import { decodeEnvelope } from '../model/protobuf/envelope.ts';
import { ProtobufReader } from '../model/protobuf/protobuf-reader.ts';
import { prefixRange } from './key-range.ts';
import { isProtobufValue } from './object-codec.ts';
import { collectionPrefix, type StoragePath } from './registry-keys.ts';
import type { KeyValue, RangeRequest, Storage } from './storage.ts';
import type { ValueTransformer } from './value-transformer.ts';

/** One of the owners that an object names. */
export interface NamedOwner {
  readonly uid: string;
  readonly blocks: boolean;
}

/** An object that names owners, or that does no longer (`owners` is empty then). */
export interface OwnedKey {
  /** The key below the prefix: `pods/default/web-0`. */
  readonly key: string;
  readonly owners: readonly NamedOwner[];
}

/** Which objects to look at: those of some kinds, in one namespace or ('') everywhere. */
export interface OwnerScan {
  readonly paths: readonly StoragePath[];
  readonly namespace: string;
  /** The revision to read at; absent is now. */
  readonly revision?: number | undefined;
}

const PAGE = 500;
const OPERATIONS = 128;

/**
 * Finds the objects that name owners, without decoding the rest of them. All is read at one revision, which is told. A value
 * that cannot be read names nobody.
 */
export async function scanOwners(
  storage: Storage,
  prefix: string,
  scan: OwnerScan & { readonly values: ValueTransformer },
): Promise<{ owned: OwnedKey[]; revision: number }> {
  const collections = scan.paths.map((path) => collectionPrefix(prefix, path, scan.namespace));
  const { filled, revision } = await filledRanges(storage, collections, scan.revision);
  const owned: OwnedKey[] = [];
  for (const range of filled) {
    for await (const kv of pages(storage, range, revision)) {
      const owners = ownersAt(kv, scan.values);
      if (owners.length > 0) owned.push({ key: relativeKey(prefix, kv.key), owners });
    }
  }
  return { owned, revision };
}

/** Follows what objects name as their owners, from the revision after `after` on. An object that is deleted names nobody. */
export async function* watchOwners(
  storage: Storage,
  prefix: string,
  { after, signal, values }: { after: number; signal: AbortSignal; values: ValueTransformer },
): AsyncGenerator<{ changes: OwnedKey[]; revision: number }, void, undefined> {
  const root = Buffer.from(`${prefix.replace(/\/+$/, '')}/`);
  for await (const batch of storage.watch({ ...prefixRange(root), startRevision: after + 1, signal })) {
    const changes = batch.events.map(({ type, kv }) => ({
      key: relativeKey(prefix, kv.key),
      owners: type === 'delete' ? [] : ownersAt(kv, values),
    }));
    // The first batch has no events, whatever there is to tell up to its revision.
    if (changes.length > 0) yield { changes, revision: batch.revision };
  }
}

/** Those of the collections that have any keys, asked for at once, and the revision at which they have them. */
async function filledRanges(
  storage: Storage,
  collections: readonly Buffer[],
  at: number | undefined,
): Promise<{ filled: Buffer[]; revision: number }> {
  const filled: Buffer[] = [];
  let revision = at ?? 0;
  for (let start = 0; start < collections.length; start += OPERATIONS) {
    const some = collections.slice(start, start + OPERATIONS);
    const success = some.map(
      (collection) => ({ type: 'range', ...prefixRange(collection), countOnly: true, revision }) as const,
    );
    const result = await storage.txn({ compares: [], success });
    if (revision === 0) revision = result.revision;
    for (const [index, each] of result.results.entries()) {
      const collection = some[index];
      if (collection !== undefined && each.type === 'range' && each.count > 0) filled.push(collection);
    }
  }
  return { filled, revision };
}

async function* pages(storage: Storage, collection: Buffer, revision: number): AsyncGenerator<KeyValue> {
  const { rangeEnd } = prefixRange(collection);
  let key: Uint8Array = collection;
  for (;;) {
    const request: RangeRequest = { key, rangeEnd, limit: PAGE, revision };
    const { kvs, more } = await storage.range(request);
    yield* kvs;
    const last = kvs.at(-1);
    if (!more || last === undefined) return;
    key = Buffer.concat([last.key, Buffer.of(0)]);
  }
}

function relativeKey(prefix: string, key: Buffer): string {
  return key.toString('utf8', Buffer.byteLength(prefix.replace(/\/+$/, '')) + 1);
}

function ownersAt({ key, value }: KeyValue, values: ValueTransformer): NamedOwner[] {
  try {
    return ownersIn(values.fromStorage(key, value).value);
  } catch {
    return [];
  }
}

/** The owners that a stored object names; none when the value is no object that can be read. */
export function ownersIn(value: Buffer): NamedOwner[] {
  try {
    return isProtobufValue(value) ? ownersInProtobuf(value) : ownersInJson(value);
  } catch {
    return [];
  }
}

const METADATA = 10;
const OWNER_REFERENCES = 106;
const OWNER_UID = 34;
const OWNER_BLOCKS = 56;

function ownersInProtobuf(value: Buffer): NamedOwner[] {
  const reader = new ProtobufReader(decodeEnvelope(value).raw);
  const owners: NamedOwner[] = [];
  // Every kind has its metadata first.
  if (!reader.more || reader.tag() !== METADATA) return owners;
  reader.enter();
  while (reader.more) {
    const tag = reader.tag();
    if (tag === OWNER_REFERENCES) owners.push(ownerIn(reader));
    else reader.skipUnknown('', tag);
  }
  return owners;
}

function ownerIn(reader: ProtobufReader): NamedOwner {
  const outer = reader.enter();
  let uid = '';
  let blocks = false;
  while (reader.more) {
    const tag = reader.tag();
    if (tag === OWNER_UID) uid = reader.string();
    else if (tag === OWNER_BLOCKS) blocks = reader.varint() !== 0;
    else reader.skipUnknown('', tag);
  }
  reader.leave(outer);
  return { uid, blocks };
}

function ownersInJson(value: Buffer): NamedOwner[] {
  if (!value.includes('"ownerReferences"')) return [];
  const object: unknown = JSON.parse(value.toString('utf8'));
  const metadata = isJsonObject(object) ? object['metadata'] : undefined;
  const references = isJsonObject(metadata) ? metadata['ownerReferences'] : undefined;
  if (!Array.isArray(references)) return [];
  return references.filter(isJsonObject).map(({ uid, blockOwnerDeletion }) => ({
    uid: typeof uid === 'string' ? uid : '',
    blocks: blockOwnerDeletion === true,
  }));
}
