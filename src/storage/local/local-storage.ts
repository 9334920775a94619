import { statSync } from 'node:fs';
import { StorageError } from '../storage-error.ts';
import type {
  RangeRequest,
  RangeResult,
  Storage,
  StorageStatus,
  TxnRequest,
  TxnResult,
  WatchBatch,
  WatchRequest,
} from '../storage.ts';
import { ChangeNotifier } from './change-notifier.ts';
import { checkTxn, mayWrite } from './check-txn.ts';
import { Compactor, type AutoCompaction } from './compactor.ts';
import type { HighWaterMark } from './high-water-mark.ts';
import { keySpan } from './key-span.ts';
import type { LeaseClock } from './lease-clock.ts';
import { LeaseTable } from './lease-table.ts';
import type { LocalDatabase } from './local-database.ts';
import { RangeOperation } from './range-operation.ts';
import { RecordReader } from './record-reader.ts';
import { runTxn } from './run-txn.ts';
import { watchLoop } from './watch-loop.ts';
import { WriteQueue } from './write-queue.ts';

export interface LocalStorageParts {
  readonly db: LocalDatabase;
  readonly mark: Pick<HighWaterMark, 'write' | 'close'>;
  /** The database file. */
  readonly file: string;
  readonly clock: LeaseClock;
  readonly autoCompaction: AutoCompaction;
  /** Milliseconds between the batches without events of a watch that wants progress. */
  readonly progressInterval: number;
}

/** How many records an explicit compaction removes in one write; other writers get their turn between two. */
const COMPACTION_SLICE = 2000;

/**
 * A Storage in a folder, for many processes at once. Reads see one state of the store and never wait for writers; writes
 * take turns. Leases that are over are ended by whoever comes next, reader or writer, before it looks at anything else.
 */
export class LocalStorage implements Storage {
  readonly #parts: LocalStorageParts;
  readonly #reader: RecordReader;
  readonly #ranges: RangeOperation;
  readonly #leases: LeaseTable;
  readonly #compactor: Compactor;
  readonly #queue: WriteQueue;
  readonly #notifier: ChangeNotifier;

  constructor(parts: LocalStorageParts) {
    const { db, clock } = parts;
    this.#parts = parts;
    this.#reader = new RecordReader(db);
    this.#ranges = new RangeOperation(this.#reader);
    this.#leases = new LeaseTable(db, this.#reader, clock);
    const wall = (): number => clock.wall();
    this.#compactor = new Compactor({ db, reader: this.#reader, auto: parts.autoCompaction, wall });
    this.#notifier = new ChangeNotifier({
      folder: db.folder,
      dataVersion: () => (db.isOpen ? db.dataVersion() : 0),
      onIdle: () => void this.#endLeases().catch(() => undefined),
    });
    this.#queue = new WriteQueue({
      db,
      reader: this.#reader,
      leases: this.#leases,
      compactor: this.#compactor,
      onCommit: (revision) => {
        parts.mark.write(revision);
        this.#notifier.notify();
      },
    });
  }

  async range(request: RangeRequest): Promise<RangeResult> {
    keySpan(request);
    return this.#read((current) => {
      this.#ranges.check(request, current);
      return this.#ranges.run(request, current);
    });
  }

  async txn(request: TxnRequest): Promise<TxnResult> {
    checkTxn(request);
    const state = { reader: this.#reader, ranges: this.#ranges, leases: this.#leases };
    if (!mayWrite(request)) return this.#read((current) => runTxn(request, current, { ...state, writer: undefined }));
    return this.#queue.write((writer, current) => {
      return runTxn(request, current, { ...state, reader: writer.reader, writer });
    });
  }

  watch(request: WatchRequest): AsyncIterable<WatchBatch> {
    const { db, progressInterval } = this.#parts;
    return watchLoop({ db, reader: this.#reader, notifier: this.#notifier, progressInterval }, request);
  }

  async compact(revision: number): Promise<void> {
    await this.#queue.write((_, current) => this.#compactor.begin(revision, current));
    while (await this.#queue.write(() => this.#compactor.prune(COMPACTION_SLICE)));
  }

  async grantLease(ttl: number, id = 0n): Promise<{ id: bigint; ttl: number }> {
    return this.#queue.write(() => this.#leases.grant(ttl, id));
  }

  async revokeLease(id: bigint): Promise<void> {
    await this.#queue.write((writer) => this.#leases.revoke(id, writer));
  }

  async keepLeaseAlive(id: bigint): Promise<{ ttl: number }> {
    return this.#queue.write(() => this.#leases.keepAlive(id));
  }

  async leaseTimeToLive(id: bigint): Promise<{ ttl: number; grantedTtl: number; keys: Buffer[] }> {
    return this.#read(() => this.#leases.timeToLive(id));
  }

  async status(): Promise<StorageStatus> {
    return this.#read((revision) => ({
      driver: 'local',
      version: String(this.#parts.db.get('SELECT sqlite_version()')?.[0]),
      revision,
      sizeBytes: sizeOf(this.#parts.file) + sizeOf(`${this.#parts.file}-wal`),
      location: this.#parts.db.folder,
    }));
  }

  /**
   * Waits for writes that were asked for, ends watches, and closes the files. The last one to close a store may fold the
   * write-ahead log into the database, which costs some syncs of the disk. A process that is about to exit need not close:
   * everything that was acknowledged is on the disk already.
   */
  async close(): Promise<void> {
    await this.#queue.idle();
    this.#parts.db.close();
    this.#parts.mark.close();
    this.#notifier.close();
  }

  /** Reads one state of the store, in which no lease is over. */
  async #read<T>(body: (current: number) => T): Promise<T> {
    const result = await this.#parts.db.read(() =>
      this.#leases.expired().length > 0 ? undefined : { value: body(this.#reader.revision()) },
    );
    if (result !== undefined) return result.value;
    await this.#endLeases().catch((error: unknown) => {
      // Where nothing can be written, what is there can still be read.
      if (!(error instanceof StorageError) || !['ReadOnly', 'NoSpace'].includes(error.code)) throw error;
    });
    return this.#parts.db.read(() => body(this.#reader.revision()));
  }

  /** Ends the leases whose time is over, if there are any: each write does that first. */
  async #endLeases(): Promise<void> {
    if (!this.#parts.db.isOpen || this.#parts.db.readOnly) return;
    const due = await this.#parts.db.read(() => this.#leases.expired().length > 0);
    if (due) await this.#queue.write(() => undefined);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
