import { StorageError } from '../storage-error.ts';
import type { KeyValue, RangeRequest, RangeResult } from '../storage.ts';
import { keySpan, type KeySpan } from './key-span.ts';
import type { RecordReader } from './record-reader.ts';
import { toKeyValue, type LogRecord } from './record.ts';

/** What a reader that pages through a range asks for next, and how many keys it has still to come. */
interface Continuation {
  readonly next: Buffer;
  readonly end: Buffer | undefined;
  readonly revision: number;
  readonly count: number;
}

/** Answers range requests. Remembers where the last page ended, so that paging does not count the rest anew each time. */
export class RangeOperation {
  readonly #reader: RecordReader;
  #continuation: Continuation | undefined;

  constructor(reader: RecordReader) {
    this.#reader = reader;
  }

  /** Throws Compacted or FutureRevision when a request's revision is out of reach of a store at `current`. */
  check(request: RangeRequest, current: number): void {
    const revision = request.revision ?? 0;
    if (revision <= 0) return;
    if (revision > current) {
      throw new StorageError(
        'FutureRevision',
        `required revision ${revision} is a future revision; the store is at ${current}`,
      );
    }
    const compactRevision = this.#reader.meta('compact');
    if (revision < compactRevision) {
      throw new StorageError(
        'Compacted',
        `required revision ${revision} has been compacted; the oldest kept is ${compactRevision}`,
        {
          compactRevision,
        },
      );
    }
  }

  /**
   * Reads at the store's revision `current`, or at the request's. `uncommitted` says that a transaction has written
   * already, whose changes a read of now sees.
   */
  run(request: RangeRequest, current: number, uncommitted = false): RangeResult {
    const span = keySpan(request);
    const wanted = request.revision ?? 0;
    const revision = wanted > 0 && (wanted < current || uncommitted) ? wanted : undefined;
    const answer = { revision: uncommitted ? current + 1 : current };
    if (request.countOnly === true) {
      return { ...answer, kvs: [], count: this.#reader.count(span, revision), more: false };
    }
    const limit = request.limit !== undefined && request.limit > 0 ? request.limit : Infinity;
    const kvs: KeyValue[] = [];
    let more = false;
    const take = (record: LogRecord): boolean => {
      more = kvs.length >= limit;
      if (!more) kvs.push(toKeyValue(record, request.keysOnly));
      return !more;
    };
    this.#reader.scan(span, revision, take, limit + 1);
    if (!more) return { ...answer, kvs, count: kvs.length, more };
    const at = uncommitted ? undefined : (revision ?? current);
    const count = this.#count(span, revision, at);
    if (at !== undefined) this.#remember(span, { revision: at, count: count - kvs.length }, kvs);
    return { ...answer, kvs, count, more };
  }

  #count(span: KeySpan, revision: number | undefined, at: number | undefined): number {
    const known = this.#continuation;
    const fits =
      known !== undefined && known.revision === at && known.next.equals(span.start) && sameEnd(known.end, span.end);
    return fits ? known.count : this.#reader.count(span, revision);
  }

  #remember(span: KeySpan, state: { revision: number; count: number }, kvs: readonly KeyValue[]): void {
    const last = kvs.at(-1);
    if (last === undefined) return;
    this.#continuation = { next: Buffer.concat([last.key, Buffer.of(0)]), end: span.end, ...state };
  }
}

function sameEnd(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}
