import { setImmediate as turn } from 'node:timers/promises';
import { StorageError } from '../../storage/storage-error.ts';
import type {
  Compare,
  KeyValue,
  Operation,
  OperationResult,
  RangeRequest,
  RangeResult,
  Storage,
  StorageEvent,
  StorageStatus,
  TxnRequest,
  TxnResult,
  WatchBatch,
  WatchRequest,
} from '../../storage/storage.ts';
import type { Change, EtcdDatabase } from './etcd-database.ts';

const JUDGES: Record<Compare['result'], (order: number) => boolean> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
};

/**
 * A Storage on a database file: reads, watches of what has happened (which then stay silent), transactions that only read.
 * Whatever would write rejects with StorageError ReadOnly. Time stands still: no lease ends.
 */
export class DatabaseStorage implements Storage {
  readonly #database: EtcdDatabase;
  readonly #closed = new AbortController();

  constructor(database: EtcdDatabase) {
    this.#database = database;
  }

  /** What is read. */
  get database(): EtcdDatabase {
    return this.#database;
  }

  range(request: RangeRequest): Promise<RangeResult> {
    return this.#database.range(request);
  }

  async txn({ compares, success, failure = [] }: TxnRequest): Promise<TxnResult> {
    let succeeded = true;
    for (const compare of compares) succeeded = succeeded && (await this.#holds(compare));
    const results: OperationResult[] = [];
    for (const operation of succeeded ? success : failure) results.push(await this.#operate(operation));
    return { revision: this.#database.revision, succeeded, results };
  }

  async *watch(request: WatchRequest): AsyncGenerator<WatchBatch> {
    const { revision, compactRevision } = this.#database;
    const signal = AbortSignal.any([this.#closed.signal, ...(request.signal === undefined ? [] : [request.signal])]);
    if (signal.aborted) return;
    const range = { ...request, key: request.key.length === 0 ? Buffer.of(0) : request.key };
    const from = request.startRevision ?? 0;
    yield { revision, events: [] };
    if (from > 0 && from < compactRevision) {
      throw new StorageError(
        'Compacted',
        `required revision ${from} has been compacted; the oldest kept is ${compactRevision}`,
        { compactRevision },
      );
    }
    if (from > 0) yield* this.#past({ ...range, startRevision: from }, signal);
    await ended(signal);
  }

  async compact(): Promise<void> {
    throw this.#readOnly();
  }

  async grantLease(): Promise<{ id: bigint; ttl: number }> {
    throw this.#readOnly();
  }

  async revokeLease(): Promise<void> {
    throw this.#readOnly();
  }

  async keepLeaseAlive(): Promise<{ ttl: number }> {
    throw this.#readOnly();
  }

  async leaseTimeToLive(id: bigint): Promise<{ ttl: number; grantedTtl: number; keys: Buffer[] }> {
    const lease = this.#database.facts.leases.find((each) => each.id === id);
    if (lease === undefined) return { ttl: -1, grantedTtl: 0, keys: [] };
    const keys: Buffer[] = [];
    for await (const kv of this.#database.scan({ key: Buffer.of(0), rangeEnd: Buffer.of(0) })) {
      if (kv.lease === id) keys.push(kv.key);
    }
    return { ttl: lease.remainingTtl || lease.ttl, grantedTtl: lease.ttl, keys };
  }

  async status(): Promise<StorageStatus> {
    const { facts, revision, sizeBytes, path } = this.#database;
    const version = facts.storageVersion ?? facts.clusterVersion ?? 'unknown';
    return { driver: 'etcd', version, revision, sizeBytes, location: path };
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#database.close();
  }

  async #holds(compare: Compare): Promise<boolean> {
    const judge = JUDGES[compare.result];
    let found = false;
    for await (const kv of this.#database.scan(compare)) {
      found = true;
      if (!judge(order(compare, kv))) return false;
    }
    // etcd cannot tell an absent value from an empty one, and so compares neither.
    return found || (compare.target !== 'value' && judge(compareNumbers(0, compare.operand)));
  }

  async #operate(operation: Operation): Promise<OperationResult> {
    if (operation.type === 'range') return { type: 'range', ...(await this.#database.range(operation)) };
    throw this.#readOnly();
  }

  /** What happened since a revision, all of one revision in one batch. */
  async *#past(request: WatchRequest, signal: AbortSignal): AsyncGenerator<WatchBatch> {
    let events: StorageEvent[] = [];
    let at = 0;
    for await (const change of this.#database.changes(request, request.startRevision)) {
      if (signal.aborted) return;
      if (change.kv.modRevision !== at && events.length > 0) {
        yield { revision: at, events };
        events = [];
      }
      at = change.kv.modRevision;
      events.push(await this.#event(change, request.prevKv === true));
    }
    if (events.length > 0) yield { revision: at, events };
  }

  async #event({ type, kv }: Change, withPrevious: boolean): Promise<StorageEvent> {
    const before = kv.modRevision - 1;
    if (!withPrevious || before < this.#database.compactRevision || before < 1) return { type, kv };
    const [prevKv] = (await this.#database.range({ key: kv.key, revision: before })).kvs;
    return prevKv === undefined ? { type, kv } : { type, kv, prevKv };
  }

  #readOnly(): StorageError {
    return new StorageError('ReadOnly', `${this.#database.path} is an etcd database file, which is only read`, {
      hint: 'To change what is in it, restore it with "etcd snapshot restore" and start etcd on the result.',
    });
  }
}

function order(compare: Compare, kv: KeyValue): number {
  switch (compare.target) {
    case 'value':
      return Buffer.compare(kv.value, compare.operand);
    case 'lease':
      return compareNumbers(kv.lease, compare.operand);
    case 'version':
      return compareNumbers(kv.version, compare.operand);
    case 'create':
      return compareNumbers(kv.createRevision, compare.operand);
    case 'mod':
      return compareNumbers(kv.modRevision, compare.operand);
  }
}

function compareNumbers(one: number | bigint, other: number | bigint): number {
  if (one < other) return -1;
  return one > other ? 1 : 0;
}

async function ended(signal: AbortSignal): Promise<void> {
  await turn();
  if (signal.aborted) return;
  // A timer keeps the process alive: a promise alone does not.
  const alive = setInterval(() => undefined, 0x7f_ff_ff_ff);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  clearInterval(alive);
}
