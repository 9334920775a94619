import type { ServerResponse } from 'node:http';
import type { ApiResponse, WatchEvent } from '../model/api-message.ts';
import { StatusError } from '../model/status.ts';
import { internalError } from '../model/status-errors.ts';
import { eventEncoder } from './encode-body.ts';
import { setHeaders } from './send-response.ts';

export interface WatchLimits {
  /** How long a reader may take nothing while events wait for it. */
  readonly slowReaderMilliseconds: number;
  /** Aborted when the reader is gone or the server stops. */
  readonly signal: AbortSignal;
}

/** An answer that is a stream of events. */
export type WatchAnswer = ApiResponse & Required<Pick<ApiResponse, 'events'>>;

/**
 * Streams events, one JSON object a line or one frame of protobuf each, no faster than they are read. Ends when the events end or `signal` aborts; cuts
 * the connection of a reader that is too slow. An error of the events becomes a last ERROR event.
 */
export async function sendWatch(response: ServerResponse, answer: WatchAnswer, limits: WatchLimits): Promise<void> {
  const contentType = answer.headers['content-type'] ?? 'application/json';
  const encode = await eventEncoder(contentType);
  setHeaders(response, answer);
  response.setHeader('content-type', contentType);
  response.writeHead(answer.status);
  response.flushHeaders();
  const iterator = answer.events[Symbol.asyncIterator]();
  try {
    await pump(iterator, response, { ...limits, encode });
  } catch (error) {
    if (!limits.signal.aborted && !response.destroyed) response.write(encode(errorEvent(error)));
  } finally {
    // A source that waits for its next event must not hold up the end.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
    if (!response.destroyed) response.end();
  }
}

async function pump(
  iterator: AsyncIterator<WatchEvent>,
  response: ServerResponse,
  limits: WatchLimits & { encode: (event: WatchEvent) => string | Uint8Array },
): Promise<void> {
  for (;;) {
    const next = await nextUntilAborted(iterator, limits.signal);
    if (next === undefined || next.done === true) return;
    if (!response.write(limits.encode(next.value)) && !(await drained(response, limits))) return;
  }
}

/** The next event, or undefined when the signal aborts first. */
async function nextUntilAborted(
  iterator: AsyncIterator<WatchEvent>,
  signal: AbortSignal,
): Promise<IteratorResult<WatchEvent> | undefined> {
  if (signal.aborted) return undefined;
  let onAbort = (): void => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([iterator.next(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Whether the reader took what was written; one that does not in time loses its connection. */
async function drained(response: ServerResponse, { slowReaderMilliseconds, signal }: WatchLimits): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (taken: boolean) => (): void => {
      clearTimeout(timer);
      response.off('drain', onDrain);
      response.off('close', onClose);
      signal.removeEventListener('abort', onClose);
      resolve(taken);
    };
    const onDrain = finish(true);
    const onClose = finish(false);
    const timer = setTimeout(() => {
      response.destroy();
      onClose();
    }, slowReaderMilliseconds);
    response.once('drain', onDrain);
    response.once('close', onClose);
    signal.addEventListener('abort', onClose, { once: true });
    if (response.destroyed || signal.aborted) onClose();
  });
}

function errorEvent(error: unknown): WatchEvent {
  const failure =
    error instanceof StatusError ? error : internalError(error instanceof Error ? error.message : String(error));
  return { type: 'ERROR', object: failure.status };
}
