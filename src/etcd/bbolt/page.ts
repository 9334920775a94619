import { BRANCH_PAGE, BUCKET_ELEMENT, ELEMENT_SIZE, LEAF_PAGE, PAGE_HEADER_SIZE } from './page-format.ts';

/**
 * A branch or a leaf, checked as a whole when it is made: the elements fill the page without gaps and the keys ascend. Keys and
 * values share the page's memory. The constructor throws what `problem` makes of a text.
 */
export class Page {
  /** The page that it is, or that an inline bucket is in. */
  readonly id: number;
  readonly isLeaf: boolean;
  readonly count: number;
  readonly bytes: Buffer;

  constructor(id: number, bytes: Buffer, problem: (text: string) => Error) {
    if (bytes.length < PAGE_HEADER_SIZE) throw problem('it is shorter than a page header');
    const kind = bytes.readUInt16LE(8);
    if (kind !== BRANCH_PAGE && kind !== LEAF_PAGE) {
      throw problem(`its kind is 0x${kind.toString(16)}, neither branch nor leaf`);
    }
    this.id = id;
    this.bytes = bytes;
    this.isLeaf = kind === LEAF_PAGE;
    this.count = bytes.readUInt16LE(10);
    this.#check(problem);
  }

  key(index: number): Buffer {
    const at = elementAt(index);
    const start = at + this.#position(at);
    return this.bytes.subarray(start, start + this.bytes.readUInt32LE(at + (this.isLeaf ? 8 : 4)));
  }

  /** A leaf's value. */
  value(index: number): Buffer {
    const at = elementAt(index);
    const start = at + this.#position(at) + this.bytes.readUInt32LE(at + 8);
    return this.bytes.subarray(start, start + this.bytes.readUInt32LE(at + 12));
  }

  /** Whether a leaf's value is a bucket. */
  isBucket(index: number): boolean {
    return (this.bytes.readUInt32LE(elementAt(index)) & BUCKET_ELEMENT) !== 0;
  }

  /** The page below a branch's element. */
  child(index: number): number {
    return Number(this.bytes.readBigUInt64LE(elementAt(index) + 8));
  }

  /** The first element whose key is not below `key`; `count` when there is none. */
  search(key: Uint8Array): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.key(middle).compare(key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #position(at: number): number {
    return this.bytes.readUInt32LE(this.isLeaf ? at + 4 : at);
  }

  #check(problem: (text: string) => Error): void {
    const { bytes, count, isLeaf } = this;
    const content = elementAt(count);
    if (content > bytes.length) throw problem(`it says that it has ${count} elements, more than fit in it`);
    if (count === 0 && !isLeaf) throw problem('it is a branch without elements');
    let previous: Buffer | undefined;
    // bbolt writes keys and values without gaps, right behind the elements.
    let expected = content;
    for (let index = 0; index < count; index++) {
      const at = elementAt(index);
      const start = at + this.#position(at);
      const keySize = bytes.readUInt32LE(at + (isLeaf ? 8 : 4));
      const end = start + keySize + (isLeaf ? bytes.readUInt32LE(at + 12) : 0);
      if (start < content || end > bytes.length) throw problem(`element ${index} lies outside of the page`);
      if (start !== expected) throw problem(`element ${index} does not follow the one before it`);
      expected = end;
      if (keySize === 0) throw problem(`element ${index} has an empty key`);
      const key = bytes.subarray(start, start + keySize);
      if (previous !== undefined && previous.compare(key) >= 0) {
        throw problem(`the key of element ${index} is not above the one before it`);
      }
      previous = key;
    }
  }
}

function elementAt(index: number): number {
  return PAGE_HEADER_SIZE + index * ELEMENT_SIZE;
}
