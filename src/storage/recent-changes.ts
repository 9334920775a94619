import type { StorageEvent, WatchBatch } from './storage.ts';

/** How much of the past is kept of one collection. */
export interface RecentLimits {
  readonly changes: number;
  /** Of keys and values, also those before a change. */
  readonly bytes: number;
}

/** The newest changes of a collection, in order and without gaps: all that came after the revision `since`. */
export class RecentChanges {
  readonly #limits: RecentLimits;
  #changes: StorageEvent[] = [];
  /** Those before it are forgotten. */
  #first = 0;
  #bytes = 0;
  #since: number;
  #revision: number;

  constructor(since: number, limits: RecentLimits) {
    this.#since = since;
    this.#revision = since;
    this.#limits = limits;
  }

  /** The oldest revision from which one can go on. */
  get since(): number {
    return this.#since;
  }

  /** Up to where the changes are known. */
  get revision(): number {
    return this.#revision;
  }

  add({ events, revision }: WatchBatch): void {
    for (const event of events) {
      this.#changes.push(event);
      this.#bytes += sizeOf(event);
    }
    this.#revision = Math.max(this.#revision, revision);
    this.#forget();
  }

  /** The changes after a revision that is not before `since`. */
  after(revision: number): StorageEvent[] {
    let [low, high] = [this.#first, this.#changes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle]?.kv.modRevision ?? 0) > revision) high = middle;
      else low = middle + 1;
    }
    return this.#changes.slice(low);
  }

  #forget(): void {
    while (this.#changes.length - this.#first > this.#limits.changes || this.#bytes > this.#limits.bytes) {
      const oldest = this.#changes[this.#first];
      if (oldest === undefined) break;
      this.#first++;
      this.#bytes -= sizeOf(oldest);
      this.#since = oldest.kv.modRevision;
    }
    if (this.#first < this.#limits.changes) return;
    this.#changes = this.#changes.slice(this.#first);
    this.#first = 0;
  }
}

function sizeOf({ kv, prevKv }: StorageEvent): number {
  return kv.key.length + kv.value.length + (prevKv?.value.length ?? 0);
}
