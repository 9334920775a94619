import { StorageError } from '../storage-error.ts';
import type { LocalDatabase } from './local-database.ts';
import type { CommitReader } from './commit-reader.ts';
import { checksum, firstIdOf, OPERATIONS_PER_REVISION, type LogRecord } from './record.ts';

/** Appends the changes of one revision. Used inside a write transaction only. */
export class RecordWriter {
  /** The revision of everything that this writer writes. */
  readonly revision: number;
  readonly #db: LocalDatabase;
  /** Sees what the commit has written so far. */
  readonly reader: CommitReader;
  #written = 0;
  #superseded = 0;

  constructor(db: LocalDatabase, reader: CommitReader, revision: number) {
    this.#db = db;
    this.reader = reader;
    this.revision = revision;
  }

  /** How many changes were written; none means that the revision was not taken. */
  get written(): number {
    return this.#written;
  }

  /** How many older records were overwritten. */
  get superseded(): number {
    return this.#superseded;
  }

  /** Gives a key a value, and returns what it was before. */
  put(key: Uint8Array, value: Uint8Array, lease: bigint): LogRecord | undefined {
    const newest = this.reader.newest(key);
    const live = newest !== undefined && newest.version > 0 ? newest : undefined;
    this.#append(key, newest, {
      createRevision: live?.createRevision ?? this.revision,
      version: (live?.version ?? 0) + 1,
      lease,
      value,
    });
    return live;
  }

  /** Deletes a key that exists. */
  delete(newest: LogRecord): void {
    this.#append(newest.key, newest, { createRevision: 0, version: 0, lease: 0n, value: new Uint8Array() });
  }

  #append(
    key: Uint8Array,
    newest: LogRecord | undefined,
    change: Pick<LogRecord, 'createRevision' | 'version' | 'lease' | 'value'>,
  ): void {
    if (this.#written >= OPERATIONS_PER_REVISION) {
      throw new StorageError('TooLarge', `one revision cannot change more than ${OPERATIONS_PER_REVISION} keys`);
    }
    const id = firstIdOf(this.revision) + this.#written;
    const record: LogRecord = { id, prev: newest?.id ?? 0, key, ...change };
    this.#db.run(
      'INSERT INTO log(id,prev,k,cr,ver,lease,crc,v) VALUES(?,?,?,?,?,?,?,?)',
      id,
      record.prev,
      key,
      record.createRevision,
      record.version,
      record.lease,
      checksum(record),
      record.value,
    );
    if (newest === undefined) {
      this.#db.run('INSERT INTO cur(k,id,ver,lease) VALUES(?,?,?,?)', key, id, record.version, record.lease);
    } else {
      this.#db.run('UPDATE cur SET id=?,ver=?,lease=? WHERE k=?', id, record.version, record.lease, key);
      this.#superseded += 1;
    }
    this.reader.appended(record);
    this.#written += 1;
  }
}
