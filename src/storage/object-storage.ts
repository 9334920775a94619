import { deepClone } from '../model/deep-clone.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { protobufCodec } from '../model/protobuf/protobuf-codec.ts';
import { alreadyExists, internalError, notFound } from '../model/status-errors.ts';
import { type CreateCompanion, createConditions, type CreateOptions, GuardChanged } from './create-options.ts';
import { checkPreconditions, type Preconditions } from './preconditions.ts';
import { prefixRange } from './key-range.ts';
import { type ListedObjects, listObjects, type ListObjectsOptions, type StoredCollection } from './list-objects.ts';
import {
  type DecodedObject,
  decodeStored,
  encodeStored,
  type ObjectEncoding,
  type ProtobufCodec,
} from './object-codec.ts';
import { type OwnedKey, type OwnerScan, scanOwners, watchOwners } from './owner-scan.ts';
import { collectionPrefix, objectKey } from './registry-keys.ts';
import { storageStatus, storeReadError } from './storage-status.ts';
import type { Compare, KeyValue, Operation, Storage, TxnRequest, TxnResult } from './storage.ts';
import type { ObjectName, StoredKind } from './stored-kind.ts';
import { StoredValue, withRevision, wouldLose } from './stored-value.ts';
import { withUnknownFields } from './with-unknown-fields.ts';
import { type OpenedValue, plainValues, type ValueTransformer } from './value-transformer.ts';
import type { ObjectEvent } from './object-change.ts';
import type { SharedWatch } from './shared-watch.ts';
import { watchObjects, type WatchObjectsOptions } from './watch-objects.ts';

export type { ListedObjects, ListObjectsOptions } from './list-objects.ts';
export { type CreateCompanion, type CreateGuard, type CreateOptions, GuardChanged } from './create-options.ts';
export type { ObjectName, StoredKind } from './stored-kind.ts';
export type { Preconditions } from './preconditions.ts';
export type { OwnedKey, OwnerScan } from './owner-scan.ts';
export type { StoragePath } from './registry-keys.ts';
export type { ObjectEvent } from './object-change.ts';
export type { WatchObjectsOptions } from './watch-objects.ts';

/** An object as it is stored now: in its stored version, with metadata.resourceVersion. */
export interface StoredObject {
  readonly object: KubeObject;
  readonly revision: number;
}

/** What an update makes of the stored object. */
export type UpdateResult =
  | {
      readonly type: 'write';
      readonly object: KubeObject;
      /** Written with it, or none of them; where one of them is not as it was read, the update is made anew. */
      readonly also?: readonly CreateCompanion[];
    }
  /** Deletes it, as the update took its last finalizer; `object` is the answer. */
  | { readonly type: 'delete'; readonly object: KubeObject };

export interface UpdateOptions {
  readonly preconditions?: Preconditions | undefined;
  readonly dryRun?: boolean | undefined;
  /** What the caller read just now, which saves the first read; a stale one is read again. */
  readonly cached?: StoredObject | undefined;
  /** Makes the new object from a copy of the stored one (undefined: there is none); is called again after a lost race. */
  readonly update: (current: KubeObject | undefined) => Promise<UpdateResult> | UpdateResult;
  /** Is told the revision of the deletion when the update deleted the object. */
  readonly deletedAt?: (revision: number) => void;
}

export interface DeleteOptions {
  readonly preconditions?: Preconditions | undefined;
  readonly dryRun?: boolean | undefined;
  readonly cached?: StoredObject | undefined;
}

export interface ObjectStorageOptions {
  readonly storage: Storage;
  /** What all keys begin with: `/registry`. */
  readonly prefix?: string;
  /** Absent: the codec of the built-in kinds. */
  readonly protobuf?: ProtobufCodec;
  /** Encryption at rest; absent: none. */
  readonly values?: ValueTransformer | undefined;
}

/**
 * Kubernetes objects over a Storage, under kube-apiserver's keys and in its encodings. Objects that come out share nothing
 * with the store or with each other, have their fields in the order of their stored form, and carry the mod revision as
 * metadata.resourceVersion; what goes in is not changed. Failures reject with StatusError; a StorageError behind one is its
 * cause. No method converts between API versions.
 */
