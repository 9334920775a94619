import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BboltWriter } from '../../../src/etcd/bbolt/bbolt-writer.ts';
import { DatabaseStorage } from '../../../src/etcd/database/database-storage.ts';
import { EtcdDatabase } from '../../../src/etcd/database/etcd-database.ts';
import { revisionKey } from '../../../src/etcd/database/revision-key.ts';
import { snapshotStatus } from '../../../src/etcd/database/snapshot-status.ts';
import { openEtcdStorage } from '../../../src/storage/etcd/open-etcd-storage.ts';
import { StorageError } from '../../../src/storage/storage-error.ts';
import type { KeyValue, Operation, Storage } from '../../../src/storage/storage.ts';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';
import { etcdctl, etcdctlGet, type EtcdctlKeyValue } from './etcdctl.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-database-'));
const ALL = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };
let server: EtcdServer;
let endpoint: string;
let storage: Storage;
let snapshots = 0;

beforeAll(async () => {
  server = await startEtcd();
  endpoint = server.endpoints[0] ?? '';
  storage = await openEtcdStorage({ endpoints: server.endpoints });
});
afterAll(async () => {
  await storage.close();
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function saveSnapshot(): Promise<string> {
  const file = path.join(folder, `snapshot-${snapshots++}.db`);
  await etcdctl(endpoint, 'snapshot', 'save', file);
  return file;
}

async function withDatabase<T>(file: string, body: (database: EtcdDatabase) => Promise<T>): Promise<T> {
  const database = await EtcdDatabase.open(file);
  try {
    return await body(database);
  } finally {
    database.close();
  }
}

/** A key of ours in the form of etcdctl's JSON. */
function shown(kv: KeyValue): EtcdctlKeyValue {
  return {
    key: kv.key.toString('base64'),
    create_revision: kv.createRevision,
    mod_revision: kv.modRevision,
    version: kv.version,
    ...(kv.value.length === 0 ? {} : { value: kv.value.toString('base64') }),
    ...(kv.lease === 0n ? {} : { lease: Number(kv.lease) }),
  };
}

const put = (key: string, value: string | Buffer, lease = 0n): Operation => ({
  type: 'put',
  key: Buffer.from(key),
  value: Buffer.from(value),
  ...(lease === 0n ? {} : { lease }),
});
const del = (key: string, rangeEnd?: string): Operation => ({
  type: 'delete',
  key: Buffer.from(key),
  ...(rangeEnd === undefined ? {} : { rangeEnd: Buffer.from(rangeEnd) }),
});
const write = (...success: Operation[]): Promise<unknown> => storage.txn({ compares: [], success });

describe('a database file of the real etcd', () => {
  it('answers as etcdctl does at random revisions, after random writes, deletions, leases and a compaction', async () => {
    const lease = await storage.grantLease(3600, 4242n);
    const name = fc.integer({ min: 0, max: 15 }).map((number) => `/r/${number.toString(16)}`);
    const value = fc.oneof(
      { weight: 8, arbitrary: fc.string({ maxLength: 40 }) },
      { weight: 1, arbitrary: fc.integer({ min: 4000, max: 30_000 }).map((size) => 'v'.repeat(size)) },
    );
    const change = fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .tuple(name, value, fc.boolean())
          .map(([key, text, leased]) => put(key, text, leased ? lease.id : 0n)),
      },
      { weight: 2, arbitrary: name.map((key) => del(key)) },
      { weight: 1, arbitrary: fc.tuple(name, name).map(([from, to]) => del(from, to < from ? `${from}~` : to)) },
    );
    const [operations = []] = fc.sample(fc.array(change, { minLength: 250, maxLength: 250 }), 1);
    for (let at = 0; at < operations.length; at += 1) {
      const [one, two] = operations.slice(at, at + 2);
      // Some writes share a revision.
      const both = at % 3 === 0 && one?.type === 'put' && two?.type === 'put' && !Buffer.from(one.key).equals(two.key);
      if (one !== undefined) await write(...(both && two !== undefined ? [one, two] : [one]));
    }
    const { revision } = await storage.status();
    const compacted = revision - 120;
    await storage.compact(compacted);
    const file = await saveSnapshot();
    await withDatabase(file, async (database) => {
      expect(database).toMatchObject({ revision, compactRevision: compacted, hashChecked: true, warning: undefined });
      expect(database.facts.leases).toEqual([{ id: 4242n, ttl: 3600, remainingTtl: 0 }]);
      const revisions = fc.sample(fc.integer({ min: compacted, max: revision }), 12);
      for (const at of [compacted, revision, ...revisions]) {
        const wanted = await etcdctlGet(endpoint, '/r/', '--prefix', `--rev=${at}`);
        const range = { key: Buffer.from('/r/'), rangeEnd: Buffer.from('/r0'), revision: at };
        const found = await database.range(range);
        expect(found.kvs.map(shown)).toEqual(wanted);
        expect(found).toMatchObject({ revision, count: wanted.length, more: false });
        const scanned = [];
        for await (const kv of database.scan(range, at)) scanned.push(shown(kv));
        expect(scanned).toEqual(wanted);
        const limited = await database.range({ ...range, limit: 2, keysOnly: true });
        expect(limited.kvs.map(({ key }) => key.toString('base64'))).toEqual(wanted.slice(0, 2).map(({ key }) => key));
        expect(limited).toMatchObject({ count: wanted.length, more: wanted.length > 2 });
      }
      await expect(database.range({ ...ALL, revision: compacted - 1 })).rejects.toMatchObject({
        code: 'Compacted',
        compactRevision: compacted,
      });
      await expect(database.range({ ...ALL, revision: revision + 1 })).rejects.toMatchObject({
        code: 'FutureRevision',
      });
      await expect(database.range({ key: Buffer.alloc(0) })).rejects.toMatchObject({ code: 'InvalidArgument' });
      await sameEvents(database, compacted, revision);
    });
  });

  /** The watch of a file delivers what the watch of the etcd does. */
  async function sameEvents(database: EtcdDatabase, from: number, to: number): Promise<void> {
    const events = async (of: Storage): Promise<unknown[]> => {
      const stop = new AbortController();
      const seen: unknown[] = [];
      for await (const batch of of.watch({ ...ALL, startRevision: from + 1, prevKv: true, signal: stop.signal })) {
        for (const event of batch.events) seen.push(event);
        if (batch.events.length > 0 && batch.revision >= to) stop.abort();
      }
      return seen;
    };
    const wanted = await events(storage);
    expect(wanted.length).toBeGreaterThan(100);
    expect(await events(new DatabaseStorage(database))).toEqual(wanted);
    const late = new DatabaseStorage(database).watch({ ...ALL, startRevision: from - 1 });
    await expect(async () => {
      for await (const _ of late) continue;
    }).rejects.toMatchObject({ code: 'Compacted' });
  }

  it('keeps the history of a key with its deletions', async () => {
    for (const text of ['one', 'two']) await write(put('/h', text));
    await write(del('/h'));
    await write(put('/h', 'three'));
    await withDatabase(await saveSnapshot(), async (database) => {
      const history = await database.history(Buffer.from('/h'));
      expect(history.map(({ type, kv, compacted }) => [type, kv.value.toString(), kv.version, compacted])).toEqual([
        ['put', 'one', 1, false],
        ['put', 'two', 2, false],
        ['delete', '', 0, false],
        ['put', 'three', 1, false],
      ]);
      expect(await database.history(Buffer.from('/absent'))).toEqual([]);
      const changes = [];
      for await (const change of database.changes({ key: Buffer.from('/h') })) changes.push(change.kv.modRevision);
      expect(changes).toEqual(history.map(({ kv }) => kv.modRevision));
      const keys = [];
      for await (const key of database.knownKeys({ key: Buffer.from('/h'), rangeEnd: Buffer.from('/i') })) {
        keys.push(key.toString());
      }
      expect(keys).toEqual(['/h']);
    });
  });

  it('reads values that are larger than pages, and many keys', async () => {
    const large = Buffer.alloc(1_200_000, 'large');
    await write(put('/large/1', large));
    await Promise.all(
      Array.from({ length: 40 }, async (_, part) => {
        for (let batch = 0; batch < 25; batch++) {
          const start = (part * 25 + batch) * 100;
          await write(
            ...Array.from({ length: 100 }, (__, index) => put(`/many/${start + index}`, `value ${start + index}`)),
          );
        }
      }),
    );
    const file = await saveSnapshot();
    await withDatabase(file, async (database) => {
      const found = await database.range({ key: Buffer.from('/large/1') });
      expect(found.kvs[0]?.value.equals(large)).toBe(true);
      const many = { key: Buffer.from('/many/'), rangeEnd: Buffer.from('/many0') };
      expect((await database.range({ ...many, countOnly: true })).count).toBe(100_000);
      let count = 0;
      for await (const kv of database.scan(many)) {
        if (kv.value.toString() === `value ${kv.key.toString().slice(6)}`) count++;
      }
      expect(count).toBe(100_000);
    });
    const wanted = JSON.parse(await etcdctl('', 'snapshot', 'status', file, '-w', 'json')) as unknown;
    expect(await snapshotStatus(file)).toEqual(wanted);
  });

  it('tells the members, users, roles and alarms', async () => {
    await etcdctl(endpoint, 'role', 'add', 'reader');
    await etcdctl(endpoint, 'user', 'add', 'someone:secret');
    await withDatabase(await saveSnapshot(), async ({ facts }) => {
      expect(facts.members).toMatchObject([{ name: 'm0', isLearner: false, clientURLs: [endpoint] }]);
      expect(facts.members[0]?.peerURLs).toHaveLength(1);
      expect(facts).toMatchObject({
        users: ['someone'],
        roles: ['reader'],
        authEnabled: false,
        alarms: [],
        removedMembers: [],
      });
      expect(facts).toMatchObject({ clusterVersion: '3.4.0', storageVersion: undefined, term: 0n });
      expect(facts.consistentIndex).toBeGreaterThan(3n);
    });
  });

  it('with a damaged snapshot is an error that names the hashes, wherever the damage is', async () => {
    const file = await saveSnapshot();
    const original = fs.readFileSync(file);
    const damaged = path.join(folder, 'damaged.db');
    for (const at of [100, 5000, original.length >> 1, original.length - 40, original.length - 1]) {
      const bytes = Buffer.from(original);
      bytes.writeUInt8((bytes[at] ?? 0) ^ 4, at);
      fs.writeFileSync(damaged, bytes);
      await expect(EtcdDatabase.open(damaged)).rejects.toThrow(
        /damaged.db: expected sha256 [0-9a-f]{64}, got [0-9a-f]{64}/,
      );
    }
    for (const length of [0, 10, 4096, 20_000, original.length - 33]) {
      fs.writeFileSync(damaged, original.subarray(0, length));
      await expect(EtcdDatabase.open(damaged)).rejects.toMatchObject({ code: 'Corrupt' });
    }
  });

  it('of a member is refused while the member runs, and read when it was killed', async () => {
    await write(put('/last', 'before the kill'));
    // etcd writes to its database now and then; before it gives a snapshot it always does.
    await saveSnapshot();
    const dataDir = server.dataDirs[0] ?? '';
    // Only where the system tells who holds a lock can it be known.
    if (fs.existsSync('/proc/locks')) {
      await expect(EtcdDatabase.open(dataDir)).rejects.toMatchObject({ code: 'Locked' });
    }
    const before = await etcdctlGet(endpoint, '/', '--prefix', '--limit=100');
    await server.kill();
    try {
      await withDatabase(dataDir, async (database) => {
        expect(database.hashChecked).toBe(false);
        expect(database.warning).toBeUndefined();
        const after = await database.range({ key: Buffer.from('/'), rangeEnd: Buffer.from('0'), limit: 100 });
        expect(after.kvs.map(shown)).toEqual(before);
        expect((await database.range({ key: Buffer.from('/last') })).kvs[0]?.value.toString()).toBe('before the kill');
      });
    } finally {
      await server.restart();
    }
  });
});

