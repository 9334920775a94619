import { statSync } from 'node:fs';
import { StorageError } from '../storage-error.ts';
import { monotonicMs } from './monotonic-ms.ts';
import type { SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite.ts';
import { ColumnError, isBusy, locked, toStorageError } from './sqlite-errors.ts';

export interface DatabaseOptions {
  readonly folder: string;
  /** The database file. */
  readonly file: string;
  /** How long, in milliseconds, to wait for other processes before Locked is reported. */
  readonly lockTimeout: number;
  /** Whether the files can be written at all. */
  readonly readOnly: boolean;
}

/** How long transactions may follow each other before the event loop has its turn. */
const TURN_MS = 4;

/** One connection: prepared statements, transactions, and the seam's errors in place of SQLite's. */
export class LocalDatabase {
  readonly folder: string;
  readonly readOnly: boolean;
  readonly #db: SqliteDatabase;
  readonly #lockTimeout: number;
  readonly #statements = new Map<string, SqliteStatement>();
  readonly #file: string;
  readonly #inode: number;
  #open = true;
  #turnBegan = 0;

  constructor(db: SqliteDatabase, options: DatabaseOptions) {
    this.#db = db;
    this.folder = options.folder;
    this.readOnly = options.readOnly;
    this.#lockTimeout = options.lockTimeout;
    this.#file = options.file;
    this.#inode = inodeOf(options.file);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** The first row as an array of its columns. */
  get(sql: string, ...parameters: SqliteValue[]): unknown[] | undefined {
    const row = this.#statement(sql).get(...parameters);
    return Array.isArray(row) ? row : undefined;
  }

  /** Every row as an array of its columns: only for results whose size is bounded. */
  all(sql: string, ...parameters: SqliteValue[]): unknown[][] {
    return this.#statement(sql)
      .all(...parameters)
      .filter(Array.isArray);
  }

  /** Runs a statement and tells how many rows it changed. */
  run(sql: string, ...parameters: SqliteValue[]): number {
    return Number(this.#statement(sql).run(...parameters).changes);
  }

  /** Runs `body` on one unchanging state of the store, without waiting for writers. */
  async read<T>(body: () => T): Promise<T> {
    return this.#transaction('BEGIN', body);
  }

  /**
   * Runs `body` while no other process writes, and makes what it wrote durable. Nothing is written when it throws. Waits
   * for other processes without blocking this one's event loop for long; throws Locked when the wait is too long, and
   * OutcomeUnknown when the disk failed in the moment of the commit.
   */
  async write<T>(body: () => T): Promise<T> {
    if (this.readOnly) {
      throw new StorageError('ReadOnly', `the store in ${this.folder} cannot be written`, {
        hint: `Check who may write to ${this.folder} and whether its file system is mounted read-only.`,
      });
    }
    return this.#transaction('BEGIN IMMEDIATE', body);
  }

  /** A number that changes when another connection has committed. */
  dataVersion(): number {
    try {
      return integer(this.get('PRAGMA data_version')?.[0]);
    } catch (error) {
      throw toStorageError(error, this.folder);
    }
  }

  /**
   * Lets go of the connection. The port of `node:sqlite` has no means to finalize a statement, so that with it the files
   * stay open until the statements are garbage; nothing is locked by that.
   */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#statements.clear();
    this.#db.close();
  }

  async #transaction<T>(begin: string, body: () => T): Promise<T> {
    await this.#yieldNowAndThen();
    const deadline = monotonicMs() + this.#lockTimeout;
    for (;;) {
      if (!this.#open) throw new StorageError('Unavailable', `the store in ${this.folder} is closed`);
      try {
        return this.#attempt(begin, body);
      } catch (error) {
        if (!isBusy(error)) throw toStorageError(error, this.folder);
        if (monotonicMs() > deadline) throw locked(this.folder, error);
      }
      // At random, so that processes that wait for each other do not stay in step.
      await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 10));
    }
  }

  /** SQLite answers at once, so that a loop of reads would never let timers and other callers have their turn. */
  async #yieldNowAndThen(): Promise<void> {
    if (monotonicMs() - this.#turnBegan < TURN_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#turnBegan = monotonicMs();
  }

  #attempt<T>(begin: string, body: () => T): T {
    this.run(begin);
    let committing = false;
    try {
      if (begin !== 'BEGIN') this.#checkPlace();
      const result = body();
      committing = true;
      this.run('COMMIT');
      return result;
    } catch (error) {
      try {
        this.run('ROLLBACK');
      } catch {
        // SQLite has rolled back by itself already.
      }
      if (!committing || begin === 'BEGIN' || isBusy(error)) throw error;
      throw this.#commitFailure(error);
    }
  }

  /** What is written to a file that was moved away, removed or replaced by a repair would be seen by nobody. */
  #checkPlace(): void {
    if (inodeOf(this.#file) === this.#inode) return;
    throw new StorageError(
      'Unavailable',
      `the store in ${this.folder} was moved or replaced while it was open; nothing was written`,
      { hint: 'Run the command again; start a running serve anew.' },
    );
  }

  /** A commit that failed for want of space wrote nothing; after another disk error nobody can tell. */
  #commitFailure(error: unknown): StorageError {
    const known = toStorageError(error, this.folder);
    if (known.code === 'NoSpace' || known.code === 'ReadOnly') return known;
    return new StorageError(
      'OutcomeUnknown',
      `the store in ${this.folder} failed while it committed: ${known.message}`,
      {
        cause: error,
      },
    );
  }

  #statement(sql: string): SqliteStatement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function inodeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.ino ?? 0;
}

/** A column that holds a number; anything else there is damage. */
export function integer(value: unknown): number {
  if (typeof value === 'number') return value;
  throw new ColumnError('a column has a value of the wrong type');
}

/** A column that holds bytes. */
export function blob(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new ColumnError('a column has a value of the wrong type');
}
