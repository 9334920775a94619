import fs from 'node:fs';
import { writeMeta } from './meta.ts';
import { BUCKET_HEADER_SIZE, FREELIST_PAGE } from './page-format.ts';
import { TreeWriter } from './tree-writer.ts';

/** The meta pages are 0 and 1, and the free list is 2. */
const FREELIST = 2;
const FIRST_DATA_PAGE = 3;
/** How much is written at once. */
const BATCH_BYTES = 1024 * 1024;

/**
 * Makes a new bbolt database whose buckets are written one after the other, each with its keys in order; every page is in
 * use, so that the file is as small as it gets. Memory is bounded. The file is no database before `finish`.
 */
export class BboltWriter {
  readonly #descriptor: number;
  readonly #pageSize: number;
  readonly #buckets: { name: Buffer; value: Buffer }[] = [];
  #next = FIRST_DATA_PAGE;
  #batch: Buffer[] = [];
  #batched = 0;
  #written = FIRST_DATA_PAGE;
  #open = true;

  /** Creates the file; it must not exist. */
  constructor(path: string, pageSize: number) {
    this.#descriptor = fs.openSync(path, 'wx', 0o600);
    this.#pageSize = pageSize;
  }

  /** Begins a bucket: `add` its keys in order, then `end` it before the next begins. Buckets must come in order of their names. */
  bucket(name: Buffer, sequence = 0n): { add(key: Buffer, value: Buffer): void; end(): void } {
    const tree = new TreeWriter((page) => this.#append(page), this.#pageSize);
    return {
      add: (key, value) => tree.add(key, value),
      end: () => {
        const value = Buffer.alloc(BUCKET_HEADER_SIZE);
        value.writeBigUInt64LE(BigInt(tree.finish()), 0);
        value.writeBigUInt64LE(sequence, 8);
        this.#buckets.push({ name, value });
      },
    };
  }

  /** Writes the catalogue of buckets and the meta pages, and waits until all is on the disk. */
  finish(): void {
    const catalogue = new TreeWriter((page) => this.#append(page), this.#pageSize);
    for (const { name, value } of this.#buckets) catalogue.add(name, value, true);
    const root = catalogue.finish();
    this.#flush();
    const freelist = Buffer.alloc(this.#pageSize);
    freelist.writeBigUInt64LE(BigInt(FREELIST), 0);
    freelist.writeUInt16LE(FREELIST_PAGE, 8);
    const meta = { pageSize: this.#pageSize, root, highWater: this.#next, freelist: BigInt(FREELIST) };
    const head = [writeMeta(0, { ...meta, transaction: 2n }), writeMeta(1, { ...meta, transaction: 1n }), freelist];
    this.#write(Buffer.concat(head), 0);
    fs.fsyncSync(this.#descriptor);
    this.close();
  }

  /** Lets go of the file, finished or not. Safe to call twice. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    fs.closeSync(this.#descriptor);
  }

  #append(page: Buffer): number {
    const id = this.#next;
    page.writeBigUInt64LE(BigInt(id), 0);
    this.#next += page.length / this.#pageSize;
    this.#batch.push(page);
    this.#batched += page.length;
    if (this.#batched >= BATCH_BYTES) this.#flush();
    return id;
  }

  #flush(): void {
    this.#write(Buffer.concat(this.#batch), this.#written * this.#pageSize);
    this.#written = this.#next;
    this.#batch = [];
    this.#batched = 0;
  }

  #write(bytes: Buffer, start: number): void {
    for (let done = 0; done < bytes.length;) {
      done += fs.writeSync(this.#descriptor, bytes, done, bytes.length - done, start + done);
    }
  }
}
