import { damage } from './damage.ts';
import { BUCKET_HEADER_SIZE } from './page-format.ts';
import { Page } from './page.ts';

/** A tree of 2^64 pages with two children each is no deeper; a circle is. */
const MAX_DEPTH = 64;

/** Where a bucket's pages come from. */
export interface PageSource {
  /** The file, for errors. */
  readonly path: string;
  readonly meta: { readonly pageSize: number };
  page(id: number, from: string): Page;
}

/** A key of a bucket with its value. Both share the memory of the page: copy what is kept. */
export interface BucketEntry {
  readonly key: Buffer;
  readonly value: Buffer;
  /** The value is itself a bucket. */
  readonly isBucket: boolean;
}

/** Where a bucket is: the page of its root, or the one page that it is. */
interface BucketPlace {
  readonly page: number | Page;
  readonly sequence: bigint;
}

/** A step from the root towards a leaf. */
interface Step {
  readonly page: Page;
  index: number;
}

/** The keys of one bucket in order of their bytes. Throws StorageError Corrupt for damage, as BboltFile says. */
export class Bucket {
  readonly sequence: bigint;
  readonly #file: PageSource;
  readonly #root: number | Page;

  constructor(file: PageSource, { page, sequence }: BucketPlace) {
    this.#file = file;
    this.#root = page;
    this.sequence = sequence;
  }

  /** The value of a key; undefined when there is none. */
  get(key: Uint8Array): Buffer | undefined {
    const found = this.#find(key);
    return found === undefined || found.page.isBucket(found.index) ? undefined : found.page.value(found.index);
  }

  /** A bucket within this one; undefined when there is none of that name. */
  bucket(name: Uint8Array): Bucket | undefined {
    const found = this.#find(name);
    if (found === undefined || !found.page.isBucket(found.index)) return undefined;
    return this.#open(found.page, found.index);
  }

  /** All entries, or those from `from` on. Every key is above the one before, whatever the pages say. */
  *entries(from: Uint8Array = Buffer.alloc(0)): Generator<BucketEntry> {
    let previous: Buffer | undefined;
    for (const { page, index } of this.#walk(from)) {
      const key = page.key(index);
      if (previous !== undefined && previous.compare(key) >= 0) {
        throw damage(this.#file.path, page.id, `the key of element ${index} is not above those of the pages before it`);
      }
      previous = key;
      yield { key, value: page.value(index), isBucket: page.isBucket(index) };
    }
  }

  /** The buckets within this one. */
  *buckets(): Generator<{ name: Buffer; bucket: Bucket }> {
    for (const { page, index } of this.#walk(Buffer.alloc(0))) {
      if (page.isBucket(index)) yield { name: Buffer.from(page.key(index)), bucket: this.#open(page, index) };
    }
  }

  /** The numbers of all pages that the bucket has of its own, those of overflowing pages too. */
  *pages(): Generator<number> {
    if (typeof this.#root === 'number') yield* this.#pagesBelow(this.#rootPage(), 0);
  }

  /** The last entry; undefined for an empty bucket. */
  last(): BucketEntry | undefined {
    let page = this.#rootPage();
    for (let depth = 0; !page.isLeaf; depth++) page = this.#below(page, page.count - 1, depth);
    const index = page.count - 1;
    return index < 0 ? undefined : { key: page.key(index), value: page.value(index), isBucket: page.isBucket(index) };
  }

  *#walk(from: Uint8Array): Generator<Step> {
    const path: Step[] = this.#descend(from);
    for (;;) {
      const leaf = path.at(-1);
      if (leaf === undefined) return;
      const { page } = leaf;
      for (; leaf.index < page.count; leaf.index++) yield leaf;
      path.pop();
      while (path.length > 0 && (path.at(-1)?.index ?? 0) + 1 >= (path.at(-1)?.page.count ?? 0)) path.pop();
      const branch = path.at(-1);
      if (branch === undefined) return;
      branch.index++;
      let next = this.#below(branch.page, branch.index, path.length - 1);
      while (!next.isLeaf) {
        path.push({ page: next, index: 0 });
        next = this.#below(next, 0, path.length - 1);
      }
      path.push({ page: next, index: 0 });
    }
  }

  /** The way to the first element that is not below `key`. */
  #descend(key: Uint8Array): Step[] {
    const path: Step[] = [];
    let page = this.#rootPage();
    while (!page.isLeaf) {
      const at = page.search(key);
      const exact = at < page.count && page.key(at).equals(key);
      const index = exact ? at : Math.max(at - 1, 0);
      path.push({ page, index });
      page = this.#below(page, index, path.length - 1);
    }
    path.push({ page, index: page.search(key) });
    return path;
  }

  *#pagesBelow(page: Page, depth: number): Generator<number> {
    const { pageSize } = this.#file.meta;
    for (let index = 0; index * pageSize < page.bytes.length; index++) yield page.id + index;
    if (page.isLeaf) return;
    for (let index = 0; index < page.count; index++) {
      yield* this.#pagesBelow(this.#below(page, index, depth), depth + 1);
    }
  }

  #find(key: Uint8Array): Step | undefined {
    const leaf = this.#descend(key).at(-1);
    if (leaf === undefined || leaf.index >= leaf.page.count) return undefined;
    return leaf.page.key(leaf.index).equals(key) ? leaf : undefined;
  }

  #rootPage(): Page {
    return typeof this.#root === 'number' ? this.#file.page(this.#root, 'a bucket') : this.#root;
  }

  #below(page: Page, index: number, depth: number): Page {
    const id = page.child(index);
    if (depth >= MAX_DEPTH) {
      throw damage(this.#file.path, page.id, `the tree is more than ${MAX_DEPTH} pages deep here: it goes in a circle`);
    }
    const child = this.#file.page(id, `page ${page.id}`);
    if (child.count === 0) throw damage(this.#file.path, id, 'it is an empty page within a tree');
    if (child.key(0).compare(page.key(index)) < 0) {
      throw damage(this.#file.path, id, `its first key is below the key that page ${page.id} has for it`);
    }
    return child;
  }

  #open(page: Page, index: number): Bucket {
    const value = page.value(index);
    const problem = (text: string): Error =>
      damage(this.#file.path, page.id, `the bucket in element ${index}: ${text}`);
    if (value.length < BUCKET_HEADER_SIZE) throw problem('it is shorter than a bucket');
    const root = Number(value.readBigUInt64LE(0));
    const sequence = value.readBigUInt64LE(8);
    if (root !== 0) return new Bucket(this.#file, { page: root, sequence });
    const inline = new Page(page.id, value.subarray(BUCKET_HEADER_SIZE), problem);
    if (!inline.isLeaf) throw problem('its one page is no leaf');
    return new Bucket(this.#file, { page: inline, sequence });
  }
}
