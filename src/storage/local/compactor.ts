import { StorageError } from '../storage-error.ts';
import { blob, integer, type LocalDatabase } from './local-database.ts';
import type { RecordReader } from './record-reader.ts';
import { firstIdOf, lastIdOf, revisionOf } from './record.ts';

/** When a store compacts itself. */
export interface AutoCompaction {
  /** How many overwritten records a store may hold before it forgets some. */
  readonly superseded: number;
  /** How long, in milliseconds, history stays readable at least; kube-apiserver keeps five minutes. */
  readonly keep: number;
  /** How many records are looked at in one write, which bounds what a write can cost more. */
  readonly slice: number;
}

export const DEFAULT_AUTO_COMPACTION: AutoCompaction = { superseded: 10_000, keep: 300_000, slice: 500 };

/**
 * Forgets what was overwritten. The compact revision moves at once; the records go slice by slice, in this write and the
 * ones after it, whichever process makes them. The meta numbers: `compact` the oldest readable revision, `pruned` the id up
 * to which records are gone, `superseded` how many overwritten records there are, `keepRevision` and `keepSince` the
 * revision that may be compacted once `keep` has passed since that wall-clock time.
 */
export class Compactor {
  readonly #db: LocalDatabase;
  readonly #reader: RecordReader;
  readonly #auto: AutoCompaction;
  readonly #wall: () => number;

  constructor(parts: { db: LocalDatabase; reader: RecordReader; auto: AutoCompaction; wall: () => number }) {
    this.#db = parts.db;
    this.#reader = parts.reader;
    this.#auto = parts.auto;
    this.#wall = parts.wall;
  }

  /** Makes `revision` the oldest readable one. Throws Compacted or FutureRevision. */
  begin(revision: number, current: number): void {
    const compactRevision = this.#reader.meta('compact');
    if (revision <= compactRevision) {
      throw new StorageError(
        'Compacted',
        `required revision ${revision} has been compacted already; the oldest kept is ${compactRevision}`,
        {
          compactRevision,
        },
      );
    }
    if (revision > current) {
      throw new StorageError(
        'FutureRevision',
        `required revision ${revision} is a future revision; the store is at ${current}`,
      );
    }
    this.#reader.setMeta('compact', revision);
  }

  /** Removes the records of one slice, and tells whether there is more to remove. */
  prune(slice: number): boolean {
    const compact = this.#reader.meta('compact');
    const pruned = this.#reader.meta('pruned');
    if (pruned >= firstIdOf(compact) - 1) return false;
    // A deletion at the compact revision itself stays, for watchers that begin there; the next compaction looks again.
    const rows = this.#db.all(
      'SELECT id,prev,ver,k FROM log WHERE id>? AND id<=? ORDER BY id LIMIT ?',
      pruned,
      lastIdOf(compact),
      slice,
    );
    let removed = 0;
    for (const [id, prev, version, key] of rows) {
      if (integer(prev) !== 0) removed += this.#db.run('DELETE FROM log WHERE id=?', integer(prev));
      if (version === 0 && revisionOf(integer(id)) < compact) {
        const newest = this.#db.run('DELETE FROM cur WHERE k=? AND id=?', blob(key), integer(id)) > 0;
        const gone = this.#db.run('DELETE FROM log WHERE id=?', integer(id));
        if (!newest) removed += gone;
      }
    }
    const done = rows.length < slice;
    const reached = done ? firstIdOf(compact) - 1 : Math.min(integer(rows.at(-1)?.[0]), firstIdOf(compact) - 1);
    this.#reader.setMeta('pruned', reached);
    this.#addSuperseded(-removed);
    return !done && reached < firstIdOf(compact) - 1;
  }

  /** Part of each write: counts what it overwrote, and does a slice of what compaction is due. */
  afterWrite(superseded: number, current: number): void {
    if (superseded === 0) return;
    const total = this.#addSuperseded(superseded);
    if (this.prune(this.#auto.slice) || total <= this.#auto.superseded) return;
    const now = this.#wall();
    const since = this.#reader.meta('keepSince');
    const revision = this.#reader.meta('keepRevision');
    // A time in the future was written before the clock was set back.
    if (revision !== 0 && since <= now && now - since < this.#auto.keep) return;
    const due = revision !== 0 && since <= now;
    if (due && revision > this.#reader.meta('compact')) this.#reader.setMeta('compact', revision);
    this.#reader.setMeta('keepRevision', current);
    this.#reader.setMeta('keepSince', now);
  }

  #addSuperseded(count: number): number {
    const total = Math.max(0, this.#reader.meta('superseded') + count);
    this.#reader.setMeta('superseded', total);
    return total;
  }
}
