import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { AnswerOf, RequestOf, StreamMethod, StreamMethods, UnaryMethod } from '../etcd-methods.ts';
import type { Endpoint } from './endpoint.ts';
import {
  CLIENT_CLOSED,
  type CallOptions,
  type EtcdTransport,
  GrpcCode,
  RpcError,
  type RpcStream,
} from './etcd-transport.ts';
import { fromGatewayJson, gatewayMethod, toGatewayJson } from './gateway-json.ts';
import type { TlsMaterial } from './tls-material.ts';

/** What the gateway is at; etcd 3.4 and later. */
const BASE = '/v3/';

/** How much of an answer that is no JSON is told, in characters. */
const LONGEST_REASON = 80;

const STATUS_CODES: Readonly<Record<number, number>> = { 401: GrpcCode.unauthenticated, 503: GrpcCode.unavailable };

interface Exchange {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
}

/** An endpoint through etcd's JSON gateway: one POST a call, a stream as an answer of one message a line. */
export class HttpTransport implements EtcdTransport {
  readonly endpoint: string;
  readonly #options: RequestOptions;
  readonly #agent: http.Agent;
  readonly #secure: boolean;
  readonly #dialTimeoutMs: number;
  readonly #open = new Set<ClientRequest>();
  #closed = false;

  constructor(endpoint: Endpoint, tls: TlsMaterial, dialTimeoutMs: number) {
    this.endpoint = endpoint.url;
    this.#secure = endpoint.secure;
    this.#dialTimeoutMs = dialTimeoutMs;
    const common = { keepAlive: true, keepAliveMsecs: 30_000 };
    this.#agent = endpoint.secure
      ? new https.Agent({
          ...common,
          rejectUnauthorized: !tls.insecureSkipVerify,
          ...(tls.ca === undefined ? {} : { ca: tls.ca }),
          ...(tls.cert === undefined || tls.key === undefined ? {} : { cert: tls.cert, key: tls.key }),
        })
      : new http.Agent(common);
    this.#options = { host: endpoint.host, port: endpoint.port, method: 'POST', agent: this.#agent };
  }