describe('a database that its log is ahead of', () => {
  it('says how many writes it lacks', async () => {
    // Written to the database every hour only: at the kill all writes are in the log alone.
    const behind = await startEtcd({ args: ['--backend-batch-interval=1h', '--backend-batch-limit=1000000'] });
    try {
      const [to = ''] = behind.endpoints;
      await etcdctl(to, 'put', '/early', '1');
      await etcdctl(to, 'snapshot', 'save', path.join(folder, 'early.db'));
      for (const key of ['/late/1', '/late/2']) await etcdctl(to, 'put', key, '1');
      await etcdctl(to, 'del', '/late/1');
      await behind.kill();
      await withDatabase(behind.dataDirs[0] ?? '', async (database) => {
        expect(database.warning).toMatch(
          /: the member's log holds 3 writes that its database does not have yet; they are not read$/,
        );
        expect((await database.range({ ...ALL, keysOnly: true })).kvs.map(({ key }) => key.toString())).toEqual([
          '/early',
        ]);
      });
    } finally {
      await behind.stop();
    }
  });
});

describe('a database file', () => {
  const sample = (
    storageVersion: string | undefined,
    key?: Buffer,
    value = Buffer.from('0a0161100218022001', 'hex'),
  ): string => {
    const file = path.join(folder, `sample-${snapshots++}.db`);
    const writer = new BboltWriter(file, 4096);
    const keys = writer.bucket(Buffer.from('key'));
    keys.add(key ?? revisionKey({ main: 2, sub: 0, deleted: false }), value);
    keys.end();
    const meta = writer.bucket(Buffer.from('meta'));
    if (storageVersion !== undefined) meta.add(Buffer.from('storageVersion'), Buffer.from(storageVersion));
    meta.end();
    writer.finish();
    return file;
  };

  it('of a newer etcd is read while its format is known', async () => {
    for (const version of ['3.6.0', '3.7.0', undefined]) {
      await withDatabase(sample(version), async (database) => {
        expect(database.facts.storageVersion).toBe(version);
        expect((await database.range({ key: Buffer.from('a') })).kvs).toMatchObject([{ modRevision: 2, version: 1 }]);
      });
    }
    for (const version of ['3.99.0', '4.0.0', 'nonsense']) {
      await expect(EtcdDatabase.open(sample(version))).rejects.toMatchObject({ code: 'NewerFormat' });
    }
  });

  it('with an entry that is no revision, or no message, says so', async () => {
    await expect(EtcdDatabase.open(sample(undefined, Buffer.from('short')))).rejects.toThrow(
      'the bucket "key" has an entry that is no revision: 73686f7274',
    );
    await withDatabase(sample(undefined, undefined, Buffer.from('ffff')), async (database) => {
      await expect(database.range(ALL)).rejects.toThrow(/revision 2\/0 is no KeyValue message/);
    });
  });

  it('that is another bbolt database, or none, says so', async () => {
    const file = path.join(folder, 'other.db');
    const writer = new BboltWriter(file, 4096);
    writer.bucket(Buffer.from('something')).end();
    writer.finish();
    await expect(EtcdDatabase.open(file)).rejects.toThrow(
      'is not an etcd database: it lacks the buckets "meta" and "key"',
    );
    await expect(EtcdDatabase.open(path.join(folder, 'absent'))).rejects.toThrow('there is no such file or directory');
    await expect(EtcdDatabase.open(folder)).rejects.toThrow('is no data directory of an etcd member');
  });

  it('behind a Storage refuses what writes', async () => {
    await withDatabase(sample('3.6.0'), async (database) => {
      const readOnly = new DatabaseStorage(database);
      const success = [put('b', '1')];
      const refusal = { code: 'ReadOnly', message: `${database.path} is an etcd database file, which is only read` };
      await expect(readOnly.txn({ compares: [], success })).rejects.toMatchObject(refusal);
      for (const refused of [
        readOnly.compact(),
        readOnly.grantLease(),
        readOnly.revokeLease(),
        readOnly.keepLeaseAlive(),
      ]) {
        await expect(refused).rejects.toBeInstanceOf(StorageError);
      }
      const compares = [{ key: Buffer.from('a'), target: 'mod', result: '=', operand: 2 }] as const;
      const read = await readOnly.txn({ compares, success: [{ type: 'range', ...ALL }], failure: success });
      expect(read).toMatchObject({ succeeded: true, revision: 2, results: [{ type: 'range', count: 1 }] });
      expect(await readOnly.leaseTimeToLive(7n)).toEqual({ ttl: -1, grantedTtl: 0, keys: [] });
      expect(await readOnly.status()).toMatchObject({ driver: 'etcd', version: '3.6.0', revision: 2 });
    });
  });
});
