import { setTimeout } from 'node:timers/promises';
import { ConnectionError, type ConnectionFailure } from '../model/connection-error.ts';
import { UserError } from '../model/user-error.ts';

/** The part of `fetch` that is used here. */
export type Fetch = (url: string, init: { signal?: AbortSignal }) => Promise<Response>;

const ATTEMPTS = 3;

const FAILURES: ReadonlyMap<string, ConnectionFailure> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['ECONNRESET', 'cut'],
  ['UND_ERR_SOCKET', 'cut'],
]);

/** How URLs are asked for. */
export interface Downloads {
  readonly fetch: Fetch;
  /** Milliseconds between attempts. */
  readonly pause: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The body of a URL, tried three times with a pause between while no server answers or it answers 5xx, as kubectl does. Throws
 * UserError for another answer than 200 and for a body that ends too early, ConnectionError when no server answers.
 */
export async function* downloadUrl(url: string, downloads: Downloads): AsyncGenerator<Uint8Array, void, undefined> {
  const response = await openUrl(url, downloads);
  if (response.body === null) return;
  try {
    for await (const chunk of response.body) yield chunk;
  } catch (error) {
    downloads.signal?.throwIfAborted();
    throw new UserError(`error parsing ${url}: unexpected EOF`, { cause: error });
  }
}

async function openUrl(url: string, { fetch, pause, signal }: Downloads): Promise<Response> {
  let failure: Error | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await setTimeout(pause, undefined, signal === undefined ? {} : { signal });
    try {
      const response = await fetch(url, signal === undefined ? {} : { signal });
      if (response.status === 200) return response;
      await response.body?.cancel();
      failure = refusal(url, response);
      if (response.status < 500) throw failure;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof UserError) throw error;
      failure = connectionError(url, error);
    }
  }
  throw failure ?? new UserError(`unable to read URL ${JSON.stringify(url)}`);
}

function refusal(url: string, { status, statusText }: Response): UserError {
  const said = `${status} ${statusText}`.trim();
  return new UserError(`unable to read URL ${JSON.stringify(url)}, server reported ${said}, status code=${status}`);
}

function connectionError(url: string, error: unknown): ConnectionError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const { hostname, port, protocol } = new URL(url);
  const address = `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
  const tls = /CERT|TLS|SSL|SELF_SIGNED|VERIFY/.test(code);
  const said = cause instanceof Error ? cause.message : String(cause);
  const message = `Get ${JSON.stringify(url)}: ${said}`;
  return new ConnectionError(tls ? 'tls' : (FAILURES.get(code) ?? 'other'), address, message, { cause: error });
}
