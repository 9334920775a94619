import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

export const PAGE_SIZE = 4096;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;
const FRAME = FRAME_HEADER + PAGE_SIZE;

/** Where an image of a page is. */
interface Place {
  readonly file: number;
  readonly offset: number;
}

/**
 * The pages of an SQLite database and its write-ahead log, read without SQLite, so that damage in one place does not hide
 * what is whole in another. Checksums of the log are not asked: a record has one of its own. Frames after the last commit
 * of a generation of the log were never committed, and are left out.
 */
export class PageImages {
  readonly #database: number;
  readonly #logs: number[];
  readonly #inLog = new Map<number, Place[]>();
  readonly #databasePages: number;

  constructor(file: string) {
    this.#database = openSync(file, 'r');
    // A log that was kept from being folded into the database when the store was refused, then the one in use.
    const logs = [`${file}-wal.kept`, `${file}-wal`].filter((path) => existsSync(path));
    this.#logs = logs.map((path) => openSync(path, 'r'));
    for (const log of this.#logs) this.#indexLog(log, fstatSync(log).size);
    this.#databasePages = Math.ceil(statSync(file).size / PAGE_SIZE);
  }

  /** The numbers of all pages of which there is an image. Damage in the log can make any number of one, hence no range. */
  *numbers(): Generator<number, void, undefined> {
    for (let page = 1; page <= this.#databasePages; page++) yield page;
    for (const page of this.#inLog.keys()) if (page > this.#databasePages) yield page;
  }

  /** The page as it was last committed; what is beyond the end of a file is zero. */
  current(page: number): Buffer {
    const places = this.#inLog.get(page);
    return this.#read(places?.at(-1) ?? this.#inDatabase(page));
  }

  /** What the page was before, the newest first. */
  *older(page: number): Generator<Buffer, void, undefined> {
    const places = this.#inLog.get(page);
    if (places === undefined) return;
    for (const place of places.slice(0, -1).reverse()) yield this.#read(place);
    yield this.#read(this.#inDatabase(page));
  }

  close(): void {
    closeSync(this.#database);
    for (const log of this.#logs) closeSync(log);
  }

  #inDatabase(page: number): Place {
    return { file: this.#database, offset: (page - 1) * PAGE_SIZE };
  }

  #read({ file, offset }: Place): Buffer {
    const image = Buffer.alloc(PAGE_SIZE);
    readSync(file, image, 0, PAGE_SIZE, offset);
    return image;
  }

  #indexLog(file: number, size: number): void {
    const generations = new Map<string, { page: number; place: Place; commits: boolean }[]>();
    const header = Buffer.alloc(FRAME_HEADER);
    for (let offset = WAL_HEADER; offset + FRAME <= size; offset += FRAME) {
      readSync(file, header, 0, FRAME_HEADER, offset);
      const salt = header.toString('latin1', 8, 16);
      const frames = generations.get(salt) ?? [];
      generations.set(salt, frames);
      frames.push({
        page: header.readUInt32BE(0),
        place: { file, offset: offset + FRAME_HEADER },
        commits: header.readUInt32BE(4) !== 0,
      });
    }
    // The first frames are of the newest generation, so that they go in last.
    for (const frames of [...generations.values()].reverse()) {
      const end = frames.findLastIndex((frame) => frame.commits) + 1;
      for (const { page, place } of frames.slice(0, end)) {
        if (page === 0) continue;
        const places = this.#inLog.get(page) ?? [];
        places.push(place);
        this.#inLog.set(page, places);
      }
    }
  }
}
