import { StorageError } from '../../src/storage/storage-error.ts';
import type {
  Compare,
  KeyRange,
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
} from '../../src/storage/storage.ts';

interface Change extends StorageEvent {
  readonly revision: number;
}

/**
 * A Storage in memory, for tests of what stands above one: revisions, transactions, history, compaction and watches; no
 * leases. It counts the calls, so that a test can say how many round trips something takes.
 */
export class MemoryStorage implements Storage {
  readonly calls: string[] = [];
  /** Runs before each call; throwing makes the call fail. */
  before: ((method: string, request: unknown) => void | Promise<void>) | undefined;
  #revision = 1;
  #compacted = 0;
  readonly #history: Change[] = [];
  readonly #wake = new Set<() => void>();
  #closed = false;

  get revision(): number {
    return this.#revision;
  }

  async range(request: RangeRequest): Promise<RangeResult> {
    await this.#called('range', request);
    return this.#range(request);
  }

  async txn(request: TxnRequest): Promise<TxnResult> {
    await this.#called('txn', request);
    const succeeded = request.compares.every((compare) => this.#holds(compare));
    const operations = succeeded ? request.success : (request.failure ?? []);
    for (const operation of operations) {
      if (operation.type === 'put' && operation.value.length > 1.5 * 1024 * 1024) {
        throw new StorageError('TooLarge', 'etcdserver: request is too large');
      }
    }
    const next = this.#revision + 1;
    const results = operations.map((operation) => this.#apply(operation, next));
    if (this.#history.at(-1)?.revision === next) this.#revision = next;
    for (const wake of this.#wake) wake();
    return { revision: this.#revision, succeeded, results };
  }

  async *watch(request: WatchRequest): AsyncGenerator<WatchBatch> {
    this.calls.push('watch');
    let at = request.startRevision ?? this.#revision + 1;
    if (at <= this.#compacted) throw compacted(this.#compacted);
    yield { revision: Math.min(this.#revision, at - 1), events: [] };
    while (!this.#closed && request.signal?.aborted !== true) {
      const events = this.#history.filter((change) => change.revision >= at && inRange(change.kv.key, request));
      const upTo = this.#revision;
      for (const revision of new Set(events.map((event) => event.revision))) {
        yield { revision, events: events.filter((event) => event.revision === revision) };
      }
      const moved = upTo >= at;
      at = Math.max(at, upTo + 1);
      if (moved && events.length === 0 && request.progress === true) yield { revision: upTo, events: [] };
      if (this.#revision < at) await this.#change(request.signal);
    }
  }

  async compact(revision: number): Promise<void> {
    await this.#called('compact', revision);
    if (revision <= this.#compacted) throw compacted(this.#compacted);
    if (revision > this.#revision) {
      throw new StorageError('FutureRevision', 'etcdserver: mvcc: required revision is a future revision');
    }
    this.#compacted = revision;
  }

  grantLease(): Promise<{ id: bigint; ttl: number }> {
    return Promise.reject(new Error('the memory store of the tests has no leases'));
  }

  revokeLease(): Promise<void> {
    return Promise.reject(new Error('the memory store of the tests has no leases'));
  }

  keepLeaseAlive(): Promise<{ ttl: number }> {
    return Promise.reject(new Error('the memory store of the tests has no leases'));
  }

  leaseTimeToLive(): Promise<{ ttl: number; grantedTtl: number; keys: Buffer[] }> {
    return Promise.reject(new Error('the memory store of the tests has no leases'));
  }

  async status(): Promise<StorageStatus> {
    await this.#called('status', undefined);
    return { driver: 'local', version: 'memory', revision: this.#revision, sizeBytes: 0, location: 'memory' };
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const wake of this.#wake) wake();
    return Promise.resolve();
  }

  async #called(method: string, request: unknown): Promise<void> {
    this.calls.push(method);
    await this.before?.(method, request);
  }

  #range(request: RangeRequest): RangeResult {
    const at = request.revision === undefined || request.revision === 0 ? this.#revision : request.revision;
    if (at > this.#revision) {
      throw new StorageError('FutureRevision', 'etcdserver: mvcc: required revision is a future revision');
    }
    if (at < this.#compacted) throw compacted(this.#compacted);
    const found = new Map<string, KeyValue>();
    for (const change of this.#history) {
      if (change.revision > at || !inRange(change.kv.key, request)) continue;
      if (change.type === 'put') found.set(change.kv.key.toString('latin1'), change.kv);
      else found.delete(change.kv.key.toString('latin1'));
    }
    const all = [...found.values()].sort((a, b) => Buffer.compare(a.key, b.key));
    const limit = request.limit === undefined || request.limit === 0 ? all.length : request.limit;
    const kvs = request.countOnly === true ? [] : all.slice(0, limit);
    const shown = request.keysOnly === true ? kvs.map((kv) => ({ ...kv, value: Buffer.alloc(0) })) : kvs;
    return {
      revision: this.#revision,
      kvs: shown,
      count: all.length,
      more: request.countOnly !== true && all.length > limit,
    };
  }

  #apply(operation: Operation, revision: number): OperationResult {
    if (operation.type === 'range') return { type: 'range', ...this.#range(operation) };
    const before = this.#range({
      key: operation.key,
      ...(operation.type === 'delete' && operation.rangeEnd ? { rangeEnd: operation.rangeEnd } : {}),
    }).kvs;
    if (operation.type === 'put') {
      const prev = before[0];
      const kv: KeyValue = {
        key: Buffer.from(operation.key),
        value: Buffer.from(operation.value),
        createRevision: prev?.createRevision ?? revision,
        modRevision: revision,
        version: (prev?.version ?? 0) + 1,
        lease: 0n,
      };
      this.#history.push({ type: 'put', kv, revision, ...(prev ? { prevKv: prev } : {}) });
      this.#revision = revision;
      return { type: 'put', ...(prev && operation.prevKv === true ? { prevKv: prev } : {}) };
    }
    for (const prev of before) {
      const kv = {
        key: prev.key,
        value: Buffer.alloc(0),
        createRevision: 0,
        modRevision: revision,
        version: 0,
        lease: 0n,
      };
      this.#history.push({ type: 'delete', kv, prevKv: prev, revision });
      this.#revision = revision;
    }
    return { type: 'delete', deleted: before.length, prevKvs: operation.prevKv === true ? before : [] };
  }

  #holds(compare: Compare): boolean {
    const found = this.#range({ key: compare.key, ...(compare.rangeEnd ? { rangeEnd: compare.rangeEnd } : {}) }).kvs;
    const missing: KeyValue = {
      key: Buffer.alloc(0),
      value: Buffer.alloc(0),
      createRevision: 0,
      modRevision: 0,
      version: 0,
      lease: 0n,
    };
    return (found.length === 0 ? [missing] : found).every((kv) => {
      const order = orderOf(compare, kv);
      return { '=': order === 0, '!=': order !== 0, '<': order < 0, '>': order > 0 }[compare.result];
    });
  }

  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#wake.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#wake.add(done);
      signal?.addEventListener('abort', done);
      if (signal?.aborted === true || this.#closed) done();
    });
  }
}

function orderOf(compare: Compare, kv: KeyValue): number {
  switch (compare.target) {
    case 'version':
      return kv.version - compare.operand;
    case 'create':
      return kv.createRevision - compare.operand;
    case 'mod':
      return kv.modRevision - compare.operand;
    case 'lease':
      return Number(kv.lease - compare.operand);
    case 'value':
      return Buffer.compare(kv.value, compare.operand);
  }
}

function inRange(key: Buffer, range: KeyRange): boolean {
  if (range.rangeEnd === undefined) return Buffer.compare(key, range.key) === 0;
  if (Buffer.compare(key, range.key) < 0) return false;
  return (range.rangeEnd.length === 1 && range.rangeEnd[0] === 0) || Buffer.compare(key, range.rangeEnd) < 0;
}

function compacted(compactRevision: number): StorageError {
  return new StorageError('Compacted', 'etcdserver: mvcc: required revision has been compacted', { compactRevision });
}
