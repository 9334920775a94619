import { setImmediate as turn } from 'node:timers/promises';
import { ProtobufError } from '../../model/protobuf/protobuf-error.ts';
import { StorageError } from '../../storage/storage-error.ts';
import type { KeyRange, KeyValue, RangeRequest, RangeResult } from '../../storage/storage.ts';
import { BboltFile } from '../bbolt/bbolt-file.ts';
import type { Bucket } from '../bbolt/bucket.ts';
import { damage } from '../bbolt/damage.ts';
import { type DatabaseFacts, readFacts } from './database-facts.ts';
import { KeyIndex } from './key-index.ts';
import { decodeKeyValue, keyOfMessage } from './key-value-message.ts';
import { writesAfter } from './log-tail.ts';
import { parseRevisionKey, type RevisionKey, revisionKey } from './revision-key.ts';
import { checkHash, databaseFile, lockHolder } from './snapshot-file.ts';

export interface OpenDatabaseOptions {
  /** Reads a snapshot without comparing it with the hash at its end. */
  readonly skipHashCheck?: boolean;
}

/** One change of one key. */
export interface Change {
  readonly type: 'put' | 'delete';
  /** As etcd's events have it: a deletion has the key and modRevision, and neither value nor version. */
  readonly kv: KeyValue;
  /** Its place among the changes of one revision, from 0. */
  readonly sub: number;
}

/** A change within its key's history. */
export interface HistoricChange extends Change {
  /** Overwritten up to the compacted revision: etcd itself no longer answers with it, and has not yet removed it. */
  readonly compacted: boolean;
}

/** How many entries are read before others get their turn. */
const SLICE = 2000;

/**
 * The database of one etcd member, read from its file: a snapshot, or the `member/snap/db` of a member that is stopped.
 * Memory is bounded by the keys and their revisions (built once, when first needed), never by the values; `changes` needs
 * not even that. Everything is as of the file's last transaction; what the member had only in its write-ahead log is not in it.
 * Every method rejects with StorageError: Corrupt (file, page and problem), Compacted, FutureRevision, InvalidArgument.
 */
export class EtcdDatabase {
  /** The database file, resolved. */
  readonly path: string;
  readonly facts: DatabaseFacts;
  /** The newest revision. */
  readonly revision: number;
  /** Reads below this revision are refused. 0 when nothing was compacted. */
  readonly compactRevision: number;
  /** Whether the content was compared with a snapshot's hash. */
  readonly hashChecked: boolean;
  readonly #file: BboltFile;
  readonly #keys: Bucket;
  #index: Promise<KeyIndex> | undefined;

