import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';
import type { ApiRequest, ApiResponse, WatchEvent } from '../../model/api-message.ts';
import { kubeLiteVersion } from '../../model/version.ts';
import { parseWireJson, wireJsonText } from '../../model/wire-json.ts';
import type { ChannelHandlers, ChannelRequest } from '../channel-stream.ts';
import { createsByName, isMissing, withDoubt } from '../creation.ts';
import { isRepeatable } from '../repeatable.ts';
import { LONGEST_RETRY_AFTER } from '../retrying-transport.ts';
import type { Transport } from '../transport.ts';
import { createExchange, type Exchange } from './http-exchange.ts';
import { connectionError } from './network-error.ts';
import type { RemoteConnection } from './remote-connection.ts';
import { RequestLifetime } from './request-lifetime.ts';
import { decodeWatchEvents, WatchDecodingError } from './watch-decoder.ts';

/** How often a request is sent again when the server says `Retry-After`, as client-go limits it. */
const MOST_RETRIES = 10;

/** Told of the headers of every request as it goes out; see RequestLog. */
export interface HeaderLog {
  headers(request: ApiRequest, headers: Readonly<Record<string, string | string[]>>): void;
}

/**
 * A Transport to a real API server over HTTP/1.1 with kept connections. Answers that ask for it (429 and 5xx with
 * `Retry-After`) are retried; a 401 asks the connection's credentials once more. Nothing else is ever sent twice, but a
 * read whose kept connection was closed. After a 5xx nobody knows what was done: then only what may be done twice is
 * retried (see isRepeatable), and the creation of an object that was looked for and is not there.
 */
export function openRemoteTransport(connection: RemoteConnection, log?: HeaderLog): Transport {
  const exchange = createExchange(connection);
  const sendOnce = async (request: ApiRequest): Promise<ApiResponse> => {
    const lifetime = new RequestLifetime(request.signal, connection.timeoutMilliseconds);
    try {
      const answer = await sendUntilAnswered(connection, { exchange, log }, request, lifetime);
      if (isWatch(request, answer)) return { ...headOf(answer), events: watchEvents(connection, answer, lifetime) };
      if (request.stream === true && answer.statusCode === 200) {
        return { ...headOf(answer), chunks: chunksOf(connection, answer, lifetime) };
      }
      return await readAnswer(connection, answer, lifetime);
    } catch (error) {
      lifetime.close();
      throw error;
    }
  };
  const send = async (request: ApiRequest): Promise<ApiResponse> => {
    const { timeoutMilliseconds = Infinity } = connection;
    const deadline = Date.now() + timeoutMilliseconds;
    let ambiguous = false;
    for (let retries = 0; ; retries++) {
      const response = await sendOnce(request);
      const wait =
        response.status >= 500 && !isRepeatable(request) ? retryDelay(response.status, response.headers) : undefined;
      const again = wait !== undefined && retries < MOST_RETRIES && createsByName(request);
      if (!again || Date.now() + wait * 1000 > deadline) return ambiguous ? withDoubt(request, response) : response;
      await sleep(wait * 1000, undefined, request.signal === undefined ? {} : { signal: request.signal }).catch(() => {
        request.signal?.throwIfAborted();
      });
      if (!(await isMissing(send, request))) return response;
      ambiguous = true;
    }
  };
  return Object.assign(send, {
    connect: async (request: ChannelRequest, handlers: ChannelHandlers) => {
      const { openChannels } = await import('./open-channels.ts');
      return openChannels(connection, request, handlers);
    },
  });
}

async function sendUntilAnswered(
  connection: RemoteConnection,
  { exchange, log }: { readonly exchange: Exchange; readonly log: HeaderLog | undefined },
  request: ApiRequest,
  lifetime: RequestLifetime,
): Promise<IncomingMessage> {
  const outgoing = {
    method: request.method,
    path: pathOf(request, connection.timeoutMilliseconds),
    headers: headersOf(request, connection),
    body: request.body === undefined ? undefined : bodyText(request.body),
  };
  let credentials = (await connection.credentials?.(false)) ?? {};
  let refreshed = connection.credentials === undefined;
  for (let retries = 0; ; retries++) {
    const authorization = credentials.authorization === undefined ? {} : { authorization: credentials.authorization };
    const headers = { ...outgoing.headers, ...authorization };
    log?.headers(request, headers);
    const answer = await exchange({ ...outgoing, headers, credentials }, lifetime);
    const { statusCode = 0 } = answer;
    const mayRetry = statusCode === 429 || isRepeatable(request);
    const delay = mayRetry ? retryDelay(statusCode, answer.headers) : undefined;
    if (statusCode === 401 && !refreshed) {
      refreshed = true;
      credentials = (await connection.credentials?.(true)) ?? {};
    } else if (delay !== undefined && retries < MOST_RETRIES) {
      await pause(delay, lifetime, connection);
    } else {
      return answer;
    }
    answer.resume();
  }
}

