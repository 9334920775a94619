import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { KeyValue } from '../../storage/storage.ts';
import { type JournalEntry, type JournalLine, JOURNAL_FILE } from './journal-line.ts';

export interface JournalOptions {
  readonly folder: string;
  readonly now: () => Date;
  /** Is told, once, that old values cannot be kept. */
  readonly warn: (text: string) => void;
  /** What one file and all files may hold; absent: 16 and 64 MiB. */
  readonly mostBytes?: { readonly file: number; readonly all: number };
}

const MEBIBYTE = 1024 * 1024;
const MOST_FILES = 500;
/** Values that are dropped when they are younger are told of. */
const YOUNG_MS = 24 * 60 * 60 * 1000;

/** Names an entry of the journal. */
export interface KeptEntry {
  readonly file: string;
  readonly number: number;
}

/**
 * The old values that one run of the program overwrites and deletes, in a file of its own that only the user may read: one
 * JSON document a line, values as the bytes that were stored (encrypted ones stay so). A value is in the file before `keep`
 * returns, and on the disk when `sync` has resolved. The oldest files go when there are too many; that is told of when they
 * are less than a day old.
 */
export class UndoJournal {
  readonly #options: JournalOptions;
  readonly #most: { readonly file: number; readonly all: number };
  #file: string | undefined;
  #entries = 0;
  #size = 0;
  #failed = false;
  readonly #unsynced = new Set<string>();
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#most = options.mostBytes ?? { file: 16 * MEBIBYTE, all: 64 * MEBIBYTE };
  }

  /** Keeps a value that is about to be replaced. */
  keep(kv: KeyValue, change: 'put' | 'delete'): KeptEntry {
    if (this.#file === undefined || this.#size > this.#most.file) this.#begin();
    const file = this.#file ?? '';
    const number = ++this.#entries;
    const entry: JournalEntry = {
      entry: number,
      time: this.#options.now().toISOString(),
      change,
      key: kv.key.toString('base64'),
      value: kv.value.toString('base64'),
      createRevision: kv.createRevision,
      modRevision: kv.modRevision,
      version: kv.version,
      ...(kv.lease === 0n ? {} : { lease: kv.lease.toString(16) }),
    };
    this.#append(file, entry);
    return { file, number };
  }

  /** Resolves when everything that was kept is on the disk. Calls that wait for the same disk share one turn. */
  sync(): Promise<void> {
    this.#waiting ??= this.#running.then(() => {
      this.#waiting = undefined;
      this.#running = this.#syncFiles();
      return this.#running;
    });
    return this.#waiting;
  }

  async #syncFiles(): Promise<void> {
    const paths = [...this.#unsynced];
    this.#unsynced.clear();
    try {
      for (const each of paths) {
        const handle = await fs.promises.open(each, 'r');
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
      }
    } catch (error) {
      this.#tell(error);
    }
  }

  /** Says at which revision values were replaced. */
  done(entries: readonly KeptEntry[], revision: number): void {
    for (const [file, numbers] of byFile(entries)) this.#append(file, { entries: numbers, revision });
  }

  /** Says that values were not replaced after all. */
  drop(entries: readonly KeptEntry[]): void {
    for (const [file, numbers] of byFile(entries)) this.#append(file, { entries: numbers, dropped: true });
  }

  #begin(): void {
    const time = this.#options
      .now()
      .toISOString()
      .replaceAll(/[-:]|\.\d+/g, '');
    const name = `${time}-${randomBytes(3).toString('hex')}${JOURNAL_FILE}`;
    this.#file = path.join(this.#options.folder, name);
    this.#size = 0;
    this.#try(() => {
      fs.mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
      // One that is there already may be open to others, with what is kept in it.
      if ((fs.statSync(this.#options.folder).mode & 0o077) !== 0) fs.chmodSync(this.#options.folder, 0o700);
      this.#prune();
    });
  }

  #append(file: string, line: JournalLine): void {
    const text = `${JSON.stringify(line)}\n`;
    this.#size += text.length;
    this.#try(() => fs.appendFileSync(file, text, { mode: 0o600 }));
    this.#unsynced.add(file).add(this.#options.folder);
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    const why = error instanceof Error ? error.message : String(error);
    this.#options.warn(`old values cannot be kept, so that etcd undo will not bring them back: ${why}`);
  }

  #prune(): void {
    const now = this.#options.now().getTime();
    const removed = prune(this.#options.folder, this.#most.all - this.#most.file);
    const young = removed.filter((name) => now - timeIn(name) < YOUNG_MS);
    if (young.length === 0) return;
    const most = Math.round(this.#most.all / MEBIBYTE);
    this.#options.warn(
      `old values of the last day were dropped, and etcd undo will not bring them back: ${young.sort().join(', ')} (${most} MiB in ${MOST_FILES} files are kept in ${this.#options.folder})`,
    );
  }
}

function byFile(entries: readonly KeptEntry[]): Map<string, number[]> {
  const files = new Map<string, number[]>();
  for (const { file, number } of entries) {
    const numbers = files.get(file);
    if (numbers === undefined) files.set(file, [number]);
    else numbers.push(number);
  }
  return files;
}

/** The time that a file's name begins with. */
function timeIn(name: string): number {
  return Date.parse(name.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** Removes the oldest files until the rest fits, and answers their names, which begin with their time. */
function prune(folder: string, mostBytes: number): string[] {
  const names = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(JOURNAL_FILE))
    .sort()
    .reverse();
  const removed: string[] = [];
  let bytes = 0;
  for (const [index, name] of names.entries()) {
    const file = path.join(folder, name);
    bytes += fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes <= mostBytes && index < MOST_FILES - 1) continue;
    fs.rmSync(file, { force: true });
    removed.push(name);
  }
  return removed;
}