  async unary<M extends UnaryMethod>(method: M, request: RequestOf<M>, options: CallOptions): Promise<AnswerOf<M>> {
    const { path, answer } = gatewayMethod(method);
    const { request: sent, response } = await this.#post(path, toGatewayJson(request), options);
    const timer = setTimeout(() => sent.destroy(this.#late(true)), Math.max(options.deadline - Date.now(), 0));
    try {
      const json = this.#parsed(await textOf(response));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape is the method's
      return fromGatewayJson(json, answer) as AnswerOf<M>;
    } catch (error) {
      throw this.#error(error, true);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The one message of a stream's request is what `send` is given first; the stream begins with it. */
  async stream<M extends StreamMethod>(
    method: M,
    options: CallOptions,
  ): Promise<RpcStream<StreamMethods[M][0], StreamMethods[M][1]>> {
    const { path, answer } = gatewayMethod(method);
    const first = new FirstMessage();
    let exchange: Exchange | undefined;
    const messages = async function* (this: HttpTransport): AsyncGenerator<StreamMethods[M][1]> {
      const body = await first.promise;
      if (body === undefined) return;
      try {
        exchange = await this.#post(path, body, options);
        if (first.closed) return;
        for await (const line of linesOf(exchange.response)) {
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
          yield fromGatewayJson(this.#streamed(line), answer) as StreamMethods[M][1];
        }
      } catch (error) {
        if (!first.closed) throw this.#error(error, true);
      } finally {
        exchange?.request.destroy();
      }
    };
    await this.#reachable(options);
    return {
      messages: { [Symbol.asyncIterator]: messages.bind(this) },
      send: (message) => first.give(toGatewayJson(message)),
      close: () => {
        first.close();
        exchange?.request.destroy();
      },
    };
  }

  close(): void {
    this.#closed = true;
    for (const request of this.#open) request.destroy(this.#isClosed());
    this.#agent.destroy();
  }

  /** A stream is opened on a member that answers: one that does not is found out before anything is asked of it. */
  async #reachable(options: CallOptions): Promise<void> {
    const { path } = gatewayMethod('Maintenance/Status');
    const { response } = await this.#post(path, '{}', options);
    await textOf(response).catch((error: unknown) => {
      throw this.#error(error, false);
    });
  }

  /** Sends a request and waits for the head of its answer. Rejects with RpcError, also for an answer that is an error. */
  async #post(path: string, body: string, { token, deadline }: CallOptions): Promise<Exchange> {
    if (this.#closed) throw this.#isClosed();
    let connected = false;
    const exchange = await new Promise<Exchange>((resolve, reject) => {
      const request = (this.#secure ? https : http).request({
        ...this.#options,
        path: `${BASE}${path}`,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'grpc-metadata-hasleader': 'true',
          ...(token === undefined ? {} : { authorization: token }),
        },
      });
      this.#open.add(request);
      const dialing = setTimeout(() => request.destroy(this.#notConnected()), this.#dialTimeoutMs);
      const waiting = setTimeout(() => request.destroy(this.#late(connected)), Math.max(deadline - Date.now(), 0));
      const onConnected = (): void => {
        connected = true;
        clearTimeout(dialing);
      };
      request.on('socket', (socket) => {
        if (request.reusedSocket) onConnected();
        else socket.once(this.#secure ? 'secureConnect' : 'connect', onConnected);
      });
      request.on('error', (error) => reject(this.#error(error, connected)));
      request.on('response', (response) => {
        clearTimeout(waiting);
        resolve({ request, response });
      });
      request.on('close', () => {
        clearTimeout(dialing);
        clearTimeout(waiting);
        this.#open.delete(request);
      });
      request.end(body);
    });
    if (exchange.response.statusCode === 200) return exchange;
    throw await this.#refusal(exchange.response);
  }

  /** The error that an answer with an HTTP status of failure tells. */
  async #refusal(response: IncomingMessage): Promise<RpcError> {
    const status = response.statusCode ?? 0;
    const text = await textOf(response).catch(() => '');
    try {
      return this.#errorIn(JSON.parse(text), status);
    } catch {
      const details = `Received HTTP status code ${status}: ${text.trim().slice(0, LONGEST_REASON)}`;
      // Whoever says so in words of his own did not hand the request to etcd.
      const sent = status < 400 || status >= 500;
      return new RpcError(GrpcCode.unavailable, details, { endpoint: this.endpoint, sent });
    }
  }

  /** Reads `{"error": …, "code": …}`, and `{"message": …, "code": …}` of etcd 3.6. Throws when it is neither. */
  #errorIn(json: unknown, status = 0): RpcError {
    if (typeof json !== 'object' || json === null) throw new TypeError('not an error of the gateway');
    const fields = json as { error?: unknown; message?: unknown; code?: unknown; grpc_code?: unknown };
    const text = typeof fields.error === 'string' ? fields.error : fields.message;
    const code = fields.code ?? fields.grpc_code;
    if (typeof text !== 'string') throw new TypeError('not an error of the gateway');
    return this.#failed(typeof code === 'number' ? code : (STATUS_CODES[status] ?? GrpcCode.unknown), text);
  }

  #parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.#failed(GrpcCode.unavailable, 'Received HTTP status code 200 without JSON');
    }
  }

  /** What a line of a stream brings: `{"result": …}` or `{"error": {…}}`. */
  #streamed(line: string): unknown {
    const message = this.#parsed(line) as { result?: unknown; error?: unknown };
    if (message.error !== undefined) throw this.#errorIn(message.error);
    return message.result;
  }

  #failed(code: number, details: string): RpcError {
    return new RpcError(code, details, { endpoint: this.endpoint, sent: true });
  }

  #late(sent: boolean): RpcError {
    return new RpcError(GrpcCode.deadlineExceeded, 'no answer in time', { endpoint: this.endpoint, sent });
  }

  #notConnected(): RpcError {
    const details = 'no connection within the dial timeout';
    return new RpcError(GrpcCode.unavailable, details, { endpoint: this.endpoint, sent: false });
  }

  #isClosed(): RpcError {
    return new RpcError(GrpcCode.failedPrecondition, CLIENT_CLOSED, { endpoint: this.endpoint, sent: false });
  }

  #error(error: unknown, connected: boolean): RpcError {
    if (error instanceof RpcError) return error;
    const { endpoint } = this;
    if (this.#closed) return this.#isClosed();
    // With TLS 1.3 a client learns only after its handshake that the server does not take its certificate.
    const sent = connected && !(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_SSL_'));
    const code = error instanceof TypeError ? GrpcCode.internal : GrpcCode.unavailable;
    const reason = error instanceof Error ? error.message : String(error);
    const name = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
    const details = sent ? `${reason}${name}` : `No connection established. Last error: ${reason}${name}`;
    return new RpcError(code, details, { endpoint, sent, cause: error });
  }
}

/** The message that a stream's request consists of, which comes after the stream was made. */
class FirstMessage {
  closed = false;
  readonly promise: Promise<string | undefined>;
  #resolve: (body: string | undefined) => void = () => {};

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  give(body: string): void {
    this.#resolve(body);
  }

  close(): void {
    this.closed = true;
    this.#resolve(undefined);
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string, void, undefined> {
  let parts: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, from)) {
      const line = Buffer.concat([...parts, chunk.subarray(from, at)]).toString('utf8');
      parts = [];
      from = at + 1;
      if (line.trim() !== '') yield line;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  const rest = Buffer.concat(parts).toString('utf8');
  if (rest.trim() !== '') yield rest;
}
