import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import zlib from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { openRemoteTransport } from '../../src/client/remote/remote-transport.ts';
import { createClientCertificate, createAuthority } from '../../src/http/certificates.ts';
import type { ApiHandler } from '../../src/apiserver/handler.ts';
import type { ServerLimits } from '../../src/http/server.ts';
import type { ApiRequest, ApiResponse, WatchEvent } from '../../src/model/api-message.ts';
import { ConnectionError } from '../../src/model/connection-error.ts';
import { notFound } from '../../src/model/status-errors.ts';
import { type RunningServer, startStub, TOKEN } from './running-server.ts';

const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(async ({ server }) => server.stop()));
});

async function start(handler: ApiHandler, limits: Partial<ServerLimits> = {}): Promise<RunningServer> {
  const stub = await startStub(handler, limits);
  running.push(stub);
  return stub;
}

function ok(body: unknown, headers: Record<string, string> = {}): ApiResponse {
  return { status: 200, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** Answers what it was asked. */
const echo: ApiHandler = async ({ signal: _signal, query, ...request }) => ok({ ...request, query: query?.toString() });

interface Raw {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
}

/** A request past the transport, to see what goes over the wire. */
async function raw(
  { server, authority }: RunningServer,
  path: string,
  { method = 'GET', headers = {}, body }: Raw = {},
): Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer; json(): Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      `${server.url}${path}`,
      { method, ca: authority.cert, agent: false, headers: { authorization: `Bearer ${TOKEN}`, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const json = (): Record<string, unknown> => JSON.parse(bytes.toString()) as Record<string, unknown>;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, json });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

describe('listen', () => {
  it('hands method, path, query, headers, body and user to the handler', async () => {
    const stub = await start(echo);
    const send = openRemoteTransport(stub.connection);
    const query = new URLSearchParams({ dryRun: 'All', fieldManager: 'me & you' });
    const body = { kind: 'Pod', big: 9223372036854775807n, text: 'ünï' };
    const answer = await send({ method: 'POST', path: '/api/v1/namespaces/a%2Fb/pods', query, body });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      method: 'POST',
      path: '/api/v1/namespaces/a%2Fb/pods',
      query: 'dryRun=All&fieldManager=me+%26+you',
      body,
      user: { name: 'kube-lite-admin', groups: ['system:masters', 'system:authenticated'] },
    });
    expect((answer.body as ApiRequest).headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json',
    });
    expect((answer.body as ApiRequest).headers).not.toHaveProperty('authorization');
  });

  it('passes failures on as they are, and what the handler throws as a Status', async () => {
    const stub = await start(async ({ path }) => {
      const { status } = notFound({ group: '', resource: 'pods' }, 'x');
      if (path === '/answered') return { status: 404, headers: { 'content-type': 'application/json' }, body: status };
      throw path === '/thrown' ? notFound({ group: '', resource: 'pods' }, 'x') : new Error('boom');
    });
    const send = openRemoteTransport(stub.connection);
    const answered = await send({ method: 'GET', path: '/answered' });
    expect(answered).toMatchObject({ status: 404, body: { reason: 'NotFound', message: 'pods "x" not found' } });
    expect(await send({ method: 'GET', path: '/thrown' })).toMatchObject({ status: 404, body: answered.body });
    expect(await send({ method: 'GET', path: '/broken' })).toMatchObject({
      status: 500,
      body: { kind: 'Status', reason: 'InternalError', message: 'Internal error occurred: boom' },
    });
  });

  it('sends each warning as a header of its own, in UTF-8', async () => {
    const stub = await start(async () => ok({}, { warning: '299 - "first"\n299 - "zweite: ä"' }));
    const answer = await openRemoteTransport(stub.connection)({ method: 'GET', path: '/api/v1/x' });
    expect(answer.headers['warning']).toBe('299 - "first"\n299 - "zweite: ä"');
  });

  it('compresses large answers for those who take gzip, and only these', async () => {
    const big = { text: 'a'.repeat(200_000) };
    const stub = await start(async ({ path }) => ok(path === '/api/v1/big' ? big : { text: 'small' }));
    const packed = await raw(stub, '/api/v1/big', { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.bytes.length).toBeLessThan(5000);
    expect(JSON.parse(zlib.gunzipSync(packed.bytes).toString())).toEqual(big);
    expect((await raw(stub, '/api/v1/big')).headers).not.toHaveProperty('content-encoding');
    expect((await raw(stub, '/api/v1/small', { headers: { 'accept-encoding': 'gzip' } })).bytes.toString()).toBe(
      '{"text":"small"}\n',
    );
    expect(await openRemoteTransport(stub.connection)({ method: 'GET', path: '/api/v1/big' })).toMatchObject({
      body: big,
    });
  });

  it('answers HEAD as GET without a body, text as text, and indents for a person', async () => {
    const stub = await start(async ({ path, method }) =>
      path === '/healthz' ? { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' } : ok({ method }),
    );
    const head = await raw(stub, '/api/v1/pods', { method: 'HEAD' });
    expect([head.status, head.bytes.length, head.headers['content-length']]).toEqual([200, 0, '17']);
    expect((await raw(stub, '/healthz')).bytes.toString()).toBe('ok');
    expect((await raw(stub, '/api/v1/pods?pretty=true')).bytes.toString()).toBe('{\n  "method": "GET"\n}\n');
    expect((await raw(stub, '/api/v1/pods', { headers: { 'user-agent': 'curl/8.0' } })).bytes.toString()).toContain(
      '\n  ',
    );
  });

  it('reads JSON, YAML and apply patches, and names what it cannot read', async () => {
    const stub = await start(echo);
    const post = async (type: string, body: string, method = 'POST'): Promise<Record<string, unknown>> =>
      (await raw(stub, '/api/v1/pods', { method, headers: { 'content-type': type }, body })).json();
    expect((await post('application/yaml', 'a: {b: [1, yes]}'))['body']).toEqual({ a: { b: [1, true] } });
    expect((await post('application/json; charset=utf-8', '{"a":1}'))['body']).toEqual({ a: 1 });
    expect((await post('application/apply-patch+yaml', 'a: 1', 'PATCH'))['body']).toEqual({ a: 1 });
    expect((await post('application/apply-patch+yaml', '{"a": 1}', 'PATCH'))['body']).toEqual({ a: 1 });
    expect((await post('application/json-patch+json', '[]', 'PATCH'))['body']).toEqual([]);
    expect(await post('text/csv', 'a')).toMatchObject({
      code: 415,
      reason: 'UnsupportedMediaType',
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    });
    expect(await post('application/json', '{}', 'PATCH')).toMatchObject({ code: 415 });
    expect(await post('application/json', '{')).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message:
        "the object provided is unrecognized: couldn't get version/kind; json parse error: unexpected end of JSON input (7b)",
    });
    expect(await post('application/yaml', 'a: [')).toMatchObject({ code: 400 });
    expect(await post('application/vnd.kubernetes.protobuf', 'nonsense')).toMatchObject({ code: 400 });
  });

  it('reads protobuf bodies', async () => {
    const { encodeObject } = await import('../../src/model/protobuf/encode-object.ts');
    const stub = await start(echo);
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { k: 'v' } };
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    const answer = await raw(stub, '/api/v1/configmaps', { method: 'POST', headers, body: encodeObject(object) });
    expect(answer.json()['body']).toMatchObject(object);
  });

  it('reads options in protobuf, which have no metadata', async () => {
    const { encodeEnvelope } = await import('../../src/model/protobuf/envelope.ts');
    const { ProtobufWriter } = await import('../../src/model/protobuf/protobuf-writer.ts');
    const stub = await start(echo);
    const writer = new ProtobufWriter();
    encodeEnvelope(writer, { apiVersion: 'v1', kind: 'DeleteOptions' }, () => {
      writer.string('Background');
      writer.tag(4, 2);
    });
    const body = writer.toBuffer();
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf', 'content-length': String(body.length) };
    const sent = await raw(stub, '/api/v1/namespaces/default/secrets/s', {
      method: 'DELETE',
      headers,
      body,
    });
    expect(sent.json()).toMatchObject({
      body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' },
    });
    expect((sent.json() as { body: object }).body).not.toHaveProperty('metadata');
  });

  it('refuses a body beyond the limit, and takes one of just the limit', async () => {
    const stub = await start(async ({ body }) => ok({ length: JSON.stringify(body).length }));
    const send = openRemoteTransport(stub.connection);
    const limit = 3 * 1024 * 1024;
    const fits = await send({ method: 'POST', path: '/api/v1/pods', body: 'x'.repeat(limit - 2) }).catch(
      (error: unknown) => error,
    );
    // Text goes as it is: as JSON it would be two quotes longer.
    expect(fits).toMatchObject({ status: 400 });
    expect(await send({ method: 'POST', path: '/api/v1/pods', body: { a: 'x'.repeat(limit - 8) } })).toMatchObject({
      status: 200,
    });
    expect(await send({ method: 'POST', path: '/api/v1/pods', body: { a: 'x'.repeat(limit) } })).toMatchObject({
      status: 413,
      body: { reason: 'RequestEntityTooLarge', message: 'Request entity too large: limit is 3145728' },
    });
    expect(await send({ method: 'POST', path: '/api/v1/pods', body: {} })).toMatchObject({ status: 200 });
  });
});

