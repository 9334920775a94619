import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEtcdStorage } from '../../../src/storage/etcd/open-etcd-storage.ts';
import { StorageError } from '../../../src/storage/storage-error.ts';
import type { Storage, StorageEvent } from '../../../src/storage/storage.ts';
import { prefixRange } from '../../../src/storage/key-range.ts';
import { startCuttingProxy } from '../../peers/cutting-proxy.ts';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';
import { eventually } from './eventually.ts';

const put = (storage: Storage, key: string, value: string | Buffer) =>
  storage.txn({ compares: [], success: [{ type: 'put', key: Buffer.from(key), value: Buffer.from(value) }] });

/** Writes `count` values over 50 keys, 32 at a time, and tells the revisions. */
async function fill(storage: Storage, prefix: string, count: number): Promise<number[]> {
  const revisions: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      revisions.push((await put(storage, `${prefix}${index % 50}`, 'y'.repeat(200))).revision);
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  return revisions.sort((a, b) => a - b);
}

describe('a watch whose connection is cut', () => {
  let server: EtcdServer;
  let direct: Storage;
  let history: number[] | undefined;
  beforeAll(async () => {
    server = await startEtcd();
    direct = await openEtcdStorage({ endpoints: server.endpoints });
  });
  afterAll(async () => {
    await direct.close();
    await server.stop();
  });

  // etcd replays a thousand revisions a message, here of about 480 kB: the first cuts come between two messages, so that
  // there is something to resume after; the second ones before the first message is whole.
  it.each([
    [3, 600_000],
    [5, 120_000],
  ])(
    '%d times, after %d bytes each, while it replays history misses nothing and repeats nothing',
    async (cuts, bytes) => {
      const prefix = '/replay/';
      history ??= await fill(direct, prefix, 3500);
      const proxy = await startCuttingProxy(server.ports[0]!);
      const storage = await openEtcdStorage({ endpoints: [proxy.endpoint] });
      try {
        const allCut = proxy.cutAfter(bytes, cuts);
        const seen: number[] = [];
        const watch = storage.watch({ ...prefixRange(Buffer.from(prefix)), startRevision: history[0]!, prevKv: true });
        for await (const { events } of watch) {
          seen.push(...events.map((event) => event.kv.modRevision));
          if (seen.length >= history.length) break;
        }
        await allCut;
        expect(proxy.connections).toBeGreaterThan(cuts);
        expect(seen).toEqual(history);
      } finally {
        await storage.close();
        await proxy.stop();
      }
    },
  );

  it('while it waits hears of what happened meanwhile', async () => {
    const proxy = await startCuttingProxy(server.ports[0]!);
    const storage = await openEtcdStorage({ endpoints: [proxy.endpoint] });
    const abort = new AbortController();
    try {
      const events: StorageEvent[] = [];
      let made = 0;
      const watching = (async () => {
        for await (const batch of storage.watch({ ...prefixRange(Buffer.from('/idle/')), signal: abort.signal })) {
          made ||= batch.revision;
          events.push(...batch.events);
        }
      })();
      await eventually(async () => made > 0);
      const revisions: number[] = [];
      for (let round = 0; round < 5; round++) {
        proxy.cut();
        revisions.push((await put(direct, '/idle/a', `${round}`)).revision);
        if (round % 2 === 0) await eventually(async () => events.length === revisions.length);
      }
      await eventually(async () => events.length === revisions.length);
      expect(events.map((event) => event.kv.modRevision)).toEqual(revisions);
      abort.abort();
      await watching;
    } finally {
      await storage.close();
      await proxy.stop();
    }
  });

  it('is told when what it missed was compacted', async () => {
    const proxy = await startCuttingProxy(server.ports[0]!);
    const storage = await openEtcdStorage({ endpoints: [proxy.endpoint] });
    try {
      let made = 0;
      const watching = (async () => {
        for await (const batch of storage.watch(prefixRange(Buffer.from('/gone/')))) made ||= batch.revision;
      })();
      watching.catch(() => {});
      await eventually(async () => made > 0);
      proxy.loseAnswers();
      await put(direct, '/gone/a', '1');
      const { revision } = await put(direct, '/gone/a', '2');
      await direct.compact(revision);
      proxy.cut();
      await expect(watching).rejects.toMatchObject({ code: 'Compacted', compactRevision: revision });
    } finally {
      await storage.close();
      await proxy.stop();
    }
  });

  it('fails when the server stays away for longer than it may', async () => {
    const proxy = await startCuttingProxy(server.ports[0]!);
    const storage = await openEtcdStorage({ endpoints: [proxy.endpoint], watchResumeTimeoutMs: 800 });
    try {
      let made = 0;
      const watching = (async () => {
        for await (const batch of storage.watch(prefixRange(Buffer.from('/away/')))) made ||= batch.revision;
      })();
      watching.catch(() => {});
      await eventually(async () => made > 0);
      const began = Date.now();
      await proxy.stop();
      await expect(watching).rejects.toMatchObject({ code: 'Unavailable' });
      expect(Date.now() - began).toBeLessThan(4000);
    } finally {
      await storage.close();
    }
  });
});

