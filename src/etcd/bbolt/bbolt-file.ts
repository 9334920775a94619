import fs from 'node:fs';
import { StorageError } from '../../storage/storage-error.ts';
import { Bucket, type PageSource } from './bucket.ts';
import { damage } from './damage.ts';
import { type Meta, readMeta } from './meta.ts';
import { META_SIZE, PAGE_HEADER_SIZE } from './page-format.ts';
import { Page } from './page.ts';

/** How many bytes of pages are remembered. */
const CACHE_BYTES = 16 * 1024 * 1024;
/** bbolt's own limit of one value is below 2 GiB; etcd's is 1.5 MB unless it is told otherwise. */
const MAX_RUN_BYTES = 1024 * 1024 * 1024;
/** Where bbolt looks for the second meta page when the first one, which says how large a page is, is damaged. */
const PAGE_SIZES = Array.from({ length: 15 }, (_, power) => 1024 << power);

/**
 * A bbolt database, read page by page through a file descriptor and never as a whole; memory is bounded by a small cache.
 * What is read is the state of the newest sound meta page. Every method throws StorageError Corrupt, with the page's
 * number and what is wrong, for damage; nothing loops or allocates by a damaged number. Reading is synchronous.
 */
export class BboltFile implements PageSource {
  readonly path: string;
  readonly meta: Meta;
  /** Why the newer of the two meta pages was passed over; undefined when both are sound. */
  readonly metaProblem: string | undefined;
  readonly #descriptor: number;
  readonly #cache = new Map<number, Page>();
  #cached = 0;
  #closed = false;

  /** Throws StorageError Corrupt for what is no bbolt database or shorter than it says, and Node's own error for a missing file. */
  static open(path: string): BboltFile {
    const descriptor = fs.openSync(path, 'r');
    try {
      return new BboltFile(path, descriptor);
    } catch (error) {
      fs.closeSync(descriptor);
      throw error;
    }
  }

  private constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
    const { size } = fs.fstatSync(descriptor);
    const { meta, problem } = newestMeta(path, descriptor, size);
    const needed = meta.highWater * meta.pageSize;
    if (needed > size) {
      throw damage(path, undefined, `the file is truncated: it has ${size} bytes, and its pages need ${needed}`);
    }
    this.meta = meta;
    this.metaProblem = problem;
  }

  /** The bytes of all pages; what bbolt calls the transaction's size. */
  get sizeBytes(): number {
    return this.meta.highWater * this.meta.pageSize;
  }

  /** The bucket of all buckets. */
  get root(): Bucket {
    return new Bucket(this, { page: this.meta.root, sequence: 0n });
  }

  /** A branch or leaf with the pages that belong to it. `from` is where the page is referred to, for the error. */
  page(id: number, from: string): Page {
    const known = this.#cache.get(id);
    if (known !== undefined) {
      // Youngest last, so that the oldest is first to go.
      this.#cache.delete(id);
      this.#cache.set(id, known);
      return known;
    }
    const page = this.#load(id, from);
    this.#remember(page);
    return page;
  }

  /** Whether the file has been written since it was opened: then what was read may be from two states. */
  hasChanged(): boolean {
    const { size } = fs.fstatSync(this.#descriptor);
    const { meta } = newestMeta(this.path, this.#descriptor, size);
    return meta.transaction !== this.meta.transaction;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cache.clear();
    fs.closeSync(this.#descriptor);
  }

  #load(id: number, from: string): Page {
    const { pageSize, highWater } = this.meta;
    if (this.#closed) throw new StorageError('Unavailable', `${this.path} was closed`);
    if (id < 2 || id >= highWater) {
      throw damage(this.path, id, `${from} refers to it, and the pages of data are 2 to ${highWater - 1}`);
    }
    const start = id * pageSize;
    const first = this.#read(start, pageSize);
    const itself = first.readBigUInt64LE(0);
    if (itself !== BigInt(id)) throw damage(this.path, id, `it says that it is page ${itself}`);
    const overflow = first.readUInt32LE(12);
    const length = (overflow + 1) * pageSize;
    if (id + overflow >= highWater || length > MAX_RUN_BYTES) {
      throw damage(this.path, id, `it says that ${overflow} more pages belong to it, which are not there`);
    }
    const bytes = overflow === 0 ? first : this.#read(start, length);
    return new Page(id, bytes, (text) => damage(this.path, id, text));
  }

  #read(start: number, length: number): Buffer {
    const bytes = readAt(this.#descriptor, start, length);
    if (bytes.length < length) throw damage(this.path, undefined, `the file ends at byte ${start + bytes.length}`);
    return bytes;
  }

  #remember(page: Page): void {
    this.#cache.set(page.id, page);
    this.#cached += page.bytes.length;
    for (const [id, oldest] of this.#cache) {
      if (this.#cached <= CACHE_BYTES) return;
      this.#cache.delete(id);
      this.#cached -= oldest.bytes.length;
    }
  }
}

/** As bbolt does it: the sound one of the later transaction, and whatever is wrong with the other. */
function newestMeta(path: string, descriptor: number, size: number): { meta: Meta; problem?: string } {
  if (size === 0) throw damage(path, undefined, 'the file is empty');
  const metaSize = PAGE_HEADER_SIZE + META_SIZE;
  const first = readMeta(readAt(descriptor, 0, metaSize));
  const sizes = typeof first === 'string' ? PAGE_SIZES : [first.pageSize];
  let second: Meta | string = 'it was not found';
  for (const pageSize of sizes) {
    if (pageSize + metaSize > size && sizes.length > 1) break;
    const found = readMeta(readAt(descriptor, pageSize, metaSize));
    if (typeof found !== 'string' && found.pageSize !== pageSize) continue;
    if (typeof found !== 'string' || sizes.length === 1) second = found;
    if (typeof found !== 'string') break;
  }
  if (typeof first === 'string' && typeof second === 'string') {
    throw damage(path, undefined, `this is no bbolt database: meta page 0: ${first}; meta page 1: ${second}`);
  }
  if (typeof first === 'string') return { meta: second as Meta, problem: `meta page 0: ${first}` };
  if (typeof second === 'string') return { meta: first, problem: `meta page 1: ${second}` };
  return { meta: second.transaction > first.transaction ? second : first };
}

/** Up to `length` bytes; fewer only at the file's end. */
function readAt(descriptor: number, start: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const read = fs.readSync(descriptor, bytes, done, length - done, start + done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}
