import { deadlineIn, type LeaseClock } from '../lease-clock.ts';
import { checksum, firstIdOf, type LogRecord, OPERATIONS_PER_REVISION, revisionOf } from '../record.ts';
import { createSchema } from '../schema.ts';
import type { SqliteDatabase, SqliteValue } from '../sqlite.ts';
import type { LeaseRow } from './read-leases.ts';

export interface BuiltStore {
  readonly revision: number;
  readonly keys: number;
  readonly records: number;
  readonly lost: [number, number][];
  readonly notes: string[];
}

export interface StoreMaterial {
  readonly folder: string;
  /** Records whose checksums are right, in any order, some more than once. */
  readonly records: Iterable<LogRecord>;
  readonly acknowledged: number;
  readonly leases: readonly LeaseRow[];
  /** What is before this revision was forgotten on purpose. */
  readonly compactRevision: number;
  readonly clock: LeaseClock;
}

/** What a lease is given, in seconds, when its own length is lost: as long as events live. */
const LOST_LEASE_TTL = 3600;

/** The key whose deletion takes the new store's first revision; it never existed. */
const MARKER = Buffer.from('kube-lite/repaired');

/**
 * Fills an empty database with records and closes it. The store's revision is greater than any that was acknowledged, so
 * that no revision means two things; what was before it is compacted, so that watchers list anew.
 */
export function buildStore(sqlite: SqliteDatabase, material: StoreMaterial): BuiltStore {
  try {
    createSchema(sqlite, material.folder);
    sqlite.exec('BEGIN IMMEDIATE');
    const insert = recordInserter(sqlite);
    for (const record of material.records) insert(record);
    const lost = lostRevisions(sqlite, material);
    const last = numberOf(sqlite, 'SELECT max(id) FROM log');
    const revision = Math.max(last === 0 ? 1 : revisionOf(last), material.acknowledged) + 1;
    insert(marker(revision));
    sqlite.exec('INSERT INTO cur(k,id,ver,lease) SELECT k, max(id), ver, lease FROM log GROUP BY k');
    const notes = insertLeases(sqlite, material);
    sqlite
      .prepare(
        "INSERT INTO meta(name,n) VALUES('compact',?1),('superseded',(SELECT count(*) FROM log)-(SELECT count(*) FROM cur))",
      )
      .run(revision);
    const keys = numberOf(sqlite, 'SELECT count(*) FROM cur WHERE ver>0');
    const records = numberOf(sqlite, 'SELECT count(*) FROM log') - 1;
    sqlite.exec('COMMIT');
    sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return { revision, keys, records, lost, notes };
  } finally {
    sqlite.close();
  }
}

function recordInserter(sqlite: SqliteDatabase): (record: LogRecord) => void {
  const insert = sqlite.prepare('INSERT OR IGNORE INTO log(id,prev,k,cr,ver,lease,crc,v) VALUES(?,?,?,?,?,?,?,?)');
  return (record) => {
    const { id, prev, key, createRevision, version, lease, value } = record;
    insert.run(id, prev, key, createRevision, version, lease, checksum(record), value);
  };
}

function marker(revision: number): LogRecord {
  return {
    id: firstIdOf(revision),
    prev: 0,
    key: MARKER,
    createRevision: 0,
    version: 0,
    lease: 0n,
    value: new Uint8Array(),
  };
}

/** The revisions of which nothing is there, without those that compaction forgot. */
function lostRevisions(sqlite: SqliteDatabase, { acknowledged, compactRevision }: StoreMaterial): [number, number][] {
  const statement = sqlite.prepare(`SELECT DISTINCT id/${OPERATIONS_PER_REVISION} FROM log ORDER BY id`);
  statement.setReturnArrays(true);
  const lost: [number, number][] = [];
  let before = Math.max(1, compactRevision);
  for (const row of statement.all()) {
    const revision = Array.isArray(row) ? Number(row[0]) : 0;
    if (revision > before + 1) lost.push([before + 1, revision - 1]);
    before = Math.max(before, revision);
  }
  if (acknowledged > before) lost.push([before + 1, acknowledged]);
  return lost;
}

/** Writes the leases, those too that only the keys know of. */
function insertLeases(sqlite: SqliteDatabase, { leases, clock }: StoreMaterial): string[] {
  const statementOf = sqlite.prepare('INSERT INTO lease(id,ttl,boot,uptime,wall) VALUES(?,?,?,?,?)');
  const insert = (...values: SqliteValue[]): void => void statementOf.run(...values);
  for (const { id, ttl, boot, uptime, wall } of leases) insert(id, ttl, boot, uptime, wall);
  const statement = sqlite.prepare(
    "SELECT DISTINCT c.lease||'' FROM cur c WHERE c.lease<>0 AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.id=c.lease)",
  );
  statement.setReturnArrays(true);
  const { boot, uptime, wall } = deadlineIn(clock, LOST_LEASE_TTL);
  const orphans = statement.all().flatMap((row) => (Array.isArray(row) ? [String(row[0])] : []));
  for (const id of orphans) insert(BigInt(id), LOST_LEASE_TTL, boot, uptime, wall);
  return orphans.length === 0
    ? []
    : [`${orphans.length} leases were lost; the keys that had them are deleted in ${LOST_LEASE_TTL} seconds`];
}

function numberOf(sqlite: SqliteDatabase, sql: string): number {
  const statement = sqlite.prepare(sql);
  statement.setReturnArrays(true);
  const row = statement.get();
  return Array.isArray(row) && typeof row[0] === 'number' ? row[0] : 0;
}
