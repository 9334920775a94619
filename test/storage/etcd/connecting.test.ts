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
import { eventually } from './eventually.ts';

const KEY = Buffer.from('/connecting/key');
const read = (storage: Storage) => storage.range({ key: KEY });
const write = (storage: Storage, key: Buffer = KEY) =>
  storage.txn({ compares: [], success: [{ type: 'put', key, value: Buffer.from('x') }] });
const follow = async (storage: Storage, key: Buffer = KEY): Promise<number> => {
  for await (const batch of storage.watch({ key })) return batch.revision;
  return 0;
};

/** What a read, a write and a watch all fail with, which must be the same and come soon. */
async function failureOf(options: EtcdOptions): Promise<StorageError> {
  const storage = await openEtcdStorage(options);
  try {
    const errors: StorageError[] = [];
    for (const operation of [read, write, follow]) {
      const began = Date.now();
      const error: unknown = await operation(storage).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(Date.now() - began).toBeLessThan(2500);
      if (!(error instanceof StorageError)) throw new Error(`${operation.name} did not fail`, { cause: error });
      errors.push(error);
    }
    const [first, ...others] = errors;
    for (const other of others) expect(`${other.code}: ${other.message}`).toBe(`${first!.code}: ${first!.message}`);
    return first!;
  } finally {
    await storage.close();
  }
}

async function withStorage<T>(options: EtcdOptions, use: (storage: Storage) => Promise<T>): Promise<T> {
  const storage = await openEtcdStorage(options);
  try {
    return await use(storage);
  } finally {
    await storage.close();
  }
}

describe('options', () => {
  it.each([
    ['', 'want host:port, http://host:port or https://host:port'],
    ['ftp://a:1', 'the scheme must be http or https'],
    ['http://a:0', 'the port must be between 1 and 65535'],
    ['http://a:70000', 'the port must be between 1 and 65535'],
    ['http://a:1/path', 'want host:port, http://host:port or https://host:port'],
  ])('refuses the endpoint %j', async (endpoint, why) => {
    const message = `invalid etcd endpoint ${JSON.stringify(endpoint)}: ${why}`;
    await expect(openEtcdStorage({ endpoints: [endpoint] })).rejects.toMatchObject({ name: 'UserError', message });
  });

  it('wants an endpoint, a key with a certificate, and files that are there', async () => {
    await expect(openEtcdStorage({ endpoints: [] })).rejects.toThrow('no etcd endpoint is given');
    const endpoints = ['a:1'];
    await expect(openEtcdStorage({ endpoints, certFile: 'x' })).rejects.toThrow('must be given together');
    await expect(openEtcdStorage({ endpoints, caFile: '/nowhere/ca.crt' })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining("cannot read etcd's CA certificate /nowhere/ca.crt: no such file"),
    });
  });
});

describe('endpoints that do not answer', () => {
  it('names an endpoint that refuses connections', async () => {
    const endpoint = `127.0.0.1:${await freePort()}`;
    const error = await failureOf({ endpoints: [endpoint] });
    expect(error.code).toBe('Unavailable');
    expect(error.message).toBe(`cannot reach etcd at http://${endpoint}: connection refused`);
    expect(error.hint).toBe('is etcd running there?');
  });

  it('names each of several', async () => {
    const endpoints = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
    const error = await failureOf({ endpoints });
    expect(error.message).toContain(`${endpoints[0]}: connection refused`);
    expect(error.message).toContain(`${endpoints[1]}: connection refused`);
  });

  it('says so when there is no such host', async () => {
    const error = await failureOf({ endpoints: ['no-such-host.invalid:2379'] });
    expect(error).toMatchObject({ code: 'Unavailable' });
    expect(error.message).toBe('cannot reach etcd at http://no-such-host.invalid:2379: no such host');
  });
});

describe('one of two endpoints down', () => {
  let server: EtcdServer;
  beforeAll(async () => {
    server = await startEtcd();
  });
  afterAll(async () => server.stop());

  it('uses the other, whichever is first', async () => {
    const down = `http://127.0.0.1:${await freePort()}`;
    for (const endpoints of [
      [down, server.endpoints[0]!],
      [server.endpoints[0]!, down],
    ]) {
      await withStorage({ endpoints }, async (storage) => {
        const { revision } = await write(storage);
        expect((await read(storage)).kvs[0]?.modRevision).toBe(revision);
        expect(await follow(storage)).toBe(revision);
        const { id } = await storage.grantLease(60);
        expect(await storage.keepLeaseAlive(id)).toEqual({ ttl: 60 });
      });
    }
  });

  it('works on after the server was killed and came back', async () => {
    await withStorage({ endpoints: server.endpoints }, async (storage) => {
      const { revision } = await write(storage);
      await server.kill();
      const reading = read(storage);
      await server.restart();
      expect((await reading).kvs[0]?.modRevision).toBe(revision);
      expect((await write(storage)).revision).toBe(revision + 1);
    });
  });
});

