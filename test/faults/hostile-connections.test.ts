import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiHandler } from '../../src/apiserver/handler.ts';
import type { ApiResponse, WatchEvent } from '../../src/model/api-message.ts';
import type { ServerLimits } from '../../src/http/server.ts';
import { type RunningServer, startStub, TOKEN } from '../http/running-server.ts';
import { rawRequest } from '../http/raw-request.ts';
import { rawExchange } from './raw-client.ts';

const running: RunningServer[] = [];
const sockets: net.Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(running.splice(0).map(async ({ server }) => server.stop()));
});

const FINE: ApiHandler = async () => ({ status: 200, headers: {}, body: { fine: true } });
const HEAD = `Host: x\r\nAuthorization: Bearer ${TOKEN}\r\n`;
const PODS = '/api/v1/namespaces/default/pods';

async function start(handler: ApiHandler = FINE, limits: Partial<ServerLimits> = {}): Promise<RunningServer> {
  const stub = await startStub(handler, limits);
  running.push(stub);
  return stub;
}

async function connect(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return socket;
}

/** Resolves when the server has closed a connection. */
async function closed(socket: net.Socket): Promise<void> {
  socket.resume();
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
}

async function isWell({ server, authority }: RunningServer): Promise<boolean> {
  return (await rawRequest({ server, authority }, PODS)).status === 200;
}

describe('what is no request that can be read', () => {
  it.each<[string, string, number]>([
    ['one header that is too long', `GET ${PODS} HTTP/1.1\r\n${HEAD}X: ${'x'.repeat(300_000)}\r\n\r\n`, 431],
    [
      'headers that are too many together',
      `GET ${PODS} HTTP/1.1\r\n${HEAD}${Array.from({ length: 20_000 }, (_, index) => `H${index}: 1\r\n`).join('')}\r\n`,
      431,
    ],
    ['a path that is too long', `GET /${'x'.repeat(300_000)} HTTP/1.1\r\n${HEAD}\r\n`, 431],
    ['no HTTP at all', '\0\x01\x02\r\n\r\n', 400],
    ['two lengths', `POST ${PODS} HTTP/1.1\r\n${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`, 400],
    [
      'a length and chunks',
      `POST ${PODS} HTTP/1.1\r\n${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /`,
      400,
    ],
    ['a negative length', `POST ${PODS} HTTP/1.1\r\n${HEAD}Content-Length: -5\r\n\r\nhello`, 400],
    [
      'an endless chunk',
      `POST ${PODS} HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n${'F'.repeat(17)}\r\n`,
      400,
    ],
    ['no host', `GET ${PODS} HTTP/1.1\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`, 400],
    [
      'a chunk with an endless name',
      `POST ${PODS} HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n1;${'e'.repeat(100_000)}\r\na\r\n0\r\n\r\n`,
      413,
    ],
  ])('is answered and cut off: %s', async (_name, send, status) => {
    const stub = await start();
    const exchange = await rawExchange({ port: stub.server.port, send });
    expect(exchange).toMatchObject({ closed: true, statuses: [status] });
    expect(await isWell(stub)).toBe(true);
  });

  it('is a body that says to be far too long: it is not waited for', async () => {
    const stub = await start();
    const send = `POST ${PODS} HTTP/1.1\r\n${HEAD}Content-Length: 99999999999\r\n\r\nhello`;
    const exchange = await rawExchange({ port: stub.server.port, send });
    expect(exchange).toMatchObject({ closed: true, statuses: [413] });
  });

  it('is a tunnel to elsewhere', async () => {
    const { server } = await start();
    const send = `CONNECT example.com:443 HTTP/1.1\r\n${HEAD}\r\n`;
    expect(await rawExchange({ port: server.port, send })).toMatchObject({ closed: true, text: '' });
  });
});

describe('all headers of a request', () => {
  it('are seen, however many there are', async () => {
    const seen: (string | undefined)[] = [];
    const { server } = await start(async (request) => {
      seen.push(request.user?.name);
      return FINE(request);
    });
    // A proxy that has authenticated somebody says so after what the client sent.
    const many = Array.from({ length: 4000 }, (_, index) => `H${index}: 1\r\n`).join('');
    const send = `GET ${PODS} HTTP/1.1\r\n${HEAD}${many}Impersonate-User: jane\r\nConnection: close\r\n\r\n`;
    expect(await rawExchange({ port: server.port, send })).toMatchObject({ statuses: [200] });
    expect(seen).toEqual(['jane']);
  });
});