describe('a server that hangs', () => {
  it('is given up at the deadline: a read, a write whose outcome is unknown, a watch', async () => {
    const server = await startEtcd();
    const storage = await openEtcdStorage({ endpoints: server.endpoints, requestTimeoutMs: 1200 });
    const timed = async (operation: Promise<unknown>): Promise<StorageError> => {
      const began = Date.now();
      const error: unknown = await operation.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(Date.now() - began).toBeLessThan(2000);
      if (!(error instanceof StorageError)) throw new Error('it did not fail', { cause: error });
      return error;
    };
    const watchOnce = async (): Promise<void> => {
      for await (const _ of storage.watch({ key: Buffer.from('/a') })) return;
    };
    try {
      await put(storage, '/a', '1');
      server.pause();
      const [read, write, watch, create] = await Promise.all([
        timed(storage.range({ key: Buffer.from('/a') })),
        timed(put(storage, '/a', '2')),
        timed(watchOnce()),
        timed(
          storage.txn({
            compares: [{ key: Buffer.from('/b'), target: 'mod', result: '=', operand: 0 }],
            success: [{ type: 'put', key: Buffer.from('/b'), value: Buffer.from('1') }],
          }),
        ),
      ]);
      expect(read.code).toBe('DeadlineExceeded');
      expect(read.message).toBe(`etcd at ${server.endpoints[0]} did not answer in time`);
      expect(write.code).toBe('OutcomeUnknown');
      expect(create.code).toBe('OutcomeUnknown');
      expect(watch.code).toBe('DeadlineExceeded');
      const proxy = await startCuttingProxy(server.ports[0]!);
      const fresh = await openEtcdStorage({ endpoints: [proxy.endpoint], dialTimeoutMs: 300 });
      const began = Date.now();
      await expect(fresh.range({ key: Buffer.from('/a') })).rejects.toMatchObject({ code: 'Unavailable' });
      expect(Date.now() - began).toBeLessThan(1000);
      await fresh.close();
      await proxy.stop();
      server.resume();
      expect((await storage.range({ key: Buffer.from('/a') })).kvs).toHaveLength(1);
    } finally {
      server.resume();
      await storage.close();
      await server.stop();
    }
  });

  it('is passed over for one that answers', async () => {
    const hanging = await startEtcd();
    const proxy = await startCuttingProxy(hanging.ports[0]!);
    const storage = await openEtcdStorage({
      endpoints: [proxy.endpoint, hanging.endpoints[0]!],
      requestTimeoutMs: 2000,
    });
    try {
      await put(storage, '/a', '1');
      proxy.loseRequests();
      expect((await storage.range({ key: Buffer.from('/a') })).kvs).toHaveLength(1);
      const second = await put(storage, '/a', '2');
      expect(second.succeeded).toBe(true);
    } finally {
      await storage.close();
      await proxy.stop();
      await hanging.stop();
    }
  });
});

