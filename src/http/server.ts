import crypto from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { ApiHandler } from '../apiserver/handler.ts';
import { statusMediaType } from '../model/accept-header.ts';
import type { ApiMethod, ApiResponse } from '../model/api-message.ts';
import { ConnectionError } from '../model/connection-error.ts';
import { StatusError } from '../model/status.ts';
import { internalError, methodNotAllowed } from '../model/status-errors.ts';
import { UserError } from '../model/user-error.ts';
import { answerTime, beforeDeadline, isLongRunning } from './answer-deadline.ts';
import { authenticate, type Authentication } from './authenticate.ts';
import { Connections } from './connections.ts';
import { EventEncoder } from './encode-body.ts';
import { InFlight, tooManyAnswer } from './in-flight.ts';
import { refuseMalformed } from './refuse-malformed.ts';
import { discardBody, isHopeless, MOST_BODY_BYTES, readRequestBody } from './request-body.ts';
import { sendResponse } from './send-response.ts';
import { sendWatch } from './send-watch.ts';

export interface ListenOptions {
  /** An IP address or host name of this machine. */
  readonly address: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly tls: {
    readonly cert: string;
    readonly key: string;
    /** The authority whose client certificates are believed. */
    readonly clientCa?: string;
  };
  readonly authentication: Authentication;
  readonly limits?: Partial<ServerLimits>;
}

export interface ServerLimits {
  readonly bodyBytes: number;
  readonly connections: number;
  /** How many requests may be under way at once, watches not counted; more are sent away. */
  readonly inFlight: number;
  /** How many watches may be open. */
  readonly watches: number;
  /** Until a request that is no watch must be answered; a client may ask for less. */
  readonly answerMilliseconds: number;
  /** Until a handshake must be done, a request's head, and the whole request, must have come. */
  readonly headersMilliseconds: number;
  readonly requestMilliseconds: number;
  readonly idleMilliseconds: number;
  /** How long a reader may take nothing of an answer. */
  readonly slowReaderMilliseconds: number;
  /** How long requests may go on after stop. */
  readonly stopMilliseconds: number;
}

const LIMITS: ServerLimits = {
  bodyBytes: MOST_BODY_BYTES,
  connections: 2048,
  inFlight: 600,
  watches: 1536,
  answerMilliseconds: 60_000,
  headersMilliseconds: 32_000,
  requestMilliseconds: 60_000,
  idleMilliseconds: 90_000,
  slowReaderMilliseconds: 60_000,
  stopMilliseconds: 20_000,
};

/** Go's period for a connection on which nothing happens. */
const KEEP_ALIVE_MILLISECONDS = 15_000;

/** A server that listens. */
export interface HttpServer {
  readonly port: number;
  /** `https://127.0.0.1:6443`. */
  readonly url: string;
  /** Takes no new connection, ends watches, lets other requests finish. */
  stop(): Promise<void>;
}

/**
 * Serves a handler over TLS. Every request is authenticated first. Rejects with UserError when the address cannot be
 * listened on.
 */
export async function listen(handler: ApiHandler, options: ListenOptions): Promise<HttpServer> {
  const limits = { ...LIMITS, ...options.limits };
  const stopping = new AbortController();
  // Each watch listens.
  setMaxListeners(0, stopping.signal);
  const exchange = new Exchanges(handler, options.authentication, limits, stopping.signal);
  const server = https.createServer(serverOptions(options, limits), (request, response) => {
    void exchange.serve(request, response);
  });
  server.keepAliveTimeout = limits.idleMilliseconds;
  server.maxConnections = limits.connections;
  // Node.js drops headers beyond a number without a word, and a proxy in front adds those that matter last. Their size is limited.
  server.maxHeadersCount = 0;
  server.on('clientError', refuseMalformed);
  const connections = new Connections(server);
  const port = await bind(server, options);
  const host = net.isIPv6(options.address) ? `[${options.address}]` : options.address;
  let stopped: Promise<void> | undefined;
  return {
    port,
    url: `https://${host}:${port}`,
    stop: async () => (stopped ??= stopServer({ server, connections }, stopping, limits)),
  };
}

function serverOptions({ tls }: ListenOptions, limits: ServerLimits): https.ServerOptions {
  return {
    cert: tls.cert,
    key: tls.key,
    minVersion: 'TLSv1.2',
    ...(tls.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: false }),
    handshakeTimeout: limits.headersMilliseconds,
    headersTimeout: limits.headersMilliseconds,
    requestTimeout: limits.requestMilliseconds,
    connectionsCheckingInterval: Math.min(1000, limits.headersMilliseconds, limits.requestMilliseconds),
    maxHeaderSize: 64 * 1024,
    // A client that vanished is found out, on a quiet watch too.
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MILLISECONDS,
  };
}

