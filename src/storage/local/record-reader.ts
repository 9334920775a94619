import type { StorageError } from '../storage-error.ts';
import type { KeySpan } from './key-span.ts';
import { blob, integer, type LocalDatabase } from './local-database.ts';
import { checksum, firstIdOf, lastIdOf, revisionOf, type LogRecord } from './record.ts';
import { corrupt } from './sqlite-errors.ts';

/** How many rows are fetched at once: larger results are slower by what garbage collection costs. */
const PAGE = 500;

const RECORD = "l.id, l.prev, l.cr, l.ver, NULLIF(l.lease,0)||'', l.crc, l.v";
const NEWEST = `SELECT c.k, c.id, c.ver, ${RECORD} FROM cur c LEFT JOIN log l ON l.id=c.id`;

/** Two neighbouring keys, between which there is none; undefined stands for the start and the end of the store. */
export interface Gap {
  readonly after: Uint8Array | undefined;
  readonly before: Uint8Array | undefined;
}

/**
 * Reads records, and believes none of them before its checksum is right. A key that is not found is no answer either
 * until its neighbours are whole: a damaged key is out of its place, and would be missed in silence.
 */
export class RecordReader {
  readonly #db: LocalDatabase;

  constructor(db: LocalDatabase) {
    this.#db = db;
  }

  /** The store's revision. An empty store has 1, as etcd. */
  revision(): number {
    const id = this.#db.get('SELECT id FROM log ORDER BY id DESC LIMIT 1')?.[0];
    return id === undefined ? 1 : revisionOf(integer(id));
  }