  /**
   * Opens a snapshot, a database file or a data directory. Rejects with UserError for a path that is none of them, with
   * StorageError Locked while an etcd runs on the file, NewerFormat for a format that is not known, and Corrupt.
   */
  static async open(path: string, { skipHashCheck = false }: OpenDatabaseOptions = {}): Promise<EtcdDatabase> {
    const found = databaseFile(path);
    const holder = lockHolder(found);
    if (holder !== undefined) {
      throw new StorageError('Locked', `${found} is in use by process ${holder}: an etcd runs on it`, {
        hint: 'Stop that member first, or save a snapshot of it and read that.',
      });
    }
    const hashChecked = skipHashCheck ? false : await checkHash(found);
    const file = BboltFile.open(found);
    try {
      return new EtcdDatabase(file, hashChecked);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  private constructor(file: BboltFile, hashChecked: boolean) {
    this.path = file.path;
    this.hashChecked = hashChecked;
    this.#file = file;
    this.facts = readFacts(file);
    const keys = file.root.bucket(Buffer.from('key'));
    if (keys === undefined) throw damage(file.path, undefined, 'there is no bucket "key"');
    this.#keys = keys;
    this.compactRevision = Math.max(this.facts.scheduledCompactRevision, this.facts.finishedCompactRevision);
    const last = keys.last();
    const newest = last === undefined ? 1 : this.#revisionOf(last.key).main;
    this.revision = Math.max(newest, this.compactRevision, 1);
  }

  /** The bytes of the database, without a snapshot's hash; what etcd calls its size. */
  get sizeBytes(): number {
    return this.#file.sizeBytes;
  }

  /** What a person should know of the state that is read: it may be older than the member's. */
  get warning(): string | undefined {
    const problem = this.#file.metaProblem;
    const writes = this.hashChecked ? 0 : writesAfter(this.path, this.facts.consistentIndex);
    const warnings = [
      ...(problem === undefined ? [] : [`${problem}; the state before it was read`]),
      ...(writes === 0
        ? []
        : [`the member's log holds ${writes} writes that its database does not have yet; they are not read`]),
    ];
    return warnings.length === 0 ? undefined : `${this.path}: ${warnings.join('; ')}`;
  }

  /** etcd's range, with its meaning of limit, count and revision. */
  async range(request: RangeRequest): Promise<RangeResult> {
    const limit = request.limit !== undefined && request.limit > 0 ? request.limit : Infinity;
    const kvs: KeyValue[] = [];
    let count = 0;
    for await (const found of this.#found(request, request.revision)) {
      count++;
      if (request.countOnly === true || kvs.length >= limit) continue;
      const kv = this.#read(found.name, found.change);
      kvs.push(request.keysOnly === true ? { ...kv, value: Buffer.alloc(0) } : kv);
    }
    return { revision: this.revision, kvs, count, more: request.countOnly !== true && count > kvs.length };
  }

  /** The keys of a range as they were at a revision (0 or absent: the newest), in order, one at a time. */
  async *scan(range: KeyRange, revision?: number): AsyncGenerator<KeyValue> {
    for await (const { name, change } of this.#found(range, revision)) yield this.#read(name, change);
  }

  /** All that the file still has of a key, oldest first, deletions too. */
  async history(key: Uint8Array): Promise<HistoricChange[]> {
    if (key.length === 0) throw new StorageError('InvalidArgument', 'key is not provided');
    const changes = (await this.#keyIndex()).changes(key);
    return changes.map((each, index) => {
      const next = changes[index + 1]?.main;
      return { ...this.#change(each), compacted: next !== undefined && next <= this.compactRevision };
    });
  }

  /** All keys that the file knows in a range, those too that do not exist any more, in order. */
  async *knownKeys(range: KeyRange): AsyncGenerator<Buffer> {
    for (const name of (await this.#keyIndex()).keys(checked(range))) yield Buffer.from(name, 'latin1');
  }

  /** The changes of a range from revision `from` on, up to and including `to`, in the order in which they happened. Builds no index. */
  async *changes(range: KeyRange, from = 0, to = Number.MAX_SAFE_INTEGER): AsyncGenerator<Change> {
    const wanted = rangeTest(checked(range));
    for await (const { revision, value } of this.#entries(from)) {
      if (revision.main > to) return;
      const key = this.#attempt(revision, () => keyOfMessage(value));
      if (key.length > 0 && wanted(key)) yield this.#toChange(revision, value);
    }
  }

  /** Whether the file was written while it was read; then what was read may be wrong. */
  hasChanged(): boolean {
    return this.#file.hasChanged();
  }

  /** Safe to call twice. */
  close(): void {
    this.#file.close();
  }

  async *#found(range: KeyRange, wanted = 0): AsyncGenerator<{ name: string; change: RevisionKey }> {
    checked(range);
    const revision = this.#reachable(wanted);
    const index = await this.#keyIndex();
    let count = 0;
    for (const name of index.keys(range)) {
      const change = index.at(name, revision);
      if (change !== undefined) yield { name, change };
      if (++count % SLICE === 0) await turn();
    }
  }

  /** The revision to read at. */
  #reachable(wanted: number): number {
    if (wanted <= 0) return this.revision;
    if (wanted > this.revision) {
      throw new StorageError(
        'FutureRevision',
        `required revision ${wanted} is a future revision; the store is at ${this.revision}`,
      );
    }
    if (wanted < this.compactRevision) {
      throw new StorageError(
        'Compacted',
        `required revision ${wanted} has been compacted; the oldest kept is ${this.compactRevision}`,
        { compactRevision: this.compactRevision },
      );
    }
    return wanted;
  }

  #keyIndex(): Promise<KeyIndex> {
    this.#index ??= this.#buildIndex();
    return this.#index;
  }

  async #buildIndex(): Promise<KeyIndex> {
    const index = new KeyIndex();
    for await (const { revision, value } of this.#entries(0)) {
      const key = this.#attempt(revision, () => keyOfMessage(value));
      // A restore with a raised revision leaves one entry without a key, which holds the revision alone.
      if (key.length > 0) index.add(key, revision);
    }
    if (this.hasChanged()) {
      throw new StorageError('Locked', `${this.path} was written while it was read: an etcd runs on it`, {
        hint: 'Stop that member first, or save a snapshot of it and read that.',
      });
    }
    return index;
  }

  async *#entries(from: number): AsyncGenerator<{ revision: RevisionKey; value: Buffer }> {
    let count = 0;
    const start = revisionKey({ main: Math.max(from, 0), sub: 0, deleted: false });
    for (const { key, value } of this.#keys.entries(start)) {
      yield { revision: this.#revisionOf(key), value };
      if (++count % SLICE === 0) await turn();
    }
  }

  #revisionOf(key: Buffer): RevisionKey {
    const revision = parseRevisionKey(key);
    if (revision === undefined) {
      throw damage(
        this.#file.path,
        undefined,
        `the bucket "key" has an entry that is no revision: ${key.toString('hex')}`,
      );
    }
    return revision;
  }

  #read(name: string, change: RevisionKey): KeyValue {
    const { kv } = this.#change(change);
    if (kv.key.toString('latin1') !== name || kv.modRevision !== change.main) {
      throw damage(this.path, undefined, `revision ${change.main}/${change.sub} is not the one that was found before`);
    }
    return kv;
  }

  #change(revision: RevisionKey): Change {
    const value = this.#keys.get(revisionKey(revision));
    if (value === undefined) {
      throw damage(
        this.path,
        undefined,
        `revision ${revision.main}/${revision.sub} is in the tree and cannot be found by it`,
      );
    }
    return this.#toChange(revision, value);
  }

  #toChange(revision: RevisionKey, value: Buffer): Change {
    const kv = this.#attempt(revision, () => decodeKeyValue(value));
    const type = revision.deleted ? 'delete' : 'put';
    const shown = revision.deleted ? { ...kv, modRevision: revision.main } : kv;
    return { type, kv: shown, sub: revision.sub };
  }

  #attempt<T>(revision: RevisionKey, body: () => T): T {
    try {
      return body();
    } catch (error) {
      if (!(error instanceof ProtobufError)) throw error;
      const where = `revision ${revision.main}/${revision.sub}`;
      throw damage(this.path, undefined, `${where} is no KeyValue message: ${error.message}`);
    }
  }
}

function checked(range: KeyRange): KeyRange {
  if (range.key.length === 0) throw new StorageError('InvalidArgument', 'key is not provided');
  return range;
}

function rangeTest({ key, rangeEnd }: KeyRange): (each: Buffer) => boolean {
  if (rangeEnd === undefined || rangeEnd.length === 0) return (each) => each.compare(key) === 0;
  if (rangeEnd.length === 1 && rangeEnd[0] === 0) return (each) => each.compare(key) >= 0;
  return (each) => each.compare(key) >= 0 && each.compare(rangeEnd) < 0;
}
