import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../../model/user-error.ts';
import type { RepairReport } from '../../store-care.ts';
import { StorageError } from '../../storage-error.ts';
import { HighWaterMark } from '../high-water-mark.ts';
import type { LeaseClock } from '../lease-clock.ts';
import { hasSchema } from '../schema.ts';
import { loadEngine, type SqliteDatabase, type SqliteEngine } from '../sqlite.ts';
import { toStorageError } from '../sqlite-errors.ts';
import { carveRecords } from './carve-records.ts';
import { buildStore, type BuiltStore } from './build-store.ts';
import { readLeases, type LeaseRow } from './read-leases.ts';
import { safeCopy, syncPath } from './safe-copy.ts';

/** How long, in milliseconds, to wait for another process that writes. */
const TIMEOUT_MS = 5000;

/**
 * See StoreCare.repair. The order of steps is such that a repair that is interrupted leaves a store that is refused or
 * whole, never one that looks empty: the mark of what was acknowledged goes last.
 */
export async function repairStore(folder: string, clock: LeaseClock): Promise<RepairReport> {
  const path = resolve(folder);
  const file = join(path, 'kl.db');
  try {
    if (!existsSync(file)) throw noStore(path);
    const engine = await loadEngine();
    const acknowledged = readMark(path);
    // Closed only when the files are replaced: the last one to close a store folds its log and removes it.
    const lock = takeLock(engine, file, path);
    const work = join(path, 'repairing');
    try {
      const leases = readLeases(lock);
      const compactRevision = readCompactRevision(lock);
      const aside = safeCopy(path, { reason: 'damaged', now: new Date(clock.wall()) });
      rmSync(work, { recursive: true, force: true });
      mkdirSync(work, { mode: 0o700 });
      const built = build(engine, { aside, work, folder: path, acknowledged, leases, compactRevision, clock });
      replace(path, work);
      writeMark(path, built.revision);
      return { folder: path, aside, ...built };
    } finally {
      closeQuietly(lock);
      rmSync(work, { recursive: true, force: true });
    }
  } catch (error) {
    throw error instanceof UserError ? error : toStorageError(error, path);
  }
}

function build(
  engine: SqliteEngine,
  parts: {
    aside: string;
    work: string;
    folder: string;
    acknowledged: number;
    leases: LeaseRow[];
    compactRevision: number;
    clock: LeaseClock;
  },
): BuiltStore {
  const { aside, work, ...rest } = parts;
  const target = join(work, 'kl.db');
  const records = carveRecords(join(aside, 'kl.db'));
  const built = buildStore(engine.open(target, { timeout: TIMEOUT_MS }), { ...rest, records });
  syncPath(target);
  return built;
}

/** Puts the new database where the old one was. Without the old log there is nothing that SQLite could add to the new one. */
function replace(folder: string, work: string): void {
  rmSync(join(folder, 'kl.db-wal'), { force: true });
  rmSync(join(folder, 'kl.db-wal.kept'), { force: true });
  rmSync(join(folder, 'kl.db-shm'), { force: true });
  syncPath(folder);
  renameSync(join(work, 'kl.db'), join(folder, 'kl.db'));
  syncPath(folder);
}

/**
 * Keeps other processes from writing while the files are replaced. Where the damage is such that SQLite cannot lock the
 * database, nobody else can write to it either. Throws Locked, NewerFormat, and UserError for a file of another program.
 */
function takeLock(engine: SqliteEngine, file: string, folder: string): SqliteDatabase {
  const sqlite = engine.open(file, { timeout: TIMEOUT_MS });
  try {
    sqlite.exec('BEGIN IMMEDIATE');
    hasSchema(sqlite, folder);
  } catch (error) {
    const known = toStorageError(error, folder);
    if (known.code === 'Corrupt' && !(error instanceof StorageError)) return sqlite;
    closeQuietly(sqlite);
    throw known.code === 'Corrupt' ? notOurs(folder) : known;
  }
  return sqlite;
}

/** What the store had forgotten on purpose; 0 when that cannot be read, and then all that is missing counts as lost. */
function readCompactRevision(sqlite: SqliteDatabase): number {
  try {
    const row: unknown = sqlite.prepare("SELECT n FROM meta WHERE name='compact'").get();
    const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, 'n') : undefined;
    return typeof value === 'number' ? value : 0;
  } catch {
    return 0;
  }
}

function readMark(folder: string): number {
  const mark = new HighWaterMark(join(folder, 'kl.hwm'), false);
  const acknowledged = mark.read();
  mark.close();
  return acknowledged;
}

function writeMark(folder: string, revision: number): void {
  const mark = new HighWaterMark(join(folder, 'kl.hwm'), true);
  mark.write(revision);
  mark.close();
}

function notOurs(folder: string): UserError {
  return new UserError(`there is no store in ${folder}: kl.db is a database of another program`);
}

function noStore(folder: string): UserError {
  return new UserError(`there is no store in ${folder} to repair: kl.db is missing`);
}

function closeQuietly(sqlite: SqliteDatabase): void {
  try {
    sqlite.close();
  } catch {
    // What is being reported says more.
  }
}
