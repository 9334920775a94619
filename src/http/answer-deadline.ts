import { parseDuration } from '../model/protobuf/go-duration.ts';
import { queryBoolean } from '../model/query-boolean.ts';
import { requestInfo } from '../model/request-info.ts';
import { badRequest, timedOut } from '../model/status-errors.ts';

/** Subresources that go on as long as somebody is at the other end (apiserver's long-running requests). */
const LONG_SUBRESOURCES: ReadonlySet<string> = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

/** Whether a request is a watch, or another that ends when its client wants. */
export function isLongRunning(path: string, query: URLSearchParams): boolean {
  const info = requestInfo(path);
  if (info.type === 'path') return false;
  return info.forceWatch || queryBoolean(query, 'watch') === true || LONG_SUBRESOURCES.has(info.subresource);
}

/** How long an answer may take: what `timeout` asks for, but no longer than `most`. Throws BadRequest when it is no duration. */
export function answerTime(query: URLSearchParams, most: number): number {
  const text = query.get('timeout') ?? '';
  if (text === '') return most;
  let milliseconds: number;
  try {
    milliseconds = Number(parseDuration(text)) / 1e6;
  } catch {
    const quoted = JSON.stringify(text);
    throw badRequest(`invalid timeout specified in the request URL - time: invalid duration ${quoted}`);
  }
  return milliseconds > 0 && milliseconds < most ? milliseconds : most;
}

/** What `answer` answers within a time; its signal aborts then, or with `signal`. Rejects with the 504 Timeout when it took too long. */
export async function beforeDeadline<T>(
  milliseconds: number,
  signal: AbortSignal,
  answer: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const follow = (): void => controller.abort(signal.reason);
  if (signal.aborted) follow();
  signal.addEventListener('abort', follow, { once: true });
  let late = (): void => undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    late = () => {
      const error = timedOut('request did not complete within the allotted timeout');
      reject(error);
      controller.abort(error);
    };
  });
  const timer = setTimeout(() => late(), milliseconds);
  try {
    return await Promise.race([answer(controller.signal), deadline]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', follow);
  }
}
