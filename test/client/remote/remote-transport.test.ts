import http from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { RemoteConnection } from '../../../src/client/remote/remote-connection.ts';
import { openRemoteTransport } from '../../../src/client/remote/remote-transport.ts';
import { createAuthority, createServerCertificate } from '../../../src/http/certificates.ts';
import { listen } from '../../../src/http/server.ts';
import { startStub } from '../../http/running-server.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map(async (each) => each()));
});

type Listener = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void;

/** A plain HTTP server that answers as the test says. */
async function plainServer(listener: Listener): Promise<RemoteConnection & { connections(): number }> {
  let connections = 0;
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => listener(request, response, body));
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { ...plain((server.address() as net.AddressInfo).port), connections: () => connections };
}

function plain(port: number, scheme = 'http'): RemoteConnection {
  const server = new URL(`${scheme}://127.0.0.1:${port}`);
  return { server, address: server.host, tls: { insecureSkipVerify: false }, headers: {} };
}

async function stub(): Promise<RemoteConnection> {
  const running = await startStub(async () => ({ status: 200, headers: {}, body: { ok: true } }));
  cleanUps.push(async () => running.server.stop());
  return running.connection;
}

const GET = { method: 'GET', path: '/api/v1/pods' } as const;
const JSON_TYPE = { 'content-type': 'application/json' };

