import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EtcdOptions } from '../../../src/storage/etcd/etcd-options.ts';
import { openEtcdStorage } from '../../../src/storage/etcd/open-etcd-storage.ts';
import { StorageError } from '../../../src/storage/storage-error.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { type EtcdServer, LIMITED_PASSWORD, ROOT_PASSWORD, startEtcd } from '../../peers/etcd-server.ts';
import { freePort } from '../../peers/free-port.ts';
import { createTestAuthority } from '../../peers/test-authority.ts';

const KEY = Buffer.from('/gateway/key');

async function use<T>(options: EtcdOptions, work: (storage: Storage) => Promise<T>): Promise<T> {
  const storage = await openEtcdStorage({ ...options, transport: 'http' });
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

const write = (storage: Storage, key = KEY) =>
  storage.txn({ compares: [], success: [{ type: 'put', key, value: Buffer.from('x') }] });

/** What reading, writing and watching all fail with. */
async function failureOf(options: EtcdOptions): Promise<StorageError> {
  return use({ requestTimeoutMs: 2000, ...options }, async (storage) => {
    const watch = async (): Promise<void> => {
      for await (const batch of storage.watch({ key: KEY })) expect(batch).toBeDefined();
    };
    const attempts = [() => storage.range({ key: KEY }), () => write(storage), watch];
    const errors: unknown[] = [];
    for (const attempt of attempts) errors.push(await attempt().catch((error: unknown) => error));
    const codes = errors.map((error) => (error instanceof StorageError ? error.code : String(error)));
    expect(codes, errors.map(String).join(' | ')).toEqual(codes.map(() => codes[0]));
    return errors[0] as StorageError;
  });
}

describe("etcd's JSON gateway with TLS", () => {
  let server: EtcdServer;
  let folder: string;
  beforeAll(async () => {
    server = await startEtcd({ tls: true });
    folder = await mkdtemp(join(tmpdir(), 'kube-lite-gateway-'));
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it('checks the server, and is checked by it', async () => {
    const { endpoints, ca: caFile, cert: certFile, key: keyFile } = server;
    const other = join(folder, 'other-ca.crt');
    await writeFile(other, createTestAuthority('other').ca);
    expect((await failureOf({ endpoints, caFile: other, certFile, keyFile })).message).toContain('unknown authority');
    expect((await failureOf({ endpoints, caFile })).message).toContain('wants a client certificate');
    const plain = endpoints.map((each) => each.replace('https:', 'http:'));
    await use({ endpoints: plain, requestTimeoutMs: 1000 }, async (storage) => {
      // This etcd ends the connection without a word, so what became of a write cannot be told for certain.
      await expect(storage.range({ key: KEY })).rejects.toMatchObject({ code: 'Unavailable' });
      await expect(write(storage)).rejects.toMatchObject({ name: 'StorageError' });
    });
    await use({ endpoints, caFile, certFile, keyFile }, write);
  });
});

describe("etcd's JSON gateway with authentication", () => {
  let server: EtcdServer;
  beforeAll(async () => {
    server = await startEtcd({ auth: true });
  });
  afterAll(async () => server.stop());

  it('logs in, keeps to what the user may do, and says what is wrong', async () => {
    const { endpoints } = server;
    const { revision } = await use({ endpoints, username: 'root', password: ROOT_PASSWORD }, write);
    expect(revision).toBeGreaterThan(1);
    expect((await failureOf({ endpoints })).message).toContain('user name is empty');
    expect((await failureOf({ endpoints, username: 'root', password: 'wrong' })).code).toBe('Unauthenticated');
    await use({ endpoints, username: 'limited', password: LIMITED_PASSWORD }, async (storage) => {
      await write(storage, Buffer.from('/allowed/key'));
      await expect(write(storage)).rejects.toMatchObject({ code: 'PermissionDenied' });
      for await (const batch of storage.watch({ key: Buffer.from('/allowed/key'), startRevision: 1 })) {
        if (batch.events.length > 0) break;
      }
    });
  });
});

describe("what is not etcd's JSON gateway", () => {
  it('is told from it', async () => {
    const refused = await failureOf({ endpoints: [`127.0.0.1:${await freePort()}`] });
    expect(refused.message).toContain('connection refused');
    for (const [status, body] of [
      [200, '<html>'],
      [404, 'not here'],
      [200, '[1]'],
      [200, '{"header":{"revision":"x"}}'],
    ] as const) {
      const server: Server = createServer((_request, response) => response.writeHead(status).end(body));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      try {
        await use({ endpoints: [`127.0.0.1:${port}`], requestTimeoutMs: 500 }, async (storage) => {
          await expect(storage.range({ key: KEY })).rejects.toMatchObject({
            name: 'StorageError',
            code: 'Unavailable',
          });
          await expect(write(storage)).rejects.toMatchObject({ name: 'StorageError' });
        });
      } finally {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    }
  });

  it('is given up on when it is silent', async () => {
    const server: Server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await use({ endpoints: [`127.0.0.1:${port}`], requestTimeoutMs: 300 }, async (storage) => {
        await expect(storage.range({ key: KEY })).rejects.toMatchObject({ code: 'DeadlineExceeded' });
        await expect(write(storage)).rejects.toMatchObject({ code: 'OutcomeUnknown' });
      });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