describe('authentication', () => {
  it('answers 401 without, and with a wrong, token; lets everyone see its health', async () => {
    const stub = await start(echo);
    const headers = (authorization: string) => ({ headers: { authorization } });
    const unauthorized = { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' };
    const send = openRemoteTransport({ ...stub.connection, headers: {} });
    expect(await send({ method: 'GET', path: '/api/v1/pods' })).toMatchObject({ status: 401, body: unauthorized });
    for (const wrong of [`Bearer ${TOKEN}x`, 'Bearer x', 'Bearer ', `Basic ${TOKEN}`, TOKEN]) {
      expect((await raw(stub, '/api/v1/pods', headers(wrong))).json()).toMatchObject(unauthorized);
      expect((await raw(stub, '/healthz', headers(wrong))).status).toBe(401);
    }
    for (const path of ['/healthz', '/livez/ping', '/readyz', '/version']) {
      expect((await send({ method: 'GET', path })).body).toMatchObject({ user: { name: 'system:anonymous' } });
    }
    expect((await send({ method: 'GET', path: '/versions' })).status).toBe(401);
  });

  it('tells whoever sends a body with a wrong token, whatever its size', async () => {
    const stub = await start(echo);
    const send = openRemoteTransport({ ...stub.connection, headers: { authorization: 'Bearer wrong' } });
    for (const size of [10, 1_000_000, 3_000_000]) {
      const answer = await send({ method: 'POST', path: '/api/v1/pods', body: { text: 'x'.repeat(size) } });
      expect(answer).toMatchObject({ status: 401, body: { reason: 'Unauthorized' } });
    }
  });

  it('believes client certificates of its own authority alone', async () => {
    const stub = await start(echo);
    const own = await createClientCertificate(stub.authority, { name: 'jane', groups: ['dev', 'ops'] }, new Date());
    const stranger = await createClientCertificate(
      await createAuthority(new Date()),
      { name: 'jane', groups: [] },
      new Date(),
    );
    const as = (pair: { cert: string; key: string }) =>
      openRemoteTransport({ ...stub.connection, headers: {}, tls: { ...stub.connection.tls, ...pair } });
    expect((await as(own)({ method: 'GET', path: '/api' })).body).toMatchObject({
      user: { name: 'jane', groups: ['dev', 'ops', 'system:authenticated'] },
    });
    expect((await as(stranger)({ method: 'GET', path: '/api' })).status).toBe(401);
  });

  it('lets an administrator act as another user', async () => {
    const stub = await start(echo);
    const headers = {
      ...stub.connection.headers,
      'impersonate-user': 'system:serviceaccount:ns:sa',
      'impersonate-uid': '7',
      'impersonate-extra-scopes%2fa': 'view',
    };
    const send = openRemoteTransport({ ...stub.connection, headers });
    expect((await send({ method: 'GET', path: '/api' })).body).toMatchObject({
      user: {
        name: 'system:serviceaccount:ns:sa',
        uid: '7',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
        extra: { 'scopes/a': ['view'] },
      },
    });
    const groups = openRemoteTransport({
      ...stub.connection,
      headers: { ...headers, 'impersonate-group': ['a', 'b'] },
    });
    expect((await groups({ method: 'GET', path: '/api' })).body).toMatchObject({
      user: { groups: ['a', 'b', 'system:authenticated'] },
    });
    const nobody = openRemoteTransport({
      ...stub.connection,
      headers: { ...stub.connection.headers, 'impersonate-user': 'system:anonymous' },
    });
    expect((await nobody({ method: 'GET', path: '/api' })).body).toMatchObject({
      user: { name: 'system:anonymous', groups: ['system:unauthenticated'] },
    });
  });
});

/** Events that a test pushes one by one. */
class Feed {
  readonly #waiting: ((result: IteratorResult<WatchEvent>) => void)[] = [];
  readonly #ready: IteratorResult<WatchEvent>[] = [];
  returned = false;

  push(name: string): void {
    this.#put({ done: false, value: { type: 'ADDED', object: { metadata: { name } } } });
  }

  end(): void {
    this.#put({ done: true, value: undefined });
  }

  #put(result: IteratorResult<WatchEvent>): void {
    const take = this.#waiting.shift();
    if (take === undefined) this.#ready.push(result);
    else take(result);
  }

  events(): AsyncIterable<WatchEvent> {
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => this.#ready.shift() ?? new Promise((resolve) => this.#waiting.push(resolve)),
        return: async () => {
          this.returned = true;
          return { done: true, value: undefined };
        },
      }),
    };
  }
}