async function bind(server: https.Server, { address, port }: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(new UserError(`cannot listen on ${address}:${port}: ${error.message}`, { cause: error }));
    });
    server.listen(port, address, () => {
      server.removeAllListeners('error');
      // A connection that breaks during the handshake is its client's trouble.
      server.on('error', () => undefined);
      server.on('tlsClientError', () => undefined);
      const bound = server.address();
      resolve(bound !== null && typeof bound === 'object' ? bound.port : port);
    });
  });
}

async function stopServer(
  { server, connections }: { server: https.Server; connections: Connections },
  stopping: AbortController,
  limits: ServerLimits,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  stopping.abort(new Error('the server is stopping'));
  connections.endIdle();
  const timer = setTimeout(() => connections.endAll(), limits.stopMilliseconds);
  await closed;
  clearTimeout(timer);
}

const METHODS: ReadonlySet<unknown> = new Set<ApiMethod>(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

function isApiMethod(method: unknown): method is ApiMethod {
  return METHODS.has(method);
}

/** Turns each HTTP request into one call of the handler. */
class Exchanges {
  readonly #handler: ApiHandler;
  readonly #authentication: Authentication;
  readonly #limits: ServerLimits;
  readonly #stopping: AbortSignal;
  readonly #inFlight: InFlight;
  readonly #encoder = new EventEncoder();

  constructor(handler: ApiHandler, authentication: Authentication, limits: ServerLimits, stopping: AbortSignal) {
    this.#handler = handler;
    this.#authentication = authentication;
    this.#limits = limits;
    this.#stopping = stopping;
    this.#inFlight = new InFlight(limits);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    const onStop = (): void => gone.abort(this.#stopping.reason);
    response.on('error', () => undefined);
    response.once('close', () => {
      // Most answers are finished then, with nobody left to tell; making an error takes its time.
      if (!response.writableFinished) {
        gone.abort(new ConnectionError('cut', request.socket.remoteAddress ?? '', 'the client has gone'));
      }
      this.#stopping.removeEventListener('abort', onStop);
    });
    response.setHeader('audit-id', crypto.randomUUID());
    try {
      const answer = await this.#answer(request, response, gone.signal);
      const { events } = answer;
      if (!request.complete && !isHopeless(request)) await discardBody(request, this.#limits.bodyBytes);
      // What is still to come of the body would be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close');
      if (this.#stopping.aborted) response.setHeader('connection', 'close');
      const { slowReaderMilliseconds } = this.#limits;
      if (events === undefined) {
        // A reader that takes nothing of its answer would keep it in memory, and its place among the requests.
        response.setTimeout(slowReaderMilliseconds, () => response.destroy());
        return await sendResponse(request, response, answer);
      }
      this.#stopping.addEventListener('abort', onStop, { once: true });
      if (this.#stopping.aborted) onStop();
      const limits = { slowReaderMilliseconds, signal: gone.signal, encoder: this.#encoder };
      await sendWatch(response, { ...answer, events }, limits);
    } catch {
      // Nothing more can be said on a connection whose answer was begun.
      response.destroy();
    }
  }

  /** The handler's answer; a failure of any kind as the answer that says so. */
  async #answer(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<ApiResponse> {
    try {
      return await this.#handle(request, response, signal);
    } catch (error) {
      const failure =
        error instanceof StatusError ? error : internalError(error instanceof Error ? error.message : String(error));
      const contentType = statusMediaType(request.headers.accept ?? '');
      return { status: failure.code, headers: { 'content-type': contentType }, body: failure.status };
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<ApiResponse> {
    const { method, url = '/' } = request;
    const [path = '/', ...rest] = url.split('?');
    const { user, impersonator } = await authenticate(request, path, this.#authentication);
    if (!isApiMethod(method)) throw methodNotAllowed();
    const query = new URLSearchParams(rest.join('?'));
    const longRunning = isLongRunning(path, query);
    const leave = this.#inFlight.enter(user, longRunning);
    if (leave === undefined) return tooManyAnswer();
    // A client that has gone already closes nothing more.
    if (response.closed) leave();
    else response.once('close', leave);
    const body = await readRequestBody(request, this.#limits.bodyBytes);
    const asked = {
      // A HEAD is a GET whose body is not sent.
      method: method === 'HEAD' ? 'GET' : method,
      path,
      query,
      headers: headersOf(request),
      user,
      ...(impersonator === undefined ? {} : { impersonator }),
      ...(body === undefined ? {} : { body }),
    } as const;
    if (longRunning) return this.#handler({ ...asked, signal });
    const milliseconds = answerTime(query, this.#limits.answerMilliseconds);
    return beforeDeadline(milliseconds, signal, (limited) => this.#handler({ ...asked, signal: limited }));
  }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => name !== 'authorization');
  return Object.fromEntries(entries.map(([name, value]) => [name, [value ?? []].flat().join(', ')]));
}