describe('a slow client', () => {
  const limits = { headersMilliseconds: 300, requestMilliseconds: 600 };

  it('loses its connection when it never begins the handshake, or a request', async () => {
    const { server } = await start(FINE, { ...limits, connections: 2 });
    const silent = await Promise.all([connect(server.port), connect(server.port)]);
    await Promise.all(silent.map(closed));
    expect(await rawExchange({ port: server.port, send: '' })).toMatchObject({ closed: true });
  });

  it('is told that it took too long, by the header and by the byte of a body', async () => {
    const { server } = await start(FINE, limits);
    const slow = { port: server.port, drip: { text: 'X: y\r\n', milliseconds: 50 } };
    const inHead = rawExchange({ ...slow, send: `GET ${PODS} HTTP/1.1\r\n${HEAD}` });
    const inBody = rawExchange({
      ...slow,
      send: `POST ${PODS} HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`,
    });
    for (const exchange of await Promise.all([inHead, inBody])) {
      expect(exchange).toMatchObject({ closed: true, statuses: [408] });
      expect(exchange.milliseconds).toBeGreaterThan(250);
    }
  });

  it('does not keep an answer in memory, or a place among the requests, that it does not read', async () => {
    let begun = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const bulk: ApiHandler = async () => {
      begun();
      return { status: 200, headers: {}, body: 'x'.repeat(32 * 1024 * 1024) };
    };
    const stub = await start(bulk, { slowReaderMilliseconds: 2000, inFlight: 1 });
    const send = `GET /version HTTP/1.1\r\nHost: x\r\n\r\n`;
    const enough = new AbortController();
    const patience = { giveUpMilliseconds: 30_000, giveUp: enough.signal };
    const deaf = rawExchange({ port: stub.server.port, send, deaf: true, ...patience });
    await asked;
    const other = async (): Promise<number> =>
      (await rawExchange({ port: stub.server.port, send, answers: 1 })).statuses[0] ?? 0;
    expect(await other()).toBe(429);
    // The server alone can end it: the client neither reads nor goes.
    await expect.poll(other, { timeout: 20_000, interval: 200 }).toBe(200);
    enough.abort();
    await deaf;
  });

  it('of a watch is cut off, and the events that wait for it are not gathered', async () => {
    let made = 0;
    let cut = 0;
    async function* endless(): AsyncGenerator<WatchEvent, void, undefined> {
      try {
        for (;;) {
          made += 1;
          yield { type: 'ADDED', object: { text: 'x'.repeat(100_000) } };
        }
      } finally {
        cut += 1;
      }
    }
    const handler: ApiHandler = async (): Promise<ApiResponse> => ({ status: 200, headers: {}, events: endless() });
    const { server } = await start(handler, { slowReaderMilliseconds: 300 });
    const send = `GET ${PODS}?watch=true HTTP/1.1\r\n${HEAD}\r\n`;
    const enough = new AbortController();
    const reader = { port: server.port, send, deaf: true, giveUpMilliseconds: 30_000, giveUp: enough.signal };
    const readers = Promise.all(Array.from({ length: 20 }, async () => rawExchange(reader)));
    // All of them, and long before they give up.
    await expect.poll(() => cut, { timeout: 20_000 }).toBe(20);
    const whenCut = made;
    // What the sockets of 20 readers hold, and no more.
    expect(whenCut).toBeLessThan(20 * 200);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(made).toBe(whenCut);
    enough.abort();
    await readers;
  });
});

describe('a flood', () => {
  it('of connections is bounded, and is over when they are', async () => {
    const stub = await start(FINE, { connections: 50 });
    const flood = await Promise.all(Array.from({ length: 300 }, async () => connect(stub.server.port)));
    await expect
      .poll(() => flood.filter((socket) => socket.resume().destroyed).length, { timeout: 5000 })
      .toBeGreaterThanOrEqual(250);
    for (const socket of flood) socket.destroy();
    await expect.poll(async () => isWell(stub).catch(() => false), { timeout: 5000 }).toBe(true);
  });

  it('of requests on one connection is answered in its order', async () => {
    const { server } = await start(async ({ path }) => ({ status: 200, headers: {}, body: { path } }));
    const paths = Array.from({ length: 100 }, (_, index) => `/api/v1/nodes/n${index}`);
    const send = paths.map((path) => `GET ${path} HTTP/1.1\r\n${HEAD}\r\n`).join('');
    const { text, statuses } = await rawExchange({ port: server.port, send, answers: 100, giveUpMilliseconds: 20_000 });
    expect(statuses).toEqual(Array.from({ length: 100 }, () => 200));
    expect([...text.matchAll(/"path":"([^"]*)"/g)].map((match) => match[1])).toEqual(paths.slice(0, 100));
  });

  it('of requests whose answers nobody reads does not fill the memory', async () => {
    let served = 0;
    const handler: ApiHandler = async () => {
      served += 1;
      return { status: 200, headers: {}, body: 'x'.repeat(1024 * 1024) };
    };
    const stub = await start(handler, { slowReaderMilliseconds: 500 });
    const send = `GET ${PODS} HTTP/1.1\r\n${HEAD}\r\n`.repeat(5000);
    await rawExchange({ port: stub.server.port, send, deaf: true, giveUpMilliseconds: 2000 });
    expect(served).toBeLessThan(1000);
    expect(await isWell(stub)).toBe(true);
  });
});

describe('a server that stops', () => {
  it('is not held up by connections that say nothing, and finishes what runs', async () => {
    let finish = (): void => undefined;
    const began = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let answer = (): void => undefined;
    const handler: ApiHandler = async () => {
      finish();
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return { status: 200, headers: {}, body: { done: true } };
    };
    const stub = await start(handler, { stopMilliseconds: 30_000 });
    await Promise.all(Array.from({ length: 5 }, async () => connect(stub.server.port)));
    const idle = rawExchange({ port: stub.server.port, send: '', giveUpMilliseconds: 20_000 });
    const half = rawExchange({ port: stub.server.port, send: 'GET / HTTP/1.1\r\n', giveUpMilliseconds: 20_000 });
    const slow = rawRequest(stub, PODS);
    await began;
    const before = performance.now();
    const stopped = stub.server.stop();
    setTimeout(() => answer(), 100);
    expect(await slow).toMatchObject({ status: 200 });
    await stopped;
    expect(performance.now() - before).toBeLessThan(15_000);
    for (const each of await Promise.all([idle, half])) expect(each).toMatchObject({ closed: true });
  });

  it('ends what does not finish in its time', async () => {
    let begin = (): void => undefined;
    const began = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const never: ApiHandler = async () => {
      begin();
      return new Promise<ApiResponse>(() => undefined);
    };
    const stub = await start(never, { stopMilliseconds: 300 });
    const request = rawRequest(stub, PODS).catch((error: unknown) => error);
    await began;
    await stub.server.stop();
    expect(await request).toBeInstanceOf(Error);
  });
});