export class ObjectStorage {
  readonly #storage: Storage;
  readonly #prefix: string;
  readonly #protobuf: ProtobufCodec;
  readonly #values: ValueTransformer;
  readonly #shared = new Map<string, SharedWatch>();

  constructor(options: ObjectStorageOptions) {
    this.#storage = options.storage;
    this.#prefix = options.prefix ?? '/registry';
    this.#protobuf = options.protobuf ?? protobufCodec;
    this.#values = options.values ?? plainValues;
  }

  /** The object, or undefined when there is none. */
  async get(kind: StoredKind, name: ObjectName): Promise<StoredObject | undefined> {
    const { kvs } = await this.#try(this.#storage.range({ key: this.#key(kind, name) }));
    const found = kvs[0];
    return found === undefined ? undefined : this.#stored(kind, found);
  }

  /** Objects in key order at one revision; an empty namespace is all namespaces. */
  async list(kind: StoredKind, namespace: string, options: ListObjectsOptions = {}): Promise<ListedObjects> {
    return this.#try(listObjects(this.#collection(kind, namespace), options));
  }

  /** How many objects there are. */
  async count(kind: StoredKind, namespace: string): Promise<number> {
    const prefix = collectionPrefix(this.#prefix, kind, namespace);
    const { count } = await this.#try(this.#storage.range({ ...prefixRange(prefix), countOnly: true }));
    return count;
  }

  /** Whether there is any key that begins with one of some texts after the prefix: `validating`. */
  async hasKeys(beginnings: readonly string[]): Promise<boolean> {
    const counts = beginnings.map(async (beginning) => {
      const range = prefixRange(Buffer.from(`${this.#prefix}/${beginning}`));
      return (await this.#try(this.#storage.range({ ...range, countOnly: true }))).count;
    });
    return (await Promise.all(counts)).some((count) => count > 0);
  }

  /** Stores a new object. Rejects with AlreadyExists. A dry run answers the same, without a resourceVersion. */
  async create(
    kind: StoredKind,
    name: ObjectName,
    object: KubeObject,
    options: CreateOptions = {},
  ): Promise<KubeObject> {
    const key = this.#key(kind, name);
    const value = this.#encode(object, kind.encoding);
    if (options.dryRun === true) {
      const { count } = await this.#try(this.#storage.range({ key, countOnly: true }));
      if (count > 0) throw alreadyExists(kind.resource, name.name);
      return this.#answer(kind, key, value, undefined);
    }
    const conditions = createConditions(this.#prefix, options);
    const result = await this.#txn({
      compares: [{ key, target: 'version', result: '=', operand: 0 }, ...conditions],
      success: [this.#put(key, value), ...this.#putAll(options.also)],
      failure: [{ type: 'range', key, countOnly: true }],
    });
    if (result.succeeded) return this.#answer(kind, key, value, result.revision);
    const existing = result.results[0];
    if (conditions.length > 0 && existing?.type === 'range' && existing.count === 0) throw new GuardChanged();
    throw alreadyExists(kind.resource, name.name);
  }

  /** Stores those of the objects that are missing, in one transaction when all are. Tells whether it wrote. */
  async createMissing(entries: readonly { kind: StoredKind; name: ObjectName; object: KubeObject }[]): Promise<void> {
    const writes = entries.map(({ kind, name, object }) => {
      return this.#put(this.#key(kind, name), this.#encode(object, kind.encoding));
    });
    const missing = (key: Buffer): Compare => ({ key, target: 'version', result: '=', operand: 0 });
    const result = await this.#txn({
      compares: writes.map(({ key }) => missing(key)),
      success: writes,
    });
    if (result.succeeded) return;
    for (const write of writes) await this.#txn({ compares: [missing(write.key)], success: [write] });
  }

  /**
   * kube-apiserver's guaranteed update: reads, lets `update` make the new object, and writes it if nobody wrote in between;
   * otherwise again. Nothing is written when the bytes stay the same. Rejects with NotFound when there is no object (unless
   * `update` makes one) and with Conflict when a precondition fails.
   */
  async update(kind: StoredKind, name: ObjectName, options: UpdateOptions): Promise<KubeObject> {
    const key = this.#key(kind, name);
    let current = options.cached ?? (await this.get(kind, name));
    let fresh = options.cached === undefined;
    for (;;) {
      try {
        const done = await this.#updateOnce({ kind, name, key, current, options });
        if (done !== undefined) return done;
      } catch (error) {
        if (fresh) throw error;
      }
      current = await this.get(kind, name);
      fresh = true;
    }
  }

