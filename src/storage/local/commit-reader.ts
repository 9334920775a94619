import { type KeySpan, spanHas } from './key-span.ts';
import { type Gap, RecordReader } from './record-reader.ts';
import type { LogRecord } from './record.ts';

/** How many gaps between keys are remembered: new objects of one command lie close to each other. */
const MOST_GAPS = 16;

/**
 * A reader for the writes that share one commit. While it lasts nobody else writes, so that what one of them found the
 * next need not look for again: the newest record of a key, that a range is empty, and
 * which keys have nothing between them. Whoever writes tells it so.
 */
export class CommitReader extends RecordReader {
  readonly #newest = new Map<string, LogRecord | undefined>();
  #empty: KeySpan[] = [];
  /** The newest first. */
  readonly #gaps: Gap[] = [];

  override newest(key: Uint8Array): LogRecord | undefined {
    const name = nameOf(key);
    const known = this.#newest.get(name);
    if (known !== undefined || this.#newest.has(name)) return known;
    const isMissing = this.#gaps.some((gap) => isInside(gap, key));
    const found = isMissing ? undefined : super.newest(key);
    this.#newest.set(name, found);
    return found;
  }

  protected override gapAround(key: Uint8Array): Gap {
    const gap = super.gapAround(key);
    this.#gaps.unshift(gap);
    this.#gaps.length = Math.min(this.#gaps.length, MOST_GAPS);
    return gap;
  }

  override scan(
    span: KeySpan,
    revision: number | undefined,
    take: (record: LogRecord) => boolean,
    expected?: number,
  ): void {
    if (span.single || revision !== undefined) {
      super.scan(span, revision, take, expected);
      return;
    }
    if (this.#empty.some((known) => isSame(known, span))) return;
    let found = false;
    const note = (record: LogRecord): boolean => {
      found = true;
      return take(record);
    };
    super.scan(span, revision, note, expected);
    if (!found) this.#empty.push(span);
  }

  /** Takes note of a record that was appended: it is the newest of its key now. */
  appended(record: LogRecord): void {
    this.#newest.set(nameOf(record.key), record);
    if (this.#empty.some((span) => spanHas(span, record.key))) {
      this.#empty = this.#empty.filter((span) => !spanHas(span, record.key));
    }
    const at = this.#gaps.findIndex((gap) => isInside(gap, record.key));
    const [gap] = at < 0 ? [] : this.#gaps.splice(at, 1);
    if (gap === undefined) return;
    // What is written next mostly comes after what was written last.
    this.#gaps.unshift({ after: record.key, before: gap.before }, { after: gap.after, before: record.key });
    this.#gaps.length = Math.min(this.#gaps.length, MOST_GAPS);
  }
}

function nameOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}

function isInside({ after, before }: Gap, key: Uint8Array): boolean {
  return (
    (after === undefined || Buffer.compare(after, key) < 0) && (before === undefined || Buffer.compare(key, before) < 0)
  );
}

function isSame(one: KeySpan, other: KeySpan): boolean {
  if (one === other) return true;
  if (!one.start.equals(other.start)) return false;
  return one.end === undefined || other.end === undefined ? one.end === other.end : one.end.equals(other.end);
}
