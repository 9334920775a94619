import { StorageError } from '../storage-error.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { corrupt } from './sqlite-errors.ts';

/** The layout below. A store with a higher number than is known was written by a newer version and is left alone. */
const FIRST_FORMAT = 1;

/** Makes a store of one format one of the next, inside a transaction. */
export type FormatStep = (db: SqliteDatabase) => void;

/** The steps from format 1 on; there is no other format yet. A new store takes them all, so that it is as an old one becomes. */
export const FORMAT_STEPS: readonly FormatStep[] = [];

/** Tells our files from other SQLite databases: "kube" in ASCII. */
const APPLICATION_ID = 0x6b756265;

/*
 * `log` has every change once, in the order in which it happened, until compaction; `cur` says for each key which record
 * is its newest, deleted keys included. `lease` has deadlines on two clocks (see lease-clock.ts).
 */
const SCHEMA = `
CREATE TABLE log(id INTEGER PRIMARY KEY, prev INTEGER NOT NULL, k BLOB NOT NULL, cr INTEGER NOT NULL, ver INTEGER NOT NULL,
  lease INTEGER NOT NULL, crc INTEGER NOT NULL, v BLOB NOT NULL);
CREATE TABLE cur(k BLOB PRIMARY KEY, id INTEGER NOT NULL, ver INTEGER NOT NULL, lease INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX cur_lease ON cur(lease) WHERE lease<>0;
CREATE TABLE lease(id INTEGER PRIMARY KEY, ttl INTEGER NOT NULL, boot TEXT NOT NULL, uptime REAL NOT NULL, wall REAL NOT NULL);
CREATE TABLE meta(name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA application_id=${APPLICATION_ID};
PRAGMA user_version=${FIRST_FORMAT};`;

/** The number of the layout that a database says it has; 0 for none. */
export function storedFormat(db: SqliteDatabase): number {
  return pragma(db, 'user_version');
}

/** Whether a database that has our layout has an older one. */
export function isOlderFormat(db: SqliteDatabase, steps: readonly FormatStep[]): boolean {
  return storedFormat(db) < FIRST_FORMAT + steps.length;
}

/** Takes the steps that a database has not taken. The caller holds its write lock, in a transaction that it commits. */
export function takeSteps(db: SqliteDatabase, steps: readonly FormatStep[]): void {
  for (let format = storedFormat(db); format < FIRST_FORMAT + steps.length; format++) {
    steps[format - FIRST_FORMAT]?.(db);
    db.exec(`PRAGMA user_version=${format + 1}`);
  }
}

/** Whether the file has our layout, or an older one; throws NewerFormat or Corrupt when it has another that is not ours to touch. */
export function hasSchema(db: SqliteDatabase, folder: string, steps = FORMAT_STEPS): boolean {
  const version = storedFormat(db);
  const newest = FIRST_FORMAT + steps.length;
  if (version >= FIRST_FORMAT && pragma(db, 'application_id') === APPLICATION_ID) {
    if (version <= newest) return true;
    throw new StorageError(
      'NewerFormat',
      `the store in ${folder} has format ${version}; this version knows formats up to ${newest}`,
      { hint: 'Use the version that wrote the store, or a newer one.' },
    );
  }
  const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get();
  if (version !== 0 || field(tables, 'n') !== 0) throw corrupt(folder, 'its database is not one of kube-lite');
  return false;
}

/** Lays out an empty file; several processes may try at once. Throws SQLite's busy error when another is at it. */
export function createSchema(db: SqliteDatabase, folder: string, steps = FORMAT_STEPS): void {
  db.exec('PRAGMA page_size=4096; PRAGMA journal_mode=WAL; BEGIN IMMEDIATE');
  try {
    if (!hasSchema(db, folder, steps)) {
      db.exec(SCHEMA);
      takeSteps(db, steps);
    }
    db.exec('COMMIT');
  } catch (error) {
    try {
      db.exec('ROLLBACK');
    } catch {
      // The first error says what is wrong.
    }
    throw error;
  }
}

function pragma(db: SqliteDatabase, name: string): number {
  return field(db.prepare(`PRAGMA ${name}`).get(), name);
}

function field(row: unknown, name: string): number {
  const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, name) : undefined;
  return typeof value === 'number' ? value : 0;
}
