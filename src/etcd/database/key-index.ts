import type { KeyRange } from '../../storage/storage.ts';
import type { RevisionKey } from './revision-key.ts';

/**
 * Which changes each key has, as etcd's own index in memory: a number or two a change and no values. Keys are held as
 * latin-1 texts, whose order is that of the bytes.
 */
export class KeyIndex {
  /** For each key its changes, oldest first, as pairs: main revision, and twice the sub revision plus 1 for a deletion. */
  readonly #changes = new Map<string, number[]>();
  #sorted: string[] | undefined;

  /** Changes must come in the order of their revisions. */
  add(key: Buffer, { main, sub, deleted }: RevisionKey): void {
    const name = key.toString('latin1');
    const changes = this.#changes.get(name);
    const packed = sub * 2 + (deleted ? 1 : 0);
    if (changes === undefined) {
      this.#changes.set(name, [main, packed]);
      this.#sorted = undefined;
    } else {
      changes.push(main, packed);
    }
  }

  /** All keys that ever were in a range, in order. */
  *keys({ key, rangeEnd }: KeyRange): Generator<string> {
    const start = Buffer.from(key).toString('latin1');
    if (rangeEnd === undefined || rangeEnd.length === 0) {
      if (this.#changes.has(start)) yield start;
      return;
    }
    const toEnd = rangeEnd.length === 1 && rangeEnd[0] === 0;
    const end = Buffer.from(rangeEnd).toString('latin1');
    const sorted = this.#keysInOrder();
    for (let index = lowerBound(sorted, start); index < sorted.length; index++) {
      const name = sorted[index];
      if (name === undefined || (!toEnd && name >= end)) return;
      yield name;
    }
  }

  /** The change that decides what a key is at a revision; undefined when it did not exist then. */
  at(name: string, revision: number): RevisionKey | undefined {
    const changes = this.#changes.get(name) ?? [];
    let low = 0;
    let high = changes.length / 2;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((changes[middle * 2] ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    const found = low === 0 ? undefined : unpack(changes, low - 1);
    return found?.deleted === true ? undefined : found;
  }

  /** All changes of a key, oldest first. */
  changes(key: Uint8Array): RevisionKey[] {
    const changes = this.#changes.get(Buffer.from(key).toString('latin1')) ?? [];
    return Array.from({ length: changes.length / 2 }, (_, index) => unpack(changes, index));
  }

  #keysInOrder(): string[] {
    this.#sorted ??= [...this.#changes.keys()].sort(compareTexts);
    return this.#sorted;
  }
}

function unpack(changes: readonly number[], index: number): RevisionKey {
  const packed = changes[index * 2 + 1] ?? 0;
  return { main: changes[index * 2] ?? 0, sub: Math.floor(packed / 2), deleted: packed % 2 === 1 };
}

function compareTexts(one: string, other: string): number {
  if (one < other) return -1;
  return one > other ? 1 : 0;
}

function lowerBound(sorted: readonly string[], wanted: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
