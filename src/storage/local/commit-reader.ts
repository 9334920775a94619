import { type KeySpan, spanHas } from './key-span.ts';
import { RecordReader } from './record-reader.ts';
import type { LogRecord } from './record.ts';

/**
 * A reader for the writes that share one commit. While it lasts nobody else writes, so that what one of them found the
 * next need not look for again: the newest record of a key, and that a range is empty. Whoever writes tells it so.
 */
export class CommitReader extends RecordReader {
  readonly #newest = new Map<string, LogRecord | undefined>();
  #empty: KeySpan[] = [];

  override newest(key: Uint8Array): LogRecord | undefined {
    const name = nameOf(key);
    const known = this.#newest.get(name);
    if (known !== undefined || this.#newest.has(name)) return known;
    const found = super.newest(key);
    this.#newest.set(name, found);
    return found;
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
    this.#empty = this.#empty.filter((span) => !spanHas(span, record.key));
  }
}

function nameOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}

function isSame(one: KeySpan, other: KeySpan): boolean {
  if (!one.start.equals(other.start)) return false;
  return one.end === undefined || other.end === undefined ? one.end === other.end : one.end.equals(other.end);
}
