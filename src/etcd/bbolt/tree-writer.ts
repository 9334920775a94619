import { BRANCH_PAGE, BUCKET_ELEMENT, ELEMENT_SIZE, LEAF_PAGE, PAGE_HEADER_SIZE } from './page-format.ts';

/** Where pages go: takes the content of consecutive pages, fills in their number, and returns it. */
export type PageSink = (page: Buffer) => number;

interface Element {
  readonly key: Buffer;
  /** A leaf's value. */
  readonly value: Buffer;
  /** A branch's child. */
  readonly child: number;
  readonly isBucket: boolean;
}

/** Pages are left as full as bbolt leaves them when keys are only appended. */
const FILL = 0.9;
const NO_VALUE = Buffer.alloc(0);

/** One level of a tree: collects elements to pages, and hands the pages to the level above. */
class Level {
  readonly #sink: PageSink;
  readonly #pageSize: number;
  readonly #isLeaf: boolean;
  #above: Level | undefined;
  /** A full page that is kept until the next is, so that a branch never ends up with a single child. */
  #held: Element[] = [];
  #elements: Element[] = [];
  #size = PAGE_HEADER_SIZE;

  constructor(sink: PageSink, pageSize: number, isLeaf: boolean) {
    this.#sink = sink;
    this.#pageSize = pageSize;
    this.#isLeaf = isLeaf;
  }

  add(element: Element): void {
    const size = ELEMENT_SIZE + element.key.length + element.value.length;
    const least = this.#isLeaf ? 1 : 2;
    if (this.#elements.length >= least && this.#size + size > this.#pageSize * FILL) {
      this.#flush(this.#held);
      this.#held = this.#elements;
      this.#elements = [];
      this.#size = PAGE_HEADER_SIZE;
    }
    this.#elements.push(element);
    this.#size += size;
  }

  /** Writes what is left and returns the root's page. */
  finish(): number {
    if (this.#held.length === 0 && this.#above === undefined) return this.#write(this.#elements);
    const borrowed = !this.#isLeaf && this.#elements.length === 1 ? this.#held.pop() : undefined;
    if (borrowed !== undefined) this.#elements.unshift(borrowed);
    this.#flush(this.#held);
    this.#flush(this.#elements);
    return this.#above?.finish() ?? 0;
  }

  #flush(elements: readonly Element[]): void {
    const [first] = elements;
    if (first === undefined) return;
    const child = this.#write(elements);
    this.#above ??= new Level(this.#sink, this.#pageSize, false);
    this.#above.add({ key: first.key, value: NO_VALUE, child, isBucket: false });
  }

  #write(elements: readonly Element[]): number {
    const content = PAGE_HEADER_SIZE + elements.length * ELEMENT_SIZE;
    const size = elements.reduce((sum, { key, value }) => sum + key.length + value.length, content);
    const pages = Math.max(Math.ceil(size / this.#pageSize), 1);
    const page = Buffer.alloc(pages * this.#pageSize);
    page.writeUInt16LE(this.#isLeaf ? LEAF_PAGE : BRANCH_PAGE, 8);
    page.writeUInt16LE(elements.length, 10);
    page.writeUInt32LE(pages - 1, 12);
    let at = content;
    for (const [index, element] of elements.entries()) {
      const { key, value } = element;
      const start = PAGE_HEADER_SIZE + index * ELEMENT_SIZE;
      if (this.#isLeaf) {
        page.writeUInt32LE(element.isBucket ? BUCKET_ELEMENT : 0, start);
        page.writeUInt32LE(at - start, start + 4);
        page.writeUInt32LE(key.length, start + 8);
        page.writeUInt32LE(value.length, start + 12);
      } else {
        page.writeUInt32LE(at - start, start);
        page.writeUInt32LE(key.length, start + 4);
        page.writeBigUInt64LE(BigInt(element.child), start + 8);
      }
      at += key.copy(page, at);
      at += value.copy(page, at);
    }
    return this.#sink(page);
  }
}

/** Writes one bucket's tree from keys that come in order, in memory of a few pages. */
export class TreeWriter {
  readonly #leaves: Level;

  constructor(sink: PageSink, pageSize: number) {
    this.#leaves = new Level(sink, pageSize, true);
  }

  /** Keys and values are copied before the call returns no later than the next but one page; the caller must not reuse their memory. */
  add(key: Buffer, value: Buffer, isBucket = false): void {
    this.#leaves.add({ key, value, child: 0, isBucket });
  }

  /** Returns the root's page. */
  finish(): number {
    return this.#leaves.finish();
  }
}
