import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StorageError } from '../storage-error.ts';
import type { Storage } from '../storage.ts';
import { DEFAULT_AUTO_COMPACTION, type AutoCompaction } from './compactor.ts';
import { HighWaterMark } from './high-water-mark.ts';
import { systemClock, type LeaseClock } from './lease-clock.ts';
import { keepLog } from './keep-log.ts';
import { LocalDatabase } from './local-database.ts';
import { LocalStorage } from './local-storage.ts';
import { monotonicMs } from './monotonic-ms.ts';
import { readOnlyName } from './read-only-name.ts';
import { RecordReader } from './record-reader.ts';
import { createSchema, FORMAT_STEPS, type FormatStep, hasSchema, isOlderFormat } from './schema.ts';
import { loadEngine, type SqliteDatabase } from './sqlite.ts';
import { corrupt, isBusy, locked, toStorageError } from './sqlite-errors.ts';

export interface LocalStorageOptions {
  /** How long, in milliseconds, to wait for other processes before Locked is reported; 30 s unless told. */
  readonly lockTimeout?: number;
  /** Milliseconds between the batches without events of a watch that wants progress; 5 s unless told. */
  readonly progressInterval?: number;
  readonly autoCompaction?: AutoCompaction;
  /** The clocks by which leases end. */
  readonly clock?: LeaseClock;
  /** How formats become newer ones; this version's own unless told. */
  readonly formatSteps?: readonly FormatStep[];
}

/** How long one call may block on another process's lock; longer waits leave the event loop free. */
const BLOCKING_MS = 40;

/**
 * Opens the store in a folder, and lays it out when it is not there: the folder with mode 0700, its files 0600. Any
 * number of processes may do that at once. Where nothing can be written, what is there can be read. Rejects with Corrupt
 * when the files are damaged or acknowledged writes are missing from them, NewerFormat, ReadOnly, Locked or NoSpace.
 */
export async function openLocalStorage(folder: string, options: LocalStorageOptions = {}): Promise<Storage> {
  const path = resolve(folder);
  const file = join(path, 'kl.db');
  const lockTimeout = options.lockTimeout ?? 30_000;
  try {
    const readOnly = !prepareFolder(path, file);
    const mark = new HighWaterMark(join(path, 'kl.hwm'), !readOnly);
    try {
      // Before the revision is read: the mark may be behind the store, never ahead of it.
      const acknowledged = mark.read();
      const engine = await loadEngine();
      const sqlite = engine.open(readOnly ? readOnlyName(file) : file, {
        timeout: BLOCKING_MS,
        ...(readOnly ? { readOnly } : {}),
      });
      try {
        const steps = options.formatSteps ?? FORMAT_STEPS;
        const state = { folder: path, acknowledged, readOnly, steps };
        await untilFree(() => prepareDatabase(sqlite, state), lockTimeout, path);
        if (isOlderFormat(sqlite, steps)) {
          if (readOnly) throw olderFormat(path);
          const { upgradeFormat } = await import('./upgrade-format.ts');
          await untilFree(() => upgradeFormat(sqlite, { folder: path, steps, now: new Date() }), lockTimeout, path);
        }
        const db = new LocalDatabase(sqlite, { folder: path, file, lockTimeout, readOnly });
        await checkAcknowledged(db, acknowledged);
        return new LocalStorage({
          db,
          mark,
          file,
          clock: options.clock ?? systemClock(),
          autoCompaction: options.autoCompaction ?? DEFAULT_AUTO_COMPACTION,
          progressInterval: options.progressInterval ?? 5000,
        });
      } catch (error) {
        if (toStorageError(error, path).code === 'Corrupt') keepLog(file);
        closeQuietly(sqlite);
        throw error;
      }
    } catch (error) {
      mark.close();
      throw error;
    }
  } catch (error) {
    throw toStorageError(error, path);
  }
}

/** Makes folder and file when they are missing, and tells whether they can be written. */
function prepareFolder(folder: string, file: string): boolean {
  if (!existsSync(file)) {
    makeFolder(folder);
    closeSync(openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600));
  }
  try {
    accessSync(folder, constants.W_OK);
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    // Node reports ENOENT for any reason why a parent cannot be made; making the outermost one alone tells it.
    let missing = folder;
    while (dirname(missing) !== missing && !existsSync(dirname(missing))) missing = dirname(missing);
    if (!existsSync(missing)) mkdirSync(missing, { mode: 0o700 });
    throw error;
  }
}

function prepareDatabase(
  sqlite: SqliteDatabase,
  state: { folder: string; acknowledged: number; readOnly: boolean; steps: readonly FormatStep[] },
): void {
  // Settings of the connection, not of the file. FULL makes a commit durable before it returns.
  sqlite.exec('PRAGMA synchronous=FULL');
  if (hasSchema(sqlite, state.folder, state.steps)) return;
  if (state.acknowledged > 0) throw lost(state.folder, state.acknowledged, 0);
  createSchema(sqlite, state.folder, state.steps);
}

async function checkAcknowledged(db: LocalDatabase, acknowledged: number): Promise<void> {
  const reader = new RecordReader(db);
  const revision = await db.read(() => reader.revision());
  if (revision < acknowledged) throw lost(db.folder, acknowledged, revision);
}

function olderFormat(folder: string): StorageError {
  return new StorageError(
    'ReadOnly',
    `the store in ${folder} has an older format, and cannot be written to bring it up`,
    {
      hint: 'Open it once where it can be written, or use the version that wrote it.',
    },
  );
}

function lost(folder: string, acknowledged: number, revision: number): Error {
  return corrupt(folder, `revision ${acknowledged} was acknowledged, but the last one in it is ${revision}`);
}

/** Repeats `body` while other processes hold the locks that it needs. */
async function untilFree(body: () => void, lockTimeout: number, folder: string): Promise<void> {
  const deadline = monotonicMs() + lockTimeout;
  for (;;) {
    try {
      body();
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (monotonicMs() > deadline) throw locked(folder, error);
    }
    await new Promise((resolve) => setTimeout(resolve, 2 + Math.random() * 20));
  }
}

function closeQuietly(sqlite: SqliteDatabase): void {
  try {
    sqlite.close();
  } catch {
    // The error that is being reported says more.
  }
}
