import { versions } from 'node:process';

/** What this driver uses of the `node:sqlite` API, whichever package provides it. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export interface SqliteStatement {
  run(...parameters: SqliteValue[]): { changes: number | bigint };
  get(...parameters: SqliteValue[]): unknown;
  all(...parameters: SqliteValue[]): unknown[];
  setReturnArrays(enabled: boolean): void;
}

export type SqliteValue = null | number | bigint | string | Uint8Array;

/** Opens a database file; `timeout` is how long, in milliseconds, a call may block on another process's lock. */
export type OpenSqlite = (path: string, options: { timeout: number; readOnly?: boolean }) => SqliteDatabase;

export interface SqliteEngine {
  readonly module: 'node:sqlite' | '@photostructure/sqlite';
  readonly open: OpenSqlite;
}

/** Versions before this one can damage a database in WAL mode when a checkpoint meets a writer that restarts the log. */
const SAFE_SQLITE = [3, 51, 3];

/**
 * Which package provides SQLite to a runtime: Node's own from 24 on, where it is no longer experimental, if its SQLite
 * is safe; otherwise the port of it, which brings its own SQLite.
 */
export function chooseEngine(runtime: { node: string; sqlite?: string | undefined }): SqliteEngine['module'] {
  const major = Number(runtime.node.split('.')[0]);
  return major >= 24 && runtime.sqlite !== undefined && isAtLeast(runtime.sqlite, SAFE_SQLITE)
    ? 'node:sqlite'
    : '@photostructure/sqlite';
}

/** Loads the engine that fits the runtime. The version numbers are the only thing read from the process. */
export async function loadEngine(): Promise<SqliteEngine> {
  const module = chooseEngine(versions);
  if (module === '@photostructure/sqlite') {
    const { DatabaseSync } = await import('@photostructure/sqlite');
    return { module, open: (path, options) => new DatabaseSync(path, options) };
  }
  // Through a variable, because the types and the bundler know only the oldest runtime that is supported.
  const loaded: unknown = await import(module);
  if (!hasDatabaseSync(loaded)) throw new TypeError(`${module} has no DatabaseSync`);
  const { DatabaseSync } = loaded;
  return { module, open: (path, options) => new DatabaseSync(path, options) };
}

function hasDatabaseSync(
  module: unknown,
): module is { DatabaseSync: new (path: string, options: { timeout: number; readOnly?: boolean }) => SqliteDatabase } {
  return (
    typeof module === 'object' &&
    module !== null &&
    'DatabaseSync' in module &&
    typeof module.DatabaseSync === 'function'
  );
}

function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