/** Seconds that the server asks to wait before the same request is sent again, as client-go's checkWait takes them; too many are not waited for. */
function retryDelay(status: number, headers: Readonly<Record<string, unknown>>): number | undefined {
  if (status !== 429 && status < 500) return undefined;
  const text = headers['retry-after'];
  const seconds = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : Infinity;
  return seconds * 1000 > LONGEST_RETRY_AFTER ? undefined : seconds;
}

async function pause(seconds: number, lifetime: RequestLifetime, connection: RemoteConnection): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal: lifetime.signal });
  } catch {
    throw endOf(lifetime, lifetime.signal.reason, connection);
  }
}

function pathOf({ path, query }: ApiRequest, timeoutMilliseconds: number | undefined): string {
  const all = new URLSearchParams(query);
  if (timeoutMilliseconds !== undefined && !all.has('timeout')) all.set('timeout', `${timeoutMilliseconds / 1000}s`);
  const text = all.toString();
  return text === '' ? path : `${path}?${text}`;
}

function headersOf(request: ApiRequest, connection: RemoteConnection): Record<string, string | string[]> {
  return {
    accept: 'application/json',
    'accept-encoding': connection.disableCompression === true ? 'identity' : 'gzip',
    'user-agent': `kube-lite/${kubeLiteVersion}`,
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...connection.headers,
    ...request.headers,
  };
}

/** A body that is text already (a YAML apply patch) goes as it is. */
function bodyText(body: unknown): string {
  return typeof body === 'string' ? body : wireJsonText(body);
}

function isWatch({ query, method }: ApiRequest, { statusCode = 0 }: IncomingMessage): boolean {
  return method === 'GET' && statusCode === 200 && ['1', 'true'].includes(query?.get('watch') ?? '');
}

function headOf(answer: IncomingMessage): { status: number; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    // Header bytes above ASCII are UTF-8 by Kubernetes' custom, and Node.js reads them as Latin-1.
    const text = (values ?? []).join(name === 'warning' ? '\n' : ', ');
    headers[name] = /^[\0-\x7F]*$/.test(text) ? text : Buffer.from(text, 'latin1').toString('utf8');
  }
  return { status: answer.statusCode ?? 0, headers };
}

function decompressed(answer: IncomingMessage): Readable {
  if (answer.headers['content-encoding'] !== 'gzip') return answer;
  return pipeline(answer, zlib.createGunzip(), () => undefined);
}

async function readAnswer(
  connection: RemoteConnection,
  answer: IncomingMessage,
  lifetime: RequestLifetime,
): Promise<ApiResponse> {
  const head = headOf(answer);
  const chunks: Buffer[] = [];
  try {
    await readInto(chunks, decompressed(answer));
  } catch (error) {
    throw endOf(lifetime, error, connection);
  }
  lifetime.close();
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? head : { ...head, body: bodyOf(text, head) };
}

/** Costs a third of what iterating over the stream does, which counts with thousands of answers. */
async function readInto(chunks: Buffer[], body: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    body.on('data', (chunk: Buffer) => void chunks.push(chunk));
    body.once('end', resolve);
    body.once('error', reject);
    body.once('close', () => reject(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })));
  });
}

function bodyOf(text: string, { status, headers }: { status: number; headers: Record<string, string> }): unknown {
  if (!/^application\/([\w.-]+\+)?json\b/.test(headers['content-type'] ?? '')) return text;
  try {
    return parseWireJson(text);
  } catch (cause) {
    // A proxy's error page keeps its status; a broken success must not pass for an answer.
    if (status >= 400) return text;
    throw new Error(
      `the server's answer is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

/** The body as it arrives. A request that was ended by its time limit ends here as any broken one. */
async function* chunksOf(
  connection: RemoteConnection,
  answer: IncomingMessage,
  lifetime: RequestLifetime,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of decompressed(answer)) yield chunk as Buffer;
  } catch (error) {
    throw endOf(lifetime, error, connection);
  } finally {
    answer.destroy();
    lifetime.close();
  }
}

async function* watchEvents(
  connection: RemoteConnection,
  answer: IncomingMessage,
  lifetime: RequestLifetime,
): AsyncGenerator<WatchEvent> {
  try {
    yield* decodeWatchEvents(decompressed(answer));
  } catch (error) {
    if (lifetime.timedOut) return;
    throw error instanceof WatchDecodingError ? error : endOf(lifetime, error, connection);
  } finally {
    answer.destroy();
    lifetime.close();
  }
}

/** What to throw for a request that ended early: the caller's own reason, or a ConnectionError. */
function endOf(lifetime: RequestLifetime, error: unknown, { server, address }: RemoteConnection): unknown {
  if (lifetime.aborted) return lifetime.signal.reason;
  return connectionError(lifetime.timedOut ? lifetime.signal.reason : error, { server, address, sent: true });
}
