import { StorageError } from '../storage-error.ts';
import type { StorageEvent, WatchBatch, WatchRequest } from '../storage.ts';
import type { ChangeNotifier } from './change-notifier.ts';
import { monotonicMs } from './monotonic-ms.ts';
import { keySpan, spanHas, type KeySpan } from './key-span.ts';
import type { LocalDatabase } from './local-database.ts';
import type { RecordReader } from './record-reader.ts';
import { firstIdOf, revisionOf, toKeyValue, type LogRecord } from './record.ts';

/** How many records are read at once while a watch catches up. */
const PAGE = 256;

export interface WatchParts {
  readonly db: LocalDatabase;
  readonly reader: RecordReader;
  readonly notifier: ChangeNotifier;
  /** Milliseconds between batches without events. */
  readonly progressInterval: number;
}

/** Follows the log from a revision on; see Storage.watch. */
export async function* watchLoop(
  parts: WatchParts,
  request: WatchRequest,
): AsyncGenerator<WatchBatch, void, undefined> {
  const span = watchedSpan(request);
  const over = (): boolean => request.signal?.aborted === true || !parts.db.isOpen;
  if (over()) return;
  const bell = new Bell();
  const ring = (): void => bell.ring();
  request.signal?.addEventListener('abort', ring);
  const stopListening = parts.notifier.listen(ring);
  try {
    yield* follow(parts, request, { span, bell, over });
  } catch (error) {
    // A watch whose storage closes or whose signal aborts in the middle of a read just ends.
    if (!over()) throw error;
  } finally {
    stopListening();
    request.signal?.removeEventListener('abort', ring);
  }
}

async function* follow(
  parts: WatchParts,
  request: WatchRequest,
  state: { span: KeySpan; bell: Bell; over: () => boolean },
): AsyncGenerator<WatchBatch, void, undefined> {
  const made = await parts.db.read(() => parts.reader.revision());
  const start = request.startRevision ?? 0;
  // The first change of a store has revision 2.
  const wanted = { from: start > 0 ? Math.max(start, 2) : made + 1, span: state.span, prevKv: request.prevKv === true };
  yield { revision: made, events: [] };
  let progressDue = monotonicMs() + parts.progressInterval;
  while (!state.over()) {
    state.bell.reset();
    const batch = await parts.db.read(() => readBatch(parts.reader, wanted));
    if (state.over()) return;
    wanted.from = Math.max(wanted.from, batch.revision + 1);
    if (batch.events.length > 0 || (request.progress === true && monotonicMs() >= progressDue)) {
      yield { revision: batch.revision, events: batch.events };
      progressDue = monotonicMs() + parts.progressInterval;
    }
    const wait = request.progress === true ? Math.max(1, progressDue - monotonicMs()) : undefined;
    if (!batch.more) await state.bell.wait(wait);
  }
}

function watchedSpan(request: WatchRequest): KeySpan {
  const span = keySpan(request.key.length === 0 ? { ...request, key: Buffer.of(0) } : request);
  if (span.end !== undefined && Buffer.compare(span.start, span.end) >= 0) {
    throw new StorageError('InvalidArgument', 'the range to watch is empty');
  }
  return span;
}

/** What happened in `span` from revision `from` on, in whole revisions; `more` says that there is more to read. */
function readBatch(
  reader: RecordReader,
  wanted: { from: number; span: KeySpan; prevKv: boolean },
): WatchBatch & { more: boolean } {
  const compactRevision = reader.meta('compact');
  if (wanted.from < compactRevision) {
    throw new StorageError(
      'Compacted',
      `required revision ${wanted.from} has been compacted; the oldest kept is ${compactRevision}`,
      {
        compactRevision,
      },
    );
  }
  const { records, more } = wholeRevisions(reader, wanted.from);
  const last = records.at(-1);
  const revision = last === undefined ? reader.revision() : revisionOf(last.id);
  const events = records
    .filter((record) => spanHas(wanted.span, record.key))
    .map((record) => toEvent(record, wanted.prevKv ? reader.before(record, compactRevision) : undefined));
  return { revision, events, more };
}

/** Records from a revision on, about a page of them, never ending in the middle of a revision. */
function wholeRevisions(reader: RecordReader, from: number): { records: LogRecord[]; more: boolean } {
  const records = reader.since(firstIdOf(from), PAGE);
  if (records.length < PAGE) return { records, more: false };
  const last = revisionOf(records.at(-1)?.id ?? 0);
  const cut = records.findIndex((record) => revisionOf(record.id) === last);
  if (cut > 0) return { records: records.slice(0, cut), more: true };
  for (;;) {
    const rest = reader.since((records.at(-1)?.id ?? 0) + 1, PAGE);
    const next = rest.findIndex((record) => revisionOf(record.id) !== last);
    records.push(...(next === -1 ? rest : rest.slice(0, next)));
    if (next !== -1 || rest.length < PAGE) return { records, more: next !== -1 };
  }
}

function toEvent(record: LogRecord, previous: LogRecord | undefined): StorageEvent {
  const type = record.version === 0 ? 'delete' : 'put';
  const kv = toKeyValue(record);
  return previous === undefined ? { type, kv } : { type, kv, prevKv: toKeyValue(previous) };
}

/** Wakes one waiter; a ring while nobody waits is kept for the next. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  reset(): void {
    this.#rung = false;
  }

  async wait(timeoutMs: number | undefined): Promise<void> {
    if (this.#rung) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (timeoutMs !== undefined) timer = setTimeout(resolve, timeoutMs);
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }
}
