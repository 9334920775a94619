import { StorageError, type StorageErrorCode } from '../storage-error.ts';
import { CommitReader } from './commit-reader.ts';
import type { Compactor } from './compactor.ts';
import type { LeaseTable } from './lease-table.ts';
import type { LocalDatabase } from './local-database.ts';
import type { RecordReader } from './record-reader.ts';
import { RecordWriter } from './record-writer.ts';

/** The most writes that share one commit, so that other processes wait for it no longer than they must. */
const BATCH = 256;

export interface WriteQueueParts {
  readonly db: LocalDatabase;
  readonly reader: RecordReader;
  readonly leases: LeaseTable;
  readonly compactor: Compactor;
  /** Called after a commit with the new revision, before any writer hears of its success. */
  readonly onCommit: (revision: number) => void;
}

interface Job {
  /** Runs the body and keeps its result. */
  readonly run: (writer: RecordWriter, current: number) => void;
  /** Hands over the result. */
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** After these, trying a batch's writes one by one would only fail again, or do twice what may be done already. */
const COMMON_FAILURES = new Set<StorageErrorCode>(['Locked', 'NoSpace', 'ReadOnly', 'Unavailable', 'OutcomeUnknown']);

/**
 * Writes in the order in which they were asked for. Those that wait at the same time share one commit, and so one sync of
 * the disk; each still has a revision of its own and fails alone.
 */
export class WriteQueue {
  readonly #parts: WriteQueueParts;
  #jobs: Job[] = [];
  #running: Promise<void> | undefined;

  constructor(parts: WriteQueueParts) {
    this.#parts = parts;
  }

  /**
   * Runs `body` in a write transaction and resolves when it is durable. What it writes, it writes with `writer`; `current`
   * is the revision before. It must throw before its first write or not at all, as far as it can.
   */
  async write<T>(body: (writer: RecordWriter, current: number) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: { value: T } | undefined;
      this.#jobs.push({
        run: (writer, current) => {
          result = { value: body(writer, current) };
        },
        resolve: () => {
          if (result !== undefined) resolve(result.value);
        },
        reject,
      });
      this.#running ??= this.#drain();
    });
  }

  /** Resolves when nothing waits to be written. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #drain(): Promise<void> {
    // What is asked for in the same turn of the event loop belongs to the first commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#jobs.length > 0) {
      const batch = this.#jobs.slice(0, BATCH);
      this.#jobs = this.#jobs.slice(batch.length);
      await this.#commit(batch);
    }
    this.#running = undefined;
  }

  async #commit(batch: readonly Job[]): Promise<void> {
    try {
      const { failures, before, after } = await this.#parts.db.write(() => this.#runAll(batch));
      if (after > before) this.#parts.onCommit(after);
      for (const job of batch) {
        const error = failures.get(job);
        if (error === undefined) job.resolve();
        else job.reject(error);
      }
    } catch (error) {
      if (batch.length > 1 && !(error instanceof StorageError && COMMON_FAILURES.has(error.code))) {
        // One of them spoiled the commit; alone, only that one fails.
        for (const job of batch) await this.#commit([job]);
      } else {
        for (const job of batch) job.reject(error);
      }
    }
  }

  /** Does everything that belongs in one commit: what is due, the writes, and a little compaction. */
  #runAll(batch: readonly Job[]): { failures: Map<Job, StorageError>; before: number; after: number } {
    const { reader, leases, compactor } = this.#parts;
    const before = reader.revision();
    let current = before;
    let superseded = 0;
    let shared = new CommitReader(this.#parts.db);
    const failures = new Map<Job, StorageError>();
    const step = (body: (writer: RecordWriter, current: number) => void): void => {
      const writer = new RecordWriter(this.#parts.db, shared, current + 1);
      body(writer, current);
      if (writer.written > 0) current = writer.revision;
      // A compaction changes tables without a writer.
      else shared = new CommitReader(this.#parts.db);
      superseded += writer.superseded;
    };
    for (const id of leases.expired()) step((writer) => leases.revoke(id, writer));
    leases.adopt();
    for (const job of batch) {
      step((writer, now) => {
        try {
          job.run(writer, now);
        } catch (error) {
          if (!(error instanceof StorageError) || writer.written > 0) throw error;
          failures.set(job, error);
        }
      });
    }
    compactor.afterWrite(superseded, current);
    return { failures, before, after: current };
  }
}