function nameOf(event: WatchEvent): unknown {
  return (event.object as { metadata: { name: string } }).metadata.name;
}

const WATCH = { method: 'GET', path: '/api/v1/pods', query: new URLSearchParams({ watch: 'true' }) } as const;

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('watches', () => {
  it('brings each event at once, and ends with the events', async () => {
    const feed = new Feed();
    const stub = await start(async () => ({ status: 200, headers: {}, events: feed.events() }));
    const { events } = await openRemoteTransport(stub.connection)(WATCH);
    const iterator = events![Symbol.asyncIterator]();
    for (const name of ['a', 'ünï\n', '🦊']) {
      feed.push(name);
      const { value } = (await iterator.next()) as { value: WatchEvent };
      expect(nameOf(value)).toBe(name);
    }
    feed.end();
    expect(await iterator.next()).toMatchObject({ done: true });
  });

  it('tells the handler when the reader stops or aborts, and throws the reason of the abort', async () => {
    const feeds = [new Feed(), new Feed()];
    const signals: AbortSignal[] = [];
    const stub = await start(async ({ signal }) => {
      const feed = feeds[signals.length]!;
      signals.push(signal!);
      return { status: 200, headers: {}, events: feed.events() };
    });
    const send = openRemoteTransport(stub.connection);
    const abort = new AbortController();
    const { events } = await send({ ...WATCH, signal: abort.signal });
    const reading = (async () => {
      for await (const _event of events!) abort.abort(new Error('enough'));
    })();
    feeds[0]!.push('a');
    await expect(reading).rejects.toThrow('enough');
    await until(() => signals[0]!.aborted && feeds[0]!.returned);
    await expect(send({ ...WATCH, signal: abort.signal })).rejects.toThrow('enough');

    const second = await send(WATCH);
    feeds[1]!.push('b');
    for await (const _event of second.events!) break;
    await until(() => signals[1]!.aborted);
  });

  it('reports a connection that is cut', async () => {
    const feed = new Feed();
    const stub = await start(async () => ({ status: 200, headers: {}, events: feed.events() }));
    const proxy = await cuttingProxy(stub.server.port);
    const url = new URL(`https://127.0.0.1:${proxy.port}`);
    const { events } = await openRemoteTransport({ ...stub.connection, server: url, address: url.host })(WATCH);
    feed.push('a');
    const reading = (async () => {
      for await (const _event of events!) proxy.cut();
    })();
    await expect(reading).rejects.toMatchObject({ name: 'ConnectionError', failure: 'cut', sent: true });
    await proxy.close();
  });

  it('turns an error of the events into a last ERROR event', async () => {
    const stub = await start(async () => ({
      status: 200,
      headers: {},
      events: (async function* events(): AsyncGenerator<WatchEvent> {
        yield { type: 'ADDED', object: { metadata: { name: 'a' } } };
        throw notFound({ group: '', resource: 'pods' }, 'x');
      })(),
    }));
    const { events } = await openRemoteTransport(stub.connection)(WATCH);
    const seen: WatchEvent[] = [];
    for await (const event of events!) seen.push(event);
    expect(seen.map((event) => event.type)).toEqual(['ADDED', 'ERROR']);
    expect(seen[1]!.object).toMatchObject({ kind: 'Status', code: 404 });
  });

  it('reads no further than its reader does, and cuts one that is too slow', async () => {
    let produced = 0;
    let ended = false;
    const stub = await start(
      async () => ({
        status: 200,
        headers: {},
        events: (async function* events(): AsyncGenerator<WatchEvent> {
          try {
            for (; produced < 2000; produced++) yield { type: 'ADDED', object: { text: 'x'.repeat(100_000) } };
          } finally {
            ended = true;
          }
        })(),
      }),
      { slowReaderMilliseconds: 300 },
    );
    const socket = tls.connect({ port: stub.server.port, host: '127.0.0.1', ca: stub.authority.cert });
    socket.on('error', () => undefined);
    socket.write(`GET /api/v1/pods?watch=1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\n\r\n`);
    socket.pause();
    await until(() => ended);
    expect(produced).toBeGreaterThan(0);
    expect(produced).toBeLessThan(1000);
    socket.destroy();
  });

  it('ends when the server stops, after other requests are finished', async () => {
    const feed = new Feed();
    let release: (() => void) | undefined;
    const stub = await startStub(async ({ path }) => {
      if (path === '/api/v1/pods') return { status: 200, headers: {}, events: feed.events() };
      await new Promise<void>((resolve) => (release = resolve));
      return ok({ done: true });
    });
    const send = openRemoteTransport(stub.connection);
    const { events } = await send(WATCH);
    const slow = send({ method: 'GET', path: '/slow' });
    await until(() => release !== undefined);
    const stopped = stub.server.stop();
    for await (const _event of events!) throw new Error('no event was sent');
    release!();
    expect(await slow).toMatchObject({ body: { done: true } });
    await stopped;
    await expect(send({ method: 'GET', path: '/' })).rejects.toMatchObject({ failure: 'refused', sent: false });
    expect(await send({ method: 'GET', path: '/' }).catch((error: unknown) => error)).toBeInstanceOf(ConnectionError);
  });
});

/** A TCP relay that can be cut in the middle. */
async function cuttingProxy(port: number): Promise<{ port: number; cut(): void; close(): Promise<void> }> {
  const sockets: net.Socket[] = [];
  const server = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1');
    sockets.push(client, upstream);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    close: async () => new Promise((resolve) => server.close(() => resolve())),
  };
}
