import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request that passes the proxy. */
export interface PassingRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
}

/** What befalls a request, or its answer. */
export type Fault =
  /** The connection ends before the request is handed on. */
  | { readonly type: 'cut-request' }
  /** The request is done, and the connection ends instead of the answer. */
  | { readonly type: 'cut-answer' }
  /** The request is done, and the connection ends after so many bytes of the answer's body; of a watch, after so many lines. */
  | { readonly type: 'cut-within'; readonly after: number }
  /** The request is handed on so much later. */
  | { readonly type: 'delay'; readonly milliseconds: number }
  /** The request is handed on twice; the first answer is given. */
  | { readonly type: 'duplicate' }
  /** The answer's body, or the watch's line after so many others, is not JSON any more. */
  | { readonly type: 'corrupt'; readonly after: number }
  /** The proxy answers; with `done`, after the request was done all the same. */
  | { readonly type: 'answer'; readonly status: number; readonly retryAfter?: string; readonly done?: boolean };

/** The next `times` requests that match meet with a fault. */
export interface Rule {
  readonly fault: Fault;
  readonly times: number;
  readonly match: (request: PassingRequest) => boolean;
}

/** A plain HTTP proxy in front of an API server, which breaks what it is told to. */
export interface FaultyApiProxy {
  readonly url: string;
  /** Requests that came, as `METHOD url`, with the time of performance.now(). */
  readonly requests: readonly (PassingRequest & { readonly at: number })[];
  /** Faults that have happened. */
  readonly faults: number;
  add(rule: Rule): void;
  /** Ends all connections; with `forMilliseconds`, nobody answers on the port for so long. */
  restart(forMilliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** Where the requests go. */
export interface Upstream {
  readonly url: string;
  readonly ca: string;
  /** Sent for the client, which sends none without TLS. */
  readonly token: string;
}

export async function startFaultyApiProxy(upstream: Upstream): Promise<FaultyApiProxy> {
  const agent = new https.Agent({ ca: upstream.ca, keepAlive: true });
  const rules: { rule: Rule; left: number }[] = [];
  const requests: (PassingRequest & { readonly at: number })[] = [];
  let faults = 0;
  const faultOf = (request: PassingRequest): Fault | undefined => {
    const found = rules.find(({ rule, left }) => left > 0 && rule.match(request));
    if (found === undefined) return undefined;
    found.left -= 1;
    faults += 1;
    return found.rule.fault;
  };
  const serve = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const passing = { method: request.method ?? '', url: request.url ?? '' };
    requests.push({ ...passing, at: performance.now() });
    const fault = faultOf(passing);
    const body = await bodyOf(request);
    const send = async (): Promise<http.IncomingMessage> => forward(upstream, agent, { request, body, response });
    await new Exchange(request, response, send).run(fault);
  };
  const server = http.createServer((request, response) => {
    // What the client or the server ends early needs no word here.
    serve(request, response).catch(() => request.socket.destroy());
  });
  const listen = async (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    return closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get faults() {
      return faults;
    },
    add(rule) {
      rules.push({ rule, left: rule.times });
    },
    async restart(forMilliseconds) {
      faults += 1;
      await close();
      await sleep(forMilliseconds);
      await listen(port);
    },
    async stop() {
      await close();
      agent.destroy();
    },
  };
}

/** One request and its answer. */
class Exchange {
  readonly #request: http.IncomingMessage;
  readonly #response: http.ServerResponse;
  readonly #send: () => Promise<http.IncomingMessage>;

  constructor(request: http.IncomingMessage, response: http.ServerResponse, send: () => Promise<http.IncomingMessage>) {
    this.#request = request;
    this.#response = response;
    this.#send = send;
  }

  async run(fault: Fault | undefined): Promise<void> {
    switch (fault?.type) {
      case 'cut-request':
        this.#request.socket.destroy();
        return;
      case 'cut-answer':
        await bodyOf(await this.#send());
        this.#request.socket.destroy();
        return;
      case 'answer':
        if (fault.done === true) await bodyOf(await this.#send());
        this.#answer(fault.status, fault.retryAfter);
        return;
      case 'duplicate': {
        const answer = await this.#send();
        const first = await bodyOf(answer);
        await bodyOf(await this.#send());
        this.#head(answer).end(first);
        return;
      }
      case 'delay':
        await sleep(fault.milliseconds);
        return this.#pass(await this.#send());
      case 'cut-within':
      case 'corrupt':
      case undefined:
        return this.#pass(await this.#send(), fault);
    }
  }

  #answer(status: number, retryAfter: string | undefined): void {
    const body = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'by the proxy',
      code: status,
    };
    const reason = status === 410 ? { reason: 'Expired' } : {};
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
    this.#response.writeHead(status, { 'content-type': 'application/json', ...headers });
    this.#response.end(JSON.stringify({ ...body, ...reason }));
  }

  #head({ statusCode = 0, headers }: http.IncomingMessage): http.ServerResponse {
    const { connection: _own, 'transfer-encoding': _chunked, ...passed } = headers;
    return this.#response.writeHead(statusCode, passed);
  }

  async #pass(answer: http.IncomingMessage, fault?: Fault): Promise<void> {
    const isWatch = /[?&]watch=(1|true)/.test(this.#request.url ?? '');
    const response = this.#head(answer);
    response.flushHeaders();
    let carried = 0;
    for await (const chunk of isWatch ? linesOf(answer) : answer) {
      const data = chunk as Buffer;
      const size = isWatch ? 1 : data.length;
      if (fault?.type === 'cut-within' && carried + size > fault.after) {
        const part = isWatch ? Math.floor(data.length / 2) : fault.after - carried;
        await new Promise((resolve) => response.write(data.subarray(0, part), resolve));
        this.#request.socket.destroy();
        answer.destroy();
        return;
      }
      const broken = fault?.type === 'corrupt' && carried <= fault.after && carried + size > fault.after;
      response.write(broken ? Buffer.from(data.toString('latin1').replace('{', '~'), 'latin1') : data);
      carried += size;
    }
    response.end();
  }
}

async function* linesOf(answer: http.IncomingMessage): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of answer) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      yield rest.subarray(0, end + 1);
      rest = rest.subarray(end + 1);
    }
  }
  if (rest.length > 0) yield rest;
}

async function bodyOf(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function forward(
  upstream: Upstream,
  agent: https.Agent,
  { request, body, response }: { request: http.IncomingMessage; body: Buffer; response: http.ServerResponse },
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Not compressed, so that a byte here is a byte of what it says.
    const headers = { ...request.headers, 'accept-encoding': 'identity', authorization: `Bearer ${upstream.token}` };
    const url = new URL(request.url ?? '/', upstream.url);
    const sent = https.request(url, { agent, method: request.method, headers }, resolve);
    sent.once('error', reject);
    response.once('close', () => {
      if (!response.writableFinished && /[?&]watch=/.test(request.url ?? '')) sent.destroy();
    });
    sent.end(body);
  });
}
