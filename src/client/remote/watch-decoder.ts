import type { WatchEvent } from '../../model/api-message.ts';
import { isJsonObject } from '../../model/json-value.ts';
import { parseWireJson } from '../../model/wire-json.ts';

const NEWLINE = 0x0a;
const EVENT_TYPES: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);

/** A line of a watch that is no event: what answers is no Kubernetes API server, or is broken. */
export class WatchDecodingError extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`unable to decode an event from the watch stream: ${why}`, options);
  }
}

/**
 * The events of a watch's body: one JSON object a line, wherever the chunks are cut. Throws what the chunks throw, a
 * WatchDecodingError for a line that is no event, and `unexpected EOF` when the body ends within a line.
 */
export async function* decodeWatchEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<WatchEvent> {
  let pending: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      pending.push(chunk.subarray(start, end));
      const event = decodeEvent(Buffer.concat(pending).toString('utf8'));
      pending = [];
      start = end + 1;
      if (event !== undefined) yield event;
    }
    if (start < chunk.length) pending.push(chunk.subarray(start));
  }
  const rest = Buffer.concat(pending).toString('utf8').trim();
  if (rest !== '') yield* lastEvent(rest);
}

/** A server need not end its last line; half an event means that the stream was cut. */
function* lastEvent(text: string): Generator<WatchEvent> {
  let event: WatchEvent | undefined;
  try {
    event = decodeEvent(text);
  } catch (cause) {
    throw new Error('unexpected EOF', { cause });
  }
  if (event !== undefined) yield event;
}

function decodeEvent(line: string): WatchEvent | undefined {
  if (line.trim() === '') return undefined;
  const event = parseEvent(line);
  if (isEvent(event)) return event;
  throw new WatchDecodingError(line.slice(0, 200));
}

function parseEvent(line: string): unknown {
  try {
    return parseWireJson(line);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WatchDecodingError(why, { cause });
  }
}

function isEvent(value: unknown): value is WatchEvent {
  return isJsonObject(value) && EVENT_TYPES.has(value['type']) && value['object'] !== undefined;
}