  /** A number kept beside the data, 0 when it was never set. */
  meta(name: string): number {
    return integer(this.#db.get('SELECT n FROM meta WHERE name=?', name)?.[0] ?? 0);
  }

  setMeta(name: string, value: number): void {
    this.#db.run('INSERT INTO meta(name,n) VALUES(?1,?2) ON CONFLICT(name) DO UPDATE SET n=?2', name, value);
  }

  /** The newest record of a key, which may be a deletion. */
  newest(key: Uint8Array): LogRecord | undefined {
    const row = this.#db.get(`${NEWEST} WHERE c.k=?`, key);
    if (row !== undefined) return this.#newestRecord(row);
    this.gapAround(key);
    return undefined;
  }

  /** The keys next to one that is not there. */
  protected gapAround(key: Uint8Array): Gap {
    return { after: this.#checkBefore(key), before: this.#checkFrom(key) };
  }

  /** The record with an id, or undefined when there is none. */
  byId(id: number): LogRecord | undefined {
    const row = this.#db.get(`SELECT l.k, ${RECORD} FROM log l WHERE l.id=?`, id);
    return row === undefined ? undefined : this.#record(blob(row[0]), row.slice(1));
  }

  /** Up to `limit` records in the order in which they were written, from an id on that compaction has not reached. */
  since(id: number, limit: number): LogRecord[] {
    const records = this.#db
      .all(`SELECT l.k, ${RECORD} FROM log l WHERE l.id>=? ORDER BY l.id LIMIT ?`, id, limit)
      .map((row) => this.#record(blob(row[0]), row.slice(1)));
    let before = id - 1;
    for (const record of records) {
      // Revisions have no gaps, nor have the changes within one.
      const next = firstIdOf(revisionOf(before) + 1);
      const follows = record.id === before + 1 || record.id === next;
      if (!follows) throw this.#damage(`record ${before + 1} or ${next} is missing`);
      before = record.id;
    }
    return records;
  }

  /**
   * The keys that exist in a span, in their order, as of `revision` (undefined is now), as long as `take` answers true.
   * The caller has made sure that the revision is neither compacted nor to come; `expected` is how many keys it may want.
   */
  scan(
    span: KeySpan,
    revision: number | undefined,
    take: (record: LogRecord) => boolean,
    expected: number = PAGE,
  ): void {
    if (span.single) {
      const newest = this.newest(span.start);
      const record = newest && this.#asOf(newest, revision);
      if (record !== undefined) take(record);
      return;
    }
    if (span.end !== undefined && Buffer.compare(span.start, span.end) >= 0) return;
    this.#checkBefore(span.start);
    let after: Uint8Array | undefined;
    for (const newest of this.#pages(span, { size: expected })) {
      const record = this.#asOf(newest, revision);
      if (record !== undefined && !take(record)) return;
      after = newest.key;
    }
    if (span.end !== undefined) this.#checkFrom(after ?? span.start, after !== undefined);
  }

  /** How many keys exist in a span as of `revision`. Only what changed since is read as a whole. */
  count(span: KeySpan, revision: number | undefined): number {
    if (span.single) {
      const newest = this.newest(span.start);
      return newest !== undefined && this.#asOf(newest, revision) !== undefined ? 1 : 0;
    }
    const last = revision === undefined ? Number.MAX_SAFE_INTEGER : lastIdOf(revision);
    const [where, ...parameters] = condition(span);
    const sql = `SELECT count(*) FROM cur c WHERE ${where} AND c.ver>0 AND c.id<=?`;
    let count = integer(this.#db.get(sql, ...parameters, last)?.[0]);
    if (revision === undefined) return count;
    for (const newest of this.#pages(span, { newerThan: last })) {
      if (this.#asOf(newest, revision) !== undefined) count += 1;
    }
    return count;
  }

  /** The keys attached to a lease. */
  keysOfLease(id: bigint): Uint8Array[] {
    return this.#db.all('SELECT k FROM cur WHERE lease=? AND lease<>0 ORDER BY k', id).map((row) => blob(row[0]));
  }

  /** What a key was before a record, as a watcher may see it: undefined when it did not exist or is forgotten. */
  before(record: LogRecord, compacted: number): LogRecord | undefined {
    if (record.prev === 0 || revisionOf(record.id) - 1 < compacted) return undefined;
    const previous = this.#follow(record, compacted);
    return previous === undefined || previous.version === 0 ? undefined : previous;
  }

  /** Goes back from a key's newest record to the one that held at a revision; undefined when the key did not exist. */
  #asOf(newest: LogRecord, revision: number | undefined): LogRecord | undefined {
    let record: LogRecord | undefined = newest;
    if (revision !== undefined) {
      const compacted = newest.id > lastIdOf(revision) ? this.meta('compact') : 0;
      while (record !== undefined && record.id > lastIdOf(revision)) record = this.#follow(record, compacted);
    }
    return record === undefined || record.version === 0 ? undefined : record;
  }

  /** The record before this one of the same key; only what compaction forgets may be missing. */
  #follow(record: LogRecord, compacted: number): LogRecord | undefined {
    if (record.prev === 0) return undefined;
    const previous = this.byId(record.prev);
    if (previous === undefined) {
      if (record.prev >= firstIdOf(compacted)) throw this.#damage(`record ${record.prev} is missing`);
      return undefined;
    }
    if (Buffer.compare(previous.key, record.key) !== 0) throw this.#damage(`record ${record.prev} is of another key`);
    return previous;
  }

  /** The newest record of each key in a span, deletions included; only those newer than the id `newerThan`. */
  *#pages(
    span: KeySpan,
    { newerThan = 0, size = PAGE }: { newerThan?: number; size?: number },
  ): Generator<LogRecord, void, undefined> {
    const limit = Math.min(size, PAGE);
    let after: Uint8Array | undefined;
    for (;;) {
      const [where, ...parameters] = condition(span, after);
      const sql = `${NEWEST} WHERE ${where} AND c.id>? ORDER BY c.k LIMIT ?`;
      const rows = this.#db.all(sql, ...parameters, newerThan, limit);
      for (const row of rows) {
        const record = this.#newestRecord(row);
        if (after !== undefined && Buffer.compare(after, record.key) >= 0) throw this.#damage('keys are out of order');
        after = record.key;
        yield record;
      }
      if (rows.length < limit) return;
    }
  }

  #checkBefore(key: Uint8Array): Uint8Array | undefined {
    const row = this.#db.get(`${NEWEST} WHERE c.k<? ORDER BY c.k DESC LIMIT 1`, key);
    return row === undefined ? undefined : this.#newestRecord(row).key;
  }

  #checkFrom(key: Uint8Array, exclusive = false): Uint8Array | undefined {
    const row = this.#db.get(`${NEWEST} WHERE c.k${exclusive ? '>' : '>='}? ORDER BY c.k LIMIT 1`, key);
    return row === undefined ? undefined : this.#newestRecord(row).key;
  }

  #newestRecord(row: unknown[]): LogRecord {
    const key = blob(row[0]);
    if (row[3] === null) throw this.#damage(`the newest record of ${printable(key)} is missing`);
    const record = this.#record(key, row.slice(3));
    if (record.version !== row[2]) throw this.#damage(`the version of ${printable(key)} does not fit its record`);
    return record;
  }

  #record(key: Uint8Array, row: unknown[]): LogRecord {
    const record: LogRecord = {
      id: integer(row[0]),
      prev: integer(row[1]),
      key,
      createRevision: integer(row[2]),
      version: integer(row[3]),
      lease: typeof row[4] === 'string' ? BigInt(row[4]) : 0n,
      value: blob(row[6]),
    };
    if (checksum(record) !== row[5]) {
      throw this.#damage(`the record of ${printable(key)} at revision ${revisionOf(record.id)} fails its checksum`);
    }
    return record;
  }

  #damage(what: string): StorageError {
    return corrupt(this.#db.folder, what);
  }
}

/** The SQL condition of a span, after a key that was seen already when there is one, and its parameters. */
function condition(span: KeySpan, after?: Uint8Array): [string, ...Uint8Array[]] {
  const from = after === undefined ? 'c.k>=?' : 'c.k>?';
  const start = after ?? span.start;
  return span.end === undefined ? [from, start] : [`${from} AND c.k<?`, start, span.end];
}

function printable(key: Uint8Array): string {
  return JSON.stringify(Buffer.from(key).toString('utf8'));
}