  /** Deletes an object and answers it as it was, with the deletion's revision. Rejects with NotFound or Conflict. */
  async delete(kind: StoredKind, name: ObjectName, options: DeleteOptions = {}): Promise<KubeObject> {
    const key = this.#key(kind, name);
    let current = options.cached ?? (await this.get(kind, name));
    let fresh = options.cached === undefined;
    for (;;) {
      if (current === undefined) throw notFound(kind.resource, name.name);
      try {
        checkPreconditions({ kind, name: name.name, key }, current.object, options.preconditions);
      } catch (error) {
        if (fresh) throw error;
        current = await this.get(kind, name);
        fresh = true;
        continue;
      }
      if (options.dryRun === true) return deepClone(current.object);
      const { revision, succeeded } = await this.#compareAndWrite(key, current.revision, { type: 'delete', key });
      if (succeeded) return withRevision(deepClone(current.object), revision);
      current = await this.get(kind, name);
      fresh = true;
    }
  }

  /** Follows the objects of a collection, or one object. See WatchObjectsOptions for where it starts. */
  watch(kind: StoredKind, namespace: string, options: WatchObjectsOptions): AsyncIterable<ObjectEvent> {
    return watchObjects(this.#collection(kind, namespace), options);
  }

  /**
   * As `watch`, for servers with many watchers: the store is watched once for all of a collection, and its events and their
   * objects are given to each of them, who must not change them.
   */
  async *watchShared(
    kind: StoredKind,
    namespace: string,
    options: WatchObjectsOptions,
  ): AsyncGenerator<ObjectEvent, void, undefined> {
    const all = this.#collection(kind, '');
    const id = `${kind.encoding} ${all.prefix.toString('utf8')}`;
    let shared = this.#shared.get(id);
    if (shared === undefined) {
      const module = await import('./shared-watch.ts');
      shared = this.#shared.get(id) ?? new module.SharedWatch(all);
      this.#shared.set(id, shared);
    }
    yield* watchObjects({ ...this.#collection(kind, namespace), shared }, options);
  }

  /** The objects that name owners, of some kinds and at one revision; only that part of them is decoded. */
  scanOwners(scan: OwnerScan): Promise<{ owned: OwnedKey[]; revision: number }> {
    return this.#try(scanOwners(this.#storage, this.#prefix, { ...scan, values: this.#values }));
  }

  /** Every change of which owners objects name, after a revision. Throws Expired when that revision is compacted. */
  async *watchOwners(
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<{ changes: OwnedKey[]; revision: number }, void, undefined> {
    try {
      yield* watchOwners(this.#storage, this.#prefix, { after, signal, values: this.#values });
    } catch (error) {
      throw storageStatus(error);
    }
  }

  /** The store's revision now. */
  async revision(): Promise<number> {
    const { revision } = await this.#try(
      this.#storage.range({ key: Buffer.from(`${this.#prefix}/`), countOnly: true }),
    );
    return revision;
  }

  #collection(kind: StoredKind, namespace: string): StoredCollection {
    const prefix = collectionPrefix(this.#prefix, kind, namespace);
    const decode = (kv: KeyValue): KubeObject => this.#decode(kind, kv).object;
    return { storage: this.#storage, prefix, resource: kind.resource, decode };
  }

  async #updateOnce(attempt: UpdateAttempt): Promise<KubeObject | undefined> {
    const { kind, name, key, current, options } = attempt;
    if (current !== undefined) {
      checkPreconditions({ kind, name: name.name, key }, current.object, options.preconditions);
    }
    const result = await options.update(current === undefined ? undefined : deepClone(current.object));
    if (result.type === 'write') return this.#writeUpdate(attempt, result);
    if (options.dryRun === true) return result.object;
    const done = await this.#compareAndWrite(key, current?.revision ?? 0, { type: 'delete', key });
    if (!done.succeeded) return undefined;
    options.deletedAt?.(done.revision);
    return result.object;
  }

  async #writeUpdate(
    attempt: UpdateAttempt,
    { object, also }: Extract<UpdateResult, { type: 'write' }>,
  ): Promise<KubeObject | undefined> {
    const { kind, key, current, options } = attempt;
    const stored = current instanceof StoredValue ? current : undefined;
    let value = this.#encode(object, stored?.encoding ?? kind.encoding);
    if (stored?.stale === false && value.equals(stored.value)) return this.#answer(kind, key, value, stored.revision);
    if (stored !== undefined && wouldLose(kind, stored)) {
      // What is known of it may be as it was, and then nothing is lost.
      const known = this.#encode(stored.object, stored.encoding);
      if (!stored.stale && value.equals(known)) return this.#answer(kind, key, value, stored.revision);
      value = this.#reading(kind, key, () => withUnknownFields(this.#protobuf, stored, value));
    }
    if (options.dryRun === true) return this.#answer(kind, key, value, current?.revision);
    const done = await this.#txn({
      compares: [
        { key, target: 'mod', result: '=', operand: current?.revision ?? 0 },
        ...createConditions(this.#prefix, { also }),
      ],
      success: [this.#put(key, value), ...this.#putAll(also)],
    });
    return done.succeeded ? this.#answer(kind, key, value, done.revision) : undefined;
  }

  #compareAndWrite(key: Buffer, revision: number, write: Operation): Promise<TxnResult> {
    return this.#txn({ compares: [{ key, target: 'mod', result: '=', operand: revision }], success: [write] });
  }

  #txn(request: TxnRequest): Promise<TxnResult> {
    return this.#try(this.#storage.txn(request));
  }

  async #try<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw storageStatus(error);
    }
  }

  #key(kind: StoredKind, { namespace, name }: ObjectName): Buffer {
    return objectKey(this.#prefix, kind, namespace, name);
  }

  #encode(object: KubeObject, encoding: ObjectEncoding): Buffer {
    const { resourceVersion: _stored, ...metadata } = object.metadata;
    return encodeStored({ ...object, metadata }, encoding, this.#protobuf);
  }

  /** Writes a value, encrypted where that is configured. Throws InternalError when that cannot be done. */
  #put(key: Buffer, value: Buffer): Operation & { readonly type: 'put'; readonly key: Buffer } {
    try {
      return { type: 'put', key, value: this.#values.toStorage(key, value) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw internalError(`unable to transform key ${JSON.stringify(key.toString('utf8'))}: ${why}`);
    }
  }

  #putAll(companions: readonly CreateCompanion[] = []): Operation[] {
    return companions.map(({ kind, name, object }) =>
      this.#put(this.#key(kind, name), this.#encode(object, kind.encoding)),
    );
  }

  #decode(kind: StoredKind, kv: KeyValue): DecodedObject & OpenedValue {
    return this.#reading(kind, kv.key, () => {
      const opened = this.#values.fromStorage(kv.key, kv.value);
      return { ...this.#decodePlain(kind, opened.value, kv.modRevision), ...opened };
    });
  }

  #decodePlain(kind: StoredKind, value: Buffer, revision: number): DecodedObject {
    const decoded = decodeStored(value, kind.encoding === 'sorted-json' ? 'sorted-json' : 'json', this.#protobuf);
    if (revision > 0) withRevision(decoded.object, revision);
    return decoded;
  }

  #reading<T>(kind: StoredKind, key: Buffer, read: () => T): T {
    try {
      return read();
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      throw storeReadError(kind.resource, [{ key: key.toString('utf8'), cause }]);
    }
  }

  #stored(kind: StoredKind, kv: KeyValue): StoredValue {
    return new StoredValue(this.#decode(kind, kv), kv.modRevision);
  }

  #answer(kind: StoredKind, key: Buffer, value: Buffer, revision: number | undefined): KubeObject {
    return this.#reading(kind, key, () => this.#decodePlain(kind, value, revision ?? 0)).object;
  }
}

/** One try of an update. */
interface UpdateAttempt {
  readonly kind: StoredKind;
  readonly name: ObjectName;
  readonly key: Buffer;
  readonly current: StoredObject | undefined;
  readonly options: UpdateOptions;
}