describe('TLS', () => {
  let server: EtcdServer;
  let folder: string;
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-lite-tls-'));
    server = await startEtcd({ tls: true });
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const right = (): EtcdOptions => ({
    endpoints: server.endpoints,
    caFile: server.ca,
    certFile: server.cert,
    keyFile: server.key,
  });

  it('works with the right files, by address and by name, without a warning', async () => {
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', listen);
    const byName = [`localhost:${server.ports[0]}`];
    for (const endpoints of [server.endpoints, byName]) {
      await withStorage({ ...right(), endpoints }, async (storage) => {
        const { revision } = await write(storage);
        expect((await read(storage)).kvs[0]?.modRevision).toBe(revision);
        expect(await follow(storage)).toBe(revision);
      });
    }
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it('refuses a server of an unknown authority, unless told not to look', async () => {
    const caFile = await file('other.crt', createTestAuthority('other').ca);
    for (const other of [caFile, undefined]) {
      const error = await failureOf({ ...right(), caFile: other });
      expect(error.code).toBe('Unavailable');
      expect(error.message).toBe(
        `cannot reach etcd at ${server.endpoints[0]}: the server certificate is signed by an unknown authority`,
      );
      expect(error.hint).toContain('CA');
    }
    await withStorage({ ...right(), caFile, insecureSkipVerify: true }, write);
  });

  it('says that the server wants a client certificate, also when it does not accept the one given', async () => {
    const stranger = createTestAuthority('stranger').issue('kube-lite');
    const certFile = await file('stranger.crt', stranger.cert);
    const keyFile = await file('stranger.key', stranger.key);
    for (const client of [
      { certFile: undefined, keyFile: undefined },
      { certFile, keyFile },
    ]) {
      const error = await failureOf({ ...right(), ...client });
      expect(error.code).toBe('Unavailable');
      expect(error.message).toContain('the server wants a client certificate that it accepts');
    }
  });

  it('hints at the other scheme', async () => {
    const error = await failureOf({ endpoints: [`http://127.0.0.1:${server.ports[0]}`] });
    expect(error).toMatchObject({ code: 'Unavailable', hint: 'use https:// if the server wants TLS' });
    const plain = await startEtcd();
    try {
      const other = await failureOf({ endpoints: [`https://127.0.0.1:${plain.ports[0]}`] });
      expect(other).toMatchObject({ code: 'Unavailable', hint: 'use http:// if the server does not speak TLS' });
    } finally {
      await plain.stop();
    }
  });

  it('refuses files that are no certificates', async () => {
    const caFile = await file('garbage.crt', 'garbage');
    await expect(openEtcdStorage({ ...right(), certFile: caFile, keyFile: caFile })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining("etcd's TLS files cannot be used"),
    });
  });
});

describe('authentication', () => {
  let server: EtcdServer;
  beforeAll(async () => {
    server = await startEtcd({ auth: true });
  });
  afterAll(async () => server.stop());
  const as = (username: string | undefined, password?: string): EtcdOptions => ({
    endpoints: server.endpoints,
    username,
    password,
  });

  it('asks for a user when none is given', async () => {
    const error = await failureOf(as(undefined));
    expect(error.code).toBe('Unauthenticated');
    expect(error.message).toContain('user name is empty');
    expect(error.hint).toContain('give a user and its password');
  });

  it('says that a password is wrong', async () => {
    for (const options of [as('root', 'wrong'), as('nobody', ROOT_PASSWORD), as('root')]) {
      const error = await failureOf(options);
      expect(error.code).toBe('Unauthenticated');
    }
    expect((await failureOf(as('root', 'wrong'))).message).toBe('etcd does not accept the user name or password');
  });

  it('works with the right password, and only as far as the role goes', async () => {
    await withStorage(as('root', ROOT_PASSWORD), async (storage) => {
      const { revision } = await write(storage);
      expect(await follow(storage)).toBe(revision);
    });
    await withStorage(as('limited', LIMITED_PASSWORD), async (storage) => {
      const allowed = Buffer.from('/allowed/key');
      const { revision } = await write(storage, allowed);
      expect(await follow(storage, allowed)).toBe(revision);
    });
    expect((await failureOf(as('limited', LIMITED_PASSWORD))).code).toBe('PermissionDenied');
  });

  it('logs in again when the server forgot the token, in calls and in a running watch', async () => {
    await withStorage(as('root', ROOT_PASSWORD), async (storage) => {
      await write(storage);
      const abort = new AbortController();
      const seen: number[] = [];
      let made = 0;
      const watching = (async () => {
        for await (const batch of storage.watch({ key: KEY, signal: abort.signal })) {
          made ||= batch.revision;
          seen.push(...batch.events.map((event) => event.kv.modRevision));
        }
      })();
      await eventually(async () => made > 0);
      const first = (await write(storage)).revision;
      await eventually(async () => seen.length > 0);
      // Tokens of the simple kind live in the server's memory.
      await server.kill();
      await server.restart();
      const revisions = [first];
      for (let count = 0; count < 3; count++) revisions.push((await write(storage)).revision);
      await eventually(async () => seen.length === 4);
      expect(seen).toEqual(revisions);
      abort.abort();
      await watching;
    });
  });

  it('takes a user on a server that has no authentication, as etcdctl does', async () => {
    const open = await startEtcd();
    try {
      await withStorage({ endpoints: open.endpoints, username: 'root', password: 'any' }, write);
    } finally {
      await open.stop();
    }
  });
});
