import { StorageError } from '../../storage/storage-error.ts';
import type {
  KeyRange,
  Operation,
  RangeRequest,
  RangeResult,
  ServerHeader,
  Storage,
  StorageStatus,
  TxnRequest,
  TxnResult,
  WatchBatch,
  WatchRequest,
} from '../../storage/storage.ts';
import { KeptValues } from '../undo/kept-values.ts';
import type { UndoJournal } from '../undo/undo-journal.ts';
import type { LiveServer } from './live-servers.ts';

export interface GuardOptions {
  readonly storage: Storage;
  /** `/registry`: writes elsewhere concern no API server. */
  readonly prefix: string;
  /** Asked once, before the first write below the prefix; undefined: writes are never refused. */
  readonly liveServers: (() => Promise<LiveServer[]>) | undefined;
  /** Where old values are kept; asked once, when there is one to keep. Undefined: nowhere. */
  readonly journal: (() => Promise<UndoJournal | undefined>) | undefined;
}

type Write = Exclude<Operation, { type: 'range' }>;

/**
 * A store that is written to with care: not at all while an API server is alive on it, and never without keeping what is
 * overwritten or deleted. Rejects with LiveServer when it refuses. Reading is as it was.
 */
export class GuardedStorage implements Storage {
  readonly #storage: Storage;
  readonly #options: GuardOptions;
  readonly #kept: KeptValues;
  #live: Promise<LiveServer[]> | undefined;

  constructor(options: GuardOptions) {
    this.#storage = options.storage;
    this.#options = options;
    this.#kept = new KeptValues(options.storage, options.journal);
  }

  async range(request: RangeRequest): Promise<RangeResult> {
    const result = await this.#storage.range(request);
    if (request.keysOnly !== true) this.#kept.remember(result.kvs);
    return result;
  }

  async txn(request: TxnRequest): Promise<TxnResult> {
    const writes = [...request.success, ...(request.failure ?? [])].filter(isWrite);
    if (writes.length === 0) return this.#storage.txn(request);
    if (writes.some((write) => this.#concernsServers(write))) await this.#refuseWhileAlive();
    return this.#kept.around(request, (changed) => this.#storage.txn(changed));
  }

  watch(request: WatchRequest): AsyncIterable<WatchBatch> {
    return this.#storage.watch(request);
  }

  compact(revision: number): Promise<void> {
    return this.#storage.compact(revision);
  }

  grantLease(ttl: number, id?: bigint): Promise<{ id: bigint; ttl: number }> {
    return this.#storage.grantLease(ttl, id);
  }

  revokeLease(id: bigint): Promise<void> {
    return this.#storage.revokeLease(id);
  }

  keepLeaseAlive(id: bigint): Promise<{ ttl: number }> {
    return this.#storage.keepLeaseAlive(id);
  }

  leaseTimeToLive(id: bigint): Promise<{ ttl: number; grantedTtl: number; keys: Buffer[] }> {
    return this.#storage.leaseTimeToLive(id);
  }

  status(): Promise<StorageStatus> {
    return this.#storage.status();
  }

  lastHeader(): ServerHeader | undefined {
    return this.#storage.lastHeader?.();
  }

  close(): Promise<void> {
    return this.#storage.close();
  }

  #concernsServers(write: KeyRange): boolean {
    const root = Buffer.from(`${this.#options.prefix}/`);
    const end = Buffer.from(`${this.#options.prefix}0`);
    const key = Buffer.from(write.key);
    if (write.rangeEnd === undefined) return key.compare(root) >= 0 && key.compare(end) < 0;
    const last = Buffer.from(write.rangeEnd);
    const isOpen = last.length === 1 && last[0] === 0;
    return key.compare(end) < 0 && (isOpen || last.compare(root) > 0);
  }

  async #refuseWhileAlive(): Promise<void> {
    if (this.#options.liveServers === undefined) return;
    this.#live ??= this.#options.liveServers().catch((error: unknown) => {
      this.#live = undefined;
      throw error;
    });
    const live = await this.#live;
    if (live.length === 0) return;
    const evidence = live.slice(0, 3).map((each) => each.evidence);
    const more = live.length > 3 ? ` and ${live.length - 3} more` : '';
    throw new StorageError(
      'LiveServer',
      `nothing is written to etcd while an API server is alive on it: ${evidence.join(', ')}${more}; use that API server, or write past it with --force-live`,
    );
  }
}

function isWrite(operation: Operation): operation is Write {
  return operation.type !== 'range';
}
