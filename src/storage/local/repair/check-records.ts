import { checksum, firstIdOf, type LogRecord, revisionOf } from '../record.ts';
import type { SqliteDatabase, SqliteStatement, SqliteValue } from '../sqlite.ts';
import { toStorageError } from '../sqlite-errors.ts';
import type { DamageList } from './damage-list.ts';

export interface RecordCounts {
  readonly revision: number;
  readonly compactRevision: number;
  readonly keys: number;
  readonly records: number;
}

const PAGE = 500;

/** Checks every record, that none is missing since the last compaction, and that the newest of each key is known as such. */
export function checkRecords(sqlite: SqliteDatabase, state: { folder: string; damage: DamageList }): RecordCounts {
  const { folder, damage } = state;
  const counts = { revision: 1, compactRevision: 0, keys: 0, records: 0 };
  const guarded = (body: () => void): void => {
    try {
      body();
    } catch (error) {
      const known = toStorageError(error, folder);
      if (known.code !== 'Corrupt') throw known;
      damage.add(known.message.replace(`the store in ${folder} is damaged: `, ''));
    }
  };
  guarded(() => {
    counts.compactRevision = Number(arrays(sqlite, "SELECT n FROM meta WHERE name='compact'").get()?.[0] ?? 0);
  });
  guarded(() => {
    const last = checkLog(sqlite, { compactRevision: counts.compactRevision, damage });
    counts.records = last.records;
    counts.revision = last.id === 0 ? 1 : revisionOf(last.id);
  });
  guarded(() => {
    counts.keys = checkNewest(sqlite, damage);
  });
  guarded(() => {
    const orphans = arrays(
      sqlite,
      'SELECT count(*) FROM cur c WHERE c.lease<>0 AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.id=c.lease)',
    ).get();
    if (orphans?.[0] !== 0) damage.add(`${String(orphans?.[0])} keys have a lease that does not exist`);
  });
  return counts;
}

function checkLog(
  sqlite: SqliteDatabase,
  { compactRevision, damage }: { compactRevision: number; damage: DamageList },
): { id: number; records: number } {
  const page = arrays(
    sqlite,
    "SELECT id, prev, k, cr, ver, NULLIF(lease,0)||'', crc, v FROM log WHERE id>? ORDER BY id LIMIT ?",
  );
  let before = 0;
  let records = 0;
  for (;;) {
    const rows = page.all(before, PAGE);
    for (const row of rows) {
      const id = Number(row[0]);
      if (!isWhole(row)) {
        damage.add(`the record of ${printable(row[2])} at revision ${revisionOf(id)} fails its checksum`);
      }
      const follows = before === 0 || id === before + 1 || id === firstIdOf(revisionOf(before) + 1);
      if (!follows && revisionOf(before) >= compactRevision) {
        damage.add(`records between revisions ${revisionOf(before)} and ${revisionOf(id)} are missing`);
      }
      before = id;
      records += 1;
    }
    if (rows.length < PAGE) return { id: before, records };
  }
}

/** Whether a record is as it was written. */
function isWhole(row: readonly unknown[]): boolean {
  const [id, prev, key, createRevision, version, lease, crc, value] = row;
  if (typeof id !== 'number' || typeof prev !== 'number' || typeof version !== 'number') return false;
  if (typeof createRevision !== 'number') return false;
  if (!(key instanceof Uint8Array) || !(value instanceof Uint8Array)) return false;
  const leaseId = typeof lease === 'string' ? BigInt(lease) : 0n;
  const record: LogRecord = { id, prev, key, createRevision, version, lease: leaseId, value };
  return checksum(record) === crc;
}

/** Compares what is said to be the newest record of each key with the records, both ways; counts the keys that exist. */
function checkNewest(sqlite: SqliteDatabase, damage: DamageList): number {
  const wrong = arrays(
    sqlite,
    'SELECT c.k FROM cur c LEFT JOIN log l ON l.id=c.id WHERE l.id IS NULL OR l.k<>c.k OR l.ver<>c.ver OR l.lease<>c.lease LIMIT 100',
  );
  for (const [key] of wrong.all()) damage.add(`the newest record of ${printable(key)} is not what its key says`);
  const unknown = arrays(
    sqlite,
    'SELECT l.k, l.id FROM log l LEFT JOIN cur c ON c.k=l.k WHERE c.k IS NULL OR c.id<l.id LIMIT 100',
  );
  for (const [key, id] of unknown.all()) {
    damage.add(`the record of ${printable(key)} at revision ${revisionOf(Number(id))} is newer than what its key says`);
  }
  return Number(arrays(sqlite, 'SELECT count(*) FROM cur WHERE ver>0').get()?.[0] ?? 0);
}

interface Arrays {
  get(...parameters: SqliteValue[]): unknown[] | undefined;
  all(...parameters: SqliteValue[]): unknown[][];
}

/** A statement whose rows are arrays of their columns. */
function arrays(sqlite: SqliteDatabase, sql: string): Arrays {
  const statement: SqliteStatement = sqlite.prepare(sql);
  statement.setReturnArrays(true);
  return {
    get(...parameters) {
      const row = statement.get(...parameters);
      return Array.isArray(row) ? row : undefined;
    },
    all: (...parameters) => statement.all(...parameters).filter(Array.isArray),
  };
}

function printable(key: unknown): string {
  return key instanceof Uint8Array ? JSON.stringify(Buffer.from(key).toString('utf8')) : 'a key';
}
