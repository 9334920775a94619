import { expect } from 'vitest';
import { prefixRange } from '../../../src/storage/key-range.ts';
import { StorageError, type StorageErrorCode } from '../../../src/storage/storage-error.ts';
import type {
  KeyRange,
  KeyValue,
  Operation,
  Storage,
  StorageEvent,
  WatchBatch,
  WatchRequest,
} from '../../../src/storage/storage.ts';
import type { OpenedStorage } from '../storage.ts';

/** The store under test, and a fresh key prefix for each test. */
export class StorageSubject {
  opened: OpenedStorage | undefined;
  #spaces = 0;
  readonly #run = `${process.pid}-${Date.now().toString(36)}`;

  get storage(): Storage {
    if (this.opened === undefined) throw new Error('the store is not open');
    return this.opened.storage;
  }

  async second(): Promise<Storage> {
    if (this.opened === undefined) throw new Error('the store is not open');
    return this.opened.second();
  }

  space(): KeySpace {
    this.#spaces += 1;
    return new KeySpace(this.storage, `/contract/${this.#run}/${String(this.#spaces).padStart(4, '0')}/`);
  }
}

/** One test's keys: names are taken below a prefix that no other test uses. */
export class KeySpace {
  readonly storage: Storage;
  readonly prefix: string;
  readonly all: Required<KeyRange>;

  constructor(storage: Storage, prefix: string) {
    this.storage = storage;
    this.prefix = prefix;
    this.all = prefixRange(Buffer.from(prefix));
  }

  key(name: string | Uint8Array): Buffer {
    return Buffer.concat([Buffer.from(this.prefix), toBuffer(name)]);
  }

  /** Writes and tells the revision of the write. */
  async put(name: string | Uint8Array, value: string | Uint8Array, lease?: bigint): Promise<number> {
    return write(this.storage, this.putOp(name, value, lease));
  }

  /** Deletes one key and tells the revision of the deletion. */
  async delete(name: string | Uint8Array): Promise<number> {
    return write(this.storage, { type: 'delete', key: this.key(name) });
  }

  putOp(name: string | Uint8Array, value: string | Uint8Array, lease?: bigint): Operation {
    return {
      type: 'put',
      key: this.key(name),
      value: toBuffer(value),
      ...(lease === undefined ? {} : { lease }),
    };
  }

  async get(name: string | Uint8Array, revision?: number): Promise<KeyValue | undefined> {
    const result = await this.storage.range({ key: this.key(name), ...(revision === undefined ? {} : { revision }) });
    return result.kvs[0];
  }

  /** The names below the prefix, in the order in which the store gives them. */
  async names(revision?: number): Promise<string[]> {
    const result = await this.storage.range({ ...this.all, ...(revision === undefined ? {} : { revision }) });
    return result.kvs.map((kv) => this.name(kv.key));
  }

  /** `name=value` of every key below the prefix. */
  async contents(revision?: number): Promise<string[]> {
    const result = await this.storage.range({ ...this.all, ...(revision === undefined ? {} : { revision }) });
    return result.kvs.map((kv) => `${this.name(kv.key)}=${kv.value.toString()}`);
  }

  name(key: Uint8Array): string {
    return Buffer.from(key).subarray(Buffer.byteLength(this.prefix)).toString();
  }

  watch(request: Partial<WatchRequest> = {}, storage: Storage = this.storage): WatchReader {
    return new WatchReader(storage, { ...this.all, ...request });
  }
}

/** Performs one operation without conditions and tells the store's revision after it. */
export async function write(storage: Storage, ...operations: Operation[]): Promise<number> {
  const result = await storage.txn({ compares: [], success: operations });
  expect(result.succeeded).toBe(true);
  return result.revision;
}

/** Expects a StorageError with this code, and gives it. */
export async function expectStorageError(promise: Promise<unknown>, code: StorageErrorCode): Promise<StorageError> {
  const error: unknown = await promise.then(
    (value) => new Error(`expected ${code}, but the call resolved with ${String(value)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof StorageError)) throw error;
  expect(error.code).toBe(code);
  expect(error.message).not.toBe('');
  return error;
}

/** Reads a watch batch by batch, with a time limit, and checks what holds for every batch. */
export class WatchReader {
  readonly #iterator: AsyncIterator<WatchBatch>;
  readonly #abort = new AbortController();
  #delivered = 0;
  #started = false;
  #pending: Promise<IteratorResult<WatchBatch>> | undefined;

  constructor(storage: Storage, request: WatchRequest) {
    this.#iterator = storage.watch({ ...request, signal: this.#abort.signal })[Symbol.asyncIterator]();
  }

  /** The next batch, or undefined at the end. A read that runs out of time can be repeated. */
  async next(timeoutMs = 10_000): Promise<WatchBatch | undefined> {
    const reading = (this.#pending ??= this.#iterator.next());
    const result = await withTimeout(reading, timeoutMs, 'nothing arrived at the watch');
    this.#pending = undefined;
    if (result.done === true) return undefined;
    this.#check(result.value);
    return result.value;
  }

  /** The creation batch: the revision at which the watch was made. */
  async created(): Promise<number> {
    const batch = await this.next();
    expect(batch?.events).toEqual([]);
    return batch?.revision ?? 0;
  }

  /** Reads until `count` events have come; more than that is an error of the batch that brings them. */
  async events(count: number, timeoutMs = 10_000): Promise<StorageEvent[]> {
    const events: StorageEvent[] = [];
    while (events.length < count) {
      const batch = await this.next(timeoutMs);
      if (batch === undefined) throw new Error(`the watch ended after ${events.length} of ${count} events`);
      events.push(...batch.events);
    }
    expect(events).toHaveLength(count);
    return events;
  }

  /** Aborts the watch and expects it to end without error and without further events. */
  async end(): Promise<void> {
    this.#abort.abort();
    expect(await this.next()).toBeUndefined();
  }

  abort(): void {
    this.#abort.abort();
  }

  #check(batch: WatchBatch): void {
    if (this.#started) {
      let last = this.#delivered;
      for (const event of batch.events) {
        // A revision that was reported as delivered never comes again, and revisions only rise.
        expect(event.kv.modRevision).toBeGreaterThan(this.#delivered);
        expect(event.kv.modRevision).toBeGreaterThanOrEqual(last);
        last = event.kv.modRevision;
      }
      expect(batch.revision).toBeGreaterThanOrEqual(last);
      this.#delivered = batch.revision;
    }
    this.#started = true;
  }
}

/** Rejects when the promise takes longer than this. */
export async function withTimeout<T>(promise: Promise<T>, timeoutMs: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${message} within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `put name=value@modRevision` or `delete name@modRevision`: an event in one line. */
export function eventLine(space: KeySpace, event: StorageEvent): string {
  const value = event.type === 'put' ? `=${event.kv.value.toString()}` : '';
  return `${event.type} ${space.name(event.kv.key)}${value}@${event.kv.modRevision}`;
}

export function toBuffer(bytes: string | Uint8Array): Buffer {
  return typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes);
}