async function failureOf(connection: RemoteConnection): Promise<unknown> {
  return openRemoteTransport(connection)(GET).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('openRemoteTransport', () => {
  it('keeps its connection for the next request', async () => {
    const connection = await plainServer((_request, response) => response.writeHead(200, JSON_TYPE).end('{}'));
    const send = openRemoteTransport(connection);
    for (let count = 0; count < 5; count++) expect(await send(GET)).toMatchObject({ status: 200, body: {} });
    expect(connection.connections()).toBe(1);
  });

  it('sends the body of a DELETE as a part of it', async () => {
    const connection = await plainServer((request, response, body) => {
      response.writeHead(200, JSON_TYPE).end(JSON.stringify({ method: request.method, body }));
    });
    const send = openRemoteTransport(connection);
    const request = { method: 'DELETE', path: '/api/v1/namespaces/a/pods/b', body: { gracePeriodSeconds: 0 } } as const;
    for (let count = 0; count < 2; count++) {
      expect((await send(request)).body).toEqual({ method: 'DELETE', body: '{"gracePeriodSeconds":0}' });
    }
  });

  it("puts the server's own path before the API's", async () => {
    const connection = await plainServer((request, response) => response.end(request.url));
    const server = new URL('/k8s/clusters/c/', connection.server);
    const query = new URLSearchParams({ labelSelector: 'a in (b,c)' });
    const answer = await openRemoteTransport({ ...connection, server, timeoutMilliseconds: 1500 })({ ...GET, query });
    expect(answer.body).toBe('/k8s/clusters/c/api/v1/pods?labelSelector=a+in+%28b%2Cc%29&timeout=1.5s');
  });

  it('keeps integers beyond 2^53, and text that is not JSON', async () => {
    const connection = await plainServer((request, response) => {
      if (request.url === '/text') response.writeHead(200, { 'content-type': 'text/plain' }).end('{"a":1}');
      else response.writeHead(200, JSON_TYPE).end('{"a":9223372036854775807,"b":"12345678901234567890","c":1.5}');
    });
    const send = openRemoteTransport(connection);
    expect((await send(GET)).body).toEqual({ a: 9223372036854775807n, b: '12345678901234567890', c: 1.5 });
    expect((await send({ ...GET, path: '/text' })).body).toBe('{"a":1}');
  });

  it('throws for a success that is no JSON, and keeps the status of a failure that is none', async () => {
    const connection = await plainServer((request, response) =>
      response.writeHead(request.url === '/bad' ? 502 : 200, JSON_TYPE).end('<html>'),
    );
    const send = openRemoteTransport(connection);
    await expect(send(GET)).rejects.toThrow("the server's answer is not valid JSON");
    expect(await send({ ...GET, path: '/bad' })).toMatchObject({ status: 502, body: '<html>' });
  });

  it('tries again what the server asks to try again, but nothing else', async () => {
    const seen: string[] = [];
    const connection = await plainServer((request, response, body) => {
      seen.push(`${request.method} ${body}`);
      if (request.url === '/asked' && seen.length < 3) response.writeHead(429, { 'retry-after': '0' }).end();
      else response.writeHead(request.url === '/asked' ? 201 : 503, JSON_TYPE).end('{}');
    });
    const send = openRemoteTransport(connection);
    expect((await send({ method: 'POST', path: '/asked', body: { a: 1 } })).status).toBe(201);
    expect(seen).toEqual(['POST {"a":1}', 'POST {"a":1}', 'POST {"a":1}']);
    expect((await send({ method: 'POST', path: '/other', body: {} })).status).toBe(503);
    expect(seen).toHaveLength(4);
  });

  it('asks for other credentials once when the server answers 401', async () => {
    const connection = await plainServer((request, response) =>
      response.writeHead(request.headers.authorization === 'Bearer new' ? 200 : 401, JSON_TYPE).end('{}'),
    );
    const asked: boolean[] = [];
    const credentials = (token: string) => async (refresh: boolean) => {
      asked.push(refresh);
      return { authorization: `Bearer ${refresh ? token : 'old'}` };
    };
    expect((await openRemoteTransport({ ...connection, credentials: credentials('new') })(GET)).status).toBe(200);
    expect(asked).toEqual([false, true]);
    expect((await openRemoteTransport({ ...connection, credentials: credentials('bad') })(GET)).status).toBe(401);
    expect(asked).toEqual([false, true, false, true]);
  });

  it('reads again on a new connection when a kept one was closed, but does not write again', async () => {
    let requests = 0;
    const connection = await plainServer((request, response) => {
      requests++;
      // The second request on a connection finds it closed.
      if (requests % 2 === 0) request.socket.destroy();
      else response.writeHead(200, JSON_TYPE).end('{}');
    });
    const send = openRemoteTransport(connection);
    await send(GET);
    expect(await send(GET)).toMatchObject({ status: 200 });
    expect(requests).toBe(3);
    await expect(send({ method: 'POST', path: '/', body: {} })).rejects.toMatchObject({
      failure: 'cut',
      sent: true,
      message: 'EOF',
    });
    expect(requests).toBe(4);
  });
});

describe('failures of a connection', () => {
  it('are told apart, in the words of Go', async () => {
    const free = await plainServer(() => undefined);
    expect(await failureOf(plain(1))).toMatchObject({
      name: 'ConnectionError',
      failure: 'refused',
      address: '127.0.0.1:1',
      message: 'dial tcp 127.0.0.1:1: connect: connection refused',
      sent: false,
    });
    const nowhere = new URL('http://no-such-host.invalid:80');
    expect(await failureOf({ ...free, server: nowhere, address: 'no-such-host.invalid' })).toMatchObject({
      failure: 'dns',
      message: expect.stringMatching(
        /^dial tcp: lookup no-such-host\.invalid( on \S+)?: (no such host|server misbehaving)$/,
      ),
    });
    expect(await failureOf(plain(Number(free.server.port), 'https'))).toMatchObject({
      failure: 'tls',
      message: 'http: server gave HTTP response to HTTPS client',
    });
  });

  it('name what is wrong with a certificate', async () => {
    const connection = await stub();
    const other = await createAuthority(new Date());
    const verify = 'tls: failed to verify certificate: x509:';
    for (const ca of [other.cert, undefined]) {
      const tls = { insecureSkipVerify: false, ...(ca === undefined ? {} : { ca }) };
      expect(await failureOf({ ...connection, tls })).toMatchObject({
        failure: 'tls',
        sent: false,
        message: `${verify} certificate signed by unknown authority`,
      });
    }
    expect(await failureOf({ ...connection, tls: { ...connection.tls, serverName: 'example.com' } })).toMatchObject({
      failure: 'tls',
      message: `${verify} certificate is valid for localhost, not example.com`,
    });
    expect(await failureOf({ ...connection, tls: { ...connection.tls, serverName: 'localhost' } })).toBeUndefined();
    expect(await failureOf({ ...connection, tls: { insecureSkipVerify: true } })).toBeUndefined();
  });

  it('name an address that the certificate is not for, and one that has expired', async () => {
    const verify = 'tls: failed to verify certificate: x509:';
    const start = async (hosts: string[], made: Date): Promise<RemoteConnection> => {
      const authority = await createAuthority(new Date());
      const pair = await createServerCertificate(authority, hosts, made);
      const options = { address: '127.0.0.1', port: 0, tls: pair, authentication: { token: 'x' } };
      const server = await listen(async () => ({ status: 200, headers: {} }), options);
      cleanUps.push(async () => server.stop());
      return { ...plain(server.port, 'https'), tls: { ca: authority.cert, insecureSkipVerify: false } };
    };
    expect(await failureOf(await start(['10.0.0.1', '::1'], new Date()))).toMatchObject({
      message: `${verify} certificate is valid for 10.0.0.1, 0:0:0:0:0:0:0:1, not 127.0.0.1`,
    });
    expect(await failureOf(await start(['localhost'], new Date()))).toMatchObject({
      message: `${verify} cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs`,
    });
    expect(await failureOf(await start(['127.0.0.1'], new Date('2020-01-01T00:00:00Z')))).toMatchObject({
      message: `${verify} certificate has expired or is not yet valid`,
    });
  });

  it('include the time limit of a request; a watch just ends then', async () => {
    const connection = await plainServer((request, response) => {
      if (request.url?.includes('watch') !== true) return;
      response.writeHead(200, JSON_TYPE).write('{"type":"ADDED","object":{}}\n');
    });
    const limited = { ...connection, timeoutMilliseconds: 200 };
    expect(await failureOf(limited)).toMatchObject({
      failure: 'timeout',
      sent: true,
      message: 'net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
    });
    const { events } = await openRemoteTransport(limited)({ ...GET, query: new URLSearchParams({ watch: '1' }) });
    const types: string[] = [];
    for await (const event of events!) types.push(event.type);
    expect(types).toEqual(['ADDED']);
  });

  it('are not what an abort throws', async () => {
    const connection = await plainServer(() => undefined);
    const abort = new AbortController();
    const reason = new Error('interrupted');
    setTimeout(() => abort.abort(reason), 50);
    await expect(openRemoteTransport(connection)({ ...GET, signal: abort.signal })).rejects.toBe(reason);
  });
});

describe('a proxy', () => {
  it('is asked to connect to an https server, with its user', async () => {
    const connection = await stub();
    const asked: unknown[] = [];
    const proxy = http.createServer((_request, response) => response.writeHead(400).end());
    proxy.on('connect', (request, client, head) => {
      asked.push([request.url, request.headers['proxy-authorization']]);
      const upstream = net.connect(Number(connection.server.port), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
      for (const socket of [client, upstream]) socket.on('error', () => undefined);
      cleanUps.push(async () => {
        client.destroy();
        upstream.destroy();
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    cleanUps.push(async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    });
    const url = new URL(`http://me:s%20cret@127.0.0.1:${(proxy.address() as net.AddressInfo).port}`);
    const send = openRemoteTransport({ ...connection, proxy: url });
    expect(await send(GET)).toMatchObject({ status: 200, body: { ok: true } });
    expect(asked).toEqual([[connection.address, `Basic ${Buffer.from('me:s cret').toString('base64')}`]]);
  });

  it('gets the whole URL of an http server', async () => {
    const proxy = await plainServer((request, response) => response.end(`${request.url} ${request.headers.host}`));
    const server = new URL('http://cluster.invalid:8080');
    const send = openRemoteTransport({ ...proxy, server, address: server.host, proxy: proxy.server });
    expect((await send(GET)).body).toBe('http://cluster.invalid:8080/api/v1/pods cluster.invalid:8080');
  });
});
