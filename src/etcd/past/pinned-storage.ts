import { StorageError } from '../../storage/storage-error.ts';
import type {
  RangeRequest,
  RangeResult,
  Storage,
  StorageStatus,
  TxnRequest,
  TxnResult,
  WatchBatch,
  WatchRequest,
} from '../../storage/storage.ts';
import { checkRevision } from './compact-revision.ts';

/**
 * A Storage as it was at one revision: every read is of that revision, nothing happens any more, and whatever would write
 * rejects with StorageError ReadOnly. Closing it leaves the storage behind it open.
 */
export class PinnedStorage implements Storage {
  readonly #storage: Storage;
  readonly #revision: number;
  readonly #closed = new AbortController();

  /** Rejects with StorageError Compacted or FutureRevision, which say what is in reach. */
  static async open(storage: Storage, revision: number): Promise<PinnedStorage> {
    await checkRevision(storage, revision);
    return new PinnedStorage(storage, revision);
  }

  private constructor(storage: Storage, revision: number) {
    this.#storage = storage;
    this.#revision = revision;
  }

  async range(request: RangeRequest): Promise<RangeResult> {
    const result = await this.#storage.range(this.#pinned(request));
    return { ...result, revision: this.#revision };
  }

  async txn({ compares, success }: TxnRequest): Promise<TxnResult> {
    const reads = success.map((each) => {
      if (each.type !== 'range' || compares.length > 0) throw this.#readOnly();
      return { type: 'range', ...this.#pinned(each) } as const;
    });
    const { results } = await this.#storage.txn({ compares: [], success: reads });
    const pinned = results.map((each) => (each.type === 'range' ? { ...each, revision: this.#revision } : each));
    return { revision: this.#revision, succeeded: true, results: pinned };
  }

  async *watch(request: WatchRequest): AsyncGenerator<WatchBatch> {
    const signal = AbortSignal.any([this.#closed.signal, ...(request.signal === undefined ? [] : [request.signal])]);
    if (signal.aborted) return;
    yield { revision: this.#revision, events: [] };
    if (signal.aborted) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
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

  leaseTimeToLive(id: bigint): Promise<{ ttl: number; grantedTtl: number; keys: Buffer[] }> {
    return this.#storage.leaseTimeToLive(id);
  }

  async status(): Promise<StorageStatus> {
    return { ...(await this.#storage.status()), revision: this.#revision };
  }

  async close(): Promise<void> {
    this.#closed.abort();
  }

  /** A read of an older revision stays one; there is nothing newer. */
  #pinned(request: RangeRequest): RangeRequest {
    const { revision = 0 } = request;
    return { ...request, revision: revision > 0 && revision < this.#revision ? revision : this.#revision };
  }

  #readOnly(): StorageError {
    return new StorageError('ReadOnly', `the store is read as it was at revision ${this.#revision}, and only read`);
  }
}
