import type { ServerResponse } from 'node:http';
import type { ApiResponse, WatchEvent } from '../model/api-message.ts';
import { StatusError } from '../model/status.ts';
import { internalError } from '../model/status-errors.ts';
import type { EventEncoder } from './encode-body.ts';
import { setHeaders } from './send-response.ts';

export interface WatchLimits {
  /** How long a reader may take nothing while events wait for it. */
  readonly slowReaderMilliseconds: number;
  /** Aborted when the reader is gone or the server stops. */
  readonly signal: AbortSignal;
  /** What all watches of a server write their events with. */
  readonly encoder: EventEncoder;
}

/** An answer that is a stream of events. */
export type WatchAnswer = ApiResponse & Required<Pick<ApiResponse, 'events'>>;

/**
 * Streams events, one JSON object a line or one frame of protobuf each, no faster than they are read. Ends when the events end or `signal` aborts; cuts
 * the connection of a reader that is too slow. An error of the events becomes a last ERROR event.
 */
export async function sendWatch(response: ServerResponse, answer: WatchAnswer, limits: WatchLimits): Promise<void> {
  const contentType = answer.headers['content-type'] ?? 'application/json';
  const encode = await limits.encoder.in(contentType);
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
  limits: WatchLimits & { encode: (event: WatchEvent) => Uint8Array },
): Promise<void> {
  const { signal } = limits;
  let give: (next: IteratorResult<WatchEvent> | undefined) => void = () => undefined;
  const onAbort = (): void => give(undefined);
  signal.addEventListener('abort', onAbort);
  // The next event, or undefined when the signal aborts first.
  const nextEvent = async (): Promise<IteratorResult<WatchEvent> | undefined> =>
    new Promise((resolve, reject) => {
      give = resolve;
      if (signal.aborted) resolve(undefined);
      else iterator.next().then(resolve, reject);
    });
  const together = new WritesTogether(response);
  try {
    for (;;) {
      const next = await nextEvent();
      if (next === undefined || next.done === true) return;
      together.begin();
      if (!response.write(limits.encode(next.value)) && !(await drained(response, limits))) return;
    }
  } finally {
    together.end();
    signal.removeEventListener('abort', onAbort);
  }
}

/** Makes one write of the socket of what is written in one turn of the event loop. */
class WritesTogether {
  readonly #response: ServerResponse;
  #begun = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#response.cork();
    setImmediate(() => this.end());
  }

  end(): void {
    if (!this.#begun) return;
    this.#begun = false;
    this.#response.uncork();
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