describe('limits of the server', () => {
  it('says what to do about a full database, and works after it is done', async () => {
    const server = await startEtcd({ quotaBytes: 2_000_000 });
    const storage = await openEtcdStorage({ endpoints: server.endpoints });
    try {
      const value = Buffer.alloc(300_000, 1);
      const failing = (async () => {
        for (let count = 0; count < 40; count++) await put(storage, `/full/${count % 2}`, value);
      })();
      const error: unknown = await failing.catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        // etcd says the same of the write that filled it, which it keeps, and of a put without a compare nobody can tell.
        code: 'OutcomeUnknown',
        message: expect.stringMatching(/database space exceeded.*may or may not have been done/),
        hint: expect.stringContaining('etcdctl alarm disarm'),
      });
      const { kvs, revision } = await storage.range(prefixRange(Buffer.from('/full/')));
      expect(kvs).toHaveLength(2);
      await storage.compact(revision);
      const maintain = async (path: string, body: unknown): Promise<string> => {
        const url = `${server.endpoints[0]}/v3/maintenance/${path}`;
        const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
        expect(response.status).toBe(200);
        return response.text();
      };
      // What a compaction forgot is freed in the background, so defragmenting may have to be done again.
      await eventually(async () => {
        await maintain('defragment', {});
        const memberID = /"memberID":"(\d+)"/.exec(await maintain('alarm', { action: 'GET' }))?.[1];
        if (memberID !== undefined) await maintain('alarm', { action: 'DEACTIVATE', alarm: 'NOSPACE', memberID });
        return put(storage, '/full/again', value).then(
          () => true,
          () => false,
        );
      });
    } finally {
      await storage.close();
      await server.stop();
    }
  });

  it('refuses a value that is too large in all sizes, writes nothing of it and goes on', async () => {
    const server = await startEtcd();
    const storage = await openEtcdStorage({ endpoints: server.endpoints });
    try {
      const { revision } = await put(storage, '/large', 'small');
      for (const size of [1_600_000, 3_000_000, 12_000_000]) {
        await expect(put(storage, '/large', Buffer.alloc(size, 1))).rejects.toMatchObject({
          code: 'TooLarge',
          hint: expect.stringContaining('--max-request-bytes'),
        });
      }
      expect((await put(storage, '/large', 'small')).revision).toBe(revision + 1);
    } finally {
      await storage.close();
      await server.stop();
    }
  });
});

describe('three members', () => {
  it('lose their leader in the middle of many creates: each is written once', async () => {
    const server = await startEtcd({ members: 3, args: ['--heartbeat-interval', '50', '--election-timeout', '500'] });
    const storage = await openEtcdStorage({ endpoints: server.endpoints });
    try {
      let next = 0;
      let done = 0;
      const outcomes = new Map<string, number>();
      const count = (what: string): void => void outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
      const create = async (index: number): Promise<void> => {
        const key = Buffer.from(`/leader/${index}`);
        const result = await storage.txn({
          compares: [{ key, target: 'version', result: '=', operand: 0 }],
          success: [{ type: 'put', key, value: Buffer.from(`${index} ${Math.random()}`) }],
        });
        count(result.succeeded ? 'created' : 'exists');
      };
      const victim = await leaderOf(server);
      let killing: Promise<void> | undefined;
      const worker = async (): Promise<void> => {
        while (next < 600) {
          await create(next++);
          done += 1;
          if (done >= 200) killing ??= server.kill(victim);
        }
      };
      await Promise.all(Array.from({ length: 32 }, worker));
      await killing;
      expect(Object.fromEntries(outcomes)).toEqual({ created: 600 });
      const { kvs } = await storage.range(prefixRange(Buffer.from('/leader/')));
      expect(kvs).toHaveLength(600);
      expect(kvs.every((kv) => kv.version === 1)).toBe(true);
    } finally {
      await storage.close();
      await server.stop();
    }
  });
});

async function leaderOf(server: EtcdServer): Promise<number> {
  for (const [index, endpoint] of server.endpoints.entries()) {
    const response = await fetch(`${endpoint}/v3/maintenance/status`, { method: 'POST', body: '{}' });
    const text = await response.text();
    const leader = /"leader":"(\d+)"/.exec(text)?.[1];
    const member = /"member_id":"(\d+)"/.exec(text)?.[1];
    if (leader !== undefined && leader === member) return index;
  }
  throw new Error('there is no leader');
}
