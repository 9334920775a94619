import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEtcdStorage } from '../../../src/storage/etcd/open-etcd-storage.ts';
import { StorageError } from '../../../src/storage/storage-error.ts';
import type { KeyValue, Storage, TxnRequest, TxnResult } from '../../../src/storage/storage.ts';
import { type CuttingProxy, startCuttingProxy } from '../../peers/cutting-proxy.ts';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';
import { eventually } from './eventually.ts';

let server: EtcdServer;
let direct: Storage;
let proxy: CuttingProxy;
let storage: Storage;
let keys = 0;

beforeAll(async () => {
  server = await startEtcd();
  direct = await openEtcdStorage({ endpoints: server.endpoints });
  proxy = await startCuttingProxy(server.ports[0]!);
});
afterAll(async () => {
  await direct.close();
  await proxy.stop();
  await server.stop();
});
beforeEach(async () => {
  storage = await openEtcdStorage({ endpoints: [proxy.endpoint], requestTimeoutMs: 6000 });
});
afterEach(async () => {
  await storage.close();
});

const newKey = (): Buffer => Buffer.from(`/lost/${++keys}`);
const get = async (key: Buffer): Promise<KeyValue | undefined> => (await direct.range({ key })).kvs[0];

function create(key: Buffer, value: string): TxnRequest {
  return {
    compares: [{ key, target: 'version', result: '=', operand: 0 }],
    success: [{ type: 'put', key, value: Buffer.from(value) }],
    failure: [{ type: 'range', key }],
  };
}
function update(key: Buffer, revision: number, value: string): TxnRequest {
  return {
    compares: [{ key, target: 'mod', result: '=', operand: revision }],
    success: [{ type: 'put', key, value: Buffer.from(value), prevKv: true }],
    failure: [{ type: 'range', key }],
  };
}
function remove(key: Buffer, revision: number): TxnRequest {
  return {
    compares: [{ key, target: 'mod', result: '=', operand: revision }],
    success: [{ type: 'delete', key, prevKv: true }],
  };
}
async function put(key: Buffer, value: string): Promise<number> {
  const result = await direct.txn({ compares: [], success: [{ type: 'put', key, value: Buffer.from(value) }] });
  return result.revision;
}

/** Sends a transaction, lets its answer be lost once `done` sees it committed, and does `meanwhile` before the cut. */
async function withLostAnswer(
  request: TxnRequest,
  committed: () => Promise<boolean>,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<TxnResult> {
  await storage.range({ key: Buffer.from('/warm') });
  proxy.loseAnswers();
  const pending = storage.txn(request);
  pending.catch(() => {});
  await eventually(committed);
  await meanwhile();
  proxy.cut();
  return pending;
}

/** Sends a transaction that does not arrive, and does `meanwhile` before the cut. */
async function withLostRequest(
  request: TxnRequest,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<TxnResult> {
  await storage.range({ key: Buffer.from('/warm') });
  proxy.loseRequests();
  const pending = storage.txn(request);
  pending.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 50));
  await meanwhile();
  proxy.cut();
  return pending;
}

describe('an answer that is lost after the commit', () => {
  it('of a create: it is written once and reported as created', async () => {
    for (let round = 0; round < 5; round++) {
      const key = newKey();
      const result = await withLostAnswer(create(key, 'mine'), async () => (await get(key)) !== undefined);
      const stored = await get(key);
      expect(stored).toMatchObject({ version: 1, modRevision: result.revision });
      expect(result).toEqual({ revision: stored?.modRevision, succeeded: true, results: [{ type: 'put' }] });
    }
  });

  it('before there ever was a connection: unavailable, as nothing can have been written', async () => {
    const key = newKey();
    const fresh = await openEtcdStorage({ endpoints: [proxy.endpoint], requestTimeoutMs: 6000 });
    try {
      proxy.loseAnswers();
      const pending = fresh.txn(create(key, 'mine'));
      pending.catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
      proxy.cut();
      await expect(pending).rejects.toMatchObject({ code: 'Unavailable' });
      expect(await get(key)).toBeUndefined();
    } finally {
      await fresh.close();
    }
  });

  it('of a create that somebody changed since: still created, at its own revision', async () => {
    const key = newKey();
    let created = 0;
    const result = await withLostAnswer(
      create(key, 'mine'),
      async () => (await get(key)) !== undefined,
      async () => {
        created = (await get(key))!.modRevision;
        for (let change = 0; change < 3; change++) await put(key, `theirs ${change}`);
      },
    );
    expect(result).toMatchObject({ succeeded: true, revision: created });
    expect(await get(key)).toMatchObject({ version: 4, createRevision: created });
  });

  it('of a create that somebody deleted since: created, and not written again', async () => {
    const key = newKey();
    let created = 0;
    const result = await withLostAnswer(
      create(key, 'mine'),
      async () => (await get(key)) !== undefined,
      async () => {
        created = (await get(key))!.modRevision;
        await direct.txn({ compares: [], success: [{ type: 'delete', key }] });
        for (let other = 0; other < 200; other++) await put(Buffer.from('/other'), `${other}`);
      },
    );
    expect(result).toMatchObject({ succeeded: true, revision: created });
    expect(await get(key)).toBeUndefined();
  });

  it('of a create that somebody deleted and made anew: created, and theirs stays', async () => {
    const key = newKey();
    let created = 0;
    const result = await withLostAnswer(
      create(key, 'mine'),
      async () => (await get(key)) !== undefined,
      async () => {
        created = (await get(key))!.modRevision;
        await direct.txn({ compares: [], success: [{ type: 'delete', key }] });
        await put(key, 'theirs');
      },
    );
    expect(result).toMatchObject({ succeeded: true, revision: created });
    expect((await get(key))?.value.toString()).toBe('theirs');
  });

  it('of an update: it is written once and reported with the value before it', async () => {
    for (let round = 0; round < 5; round++) {
      const key = newKey();
      const first = await put(key, 'old');
      const result = await withLostAnswer(update(key, first, 'mine'), async () => (await get(key))?.version === 2);
      const stored = await get(key);
      expect(stored).toMatchObject({ version: 2, createRevision: first });
      expect(result).toMatchObject({ succeeded: true, revision: stored?.modRevision });
      expect(result.results).toMatchObject([{ type: 'put', prevKv: { modRevision: first, version: 1 } }]);
    }
  });

  it('of an update that somebody wrote over since: updated, at its own revision', async () => {
    const key = newKey();
    const first = await put(key, 'old');
    let mine = 0;
    const result = await withLostAnswer(
      update(key, first, 'mine'),
      async () => (await get(key))?.version === 2,
      async () => {
        mine = (await get(key))!.modRevision;
        await put(key, 'theirs');
      },
    );
    expect(result).toMatchObject({ succeeded: true, revision: mine });
    expect((await get(key))?.value.toString()).toBe('theirs');
  });

  it('of a delete: reported with its revision and what was deleted', async () => {
    const key = newKey();
    const first = await put(key, 'old');
    const deleted = async (): Promise<boolean> => (await get(key)) === undefined;
    const result = await withLostAnswer(remove(key, first), deleted, async () => {
      for (let other = 0; other < 5; other++) await put(Buffer.from('/other'), `${other}`);
    });
    expect(result).toMatchObject({ succeeded: true, revision: first + 1 });
    expect(result.results).toMatchObject([{ type: 'delete', deleted: 1, prevKvs: [{ modRevision: first }] }]);
  });

  it('of a delete that somebody undid since: deleted, and theirs stays', async () => {
    const key = newKey();
    const first = await put(key, 'old');
    const deleted = async (): Promise<boolean> => (await get(key)) === undefined;
    const result = await withLostAnswer(remove(key, first), deleted, () => put(key, 'theirs'));
    expect(result).toMatchObject({ succeeded: true, revision: first + 1 });
    expect((await get(key))?.value.toString()).toBe('theirs');
  });

  it('of a write without a compare: reported as unknown, and not written again', async () => {
    const key = newKey();
    const request: TxnRequest = { compares: [], success: [{ type: 'put', key, value: Buffer.from('mine') }] };
    const failure = withLostAnswer(request, async () => (await get(key)) !== undefined);
    await expect(failure).rejects.toMatchObject({ name: 'StorageError', code: 'OutcomeUnknown' });
    expect((await get(key))?.version).toBe(1);
  });

  it('of the grant and the end of a lease: both are done once', async () => {
    await storage.range({ key: Buffer.from('/warm') });
    proxy.loseAnswers();
    const granting = storage.grantLease(300);
    await new Promise((resolve) => setTimeout(resolve, 100));
    proxy.cut();
    const { id, ttl } = await granting;
    expect(ttl).toBe(300);
    expect((await direct.leaseTimeToLive(id)).grantedTtl).toBe(300);
    proxy.loseAnswers();
    const revoking = storage.revokeLease(id);
    await eventually(async () => (await direct.leaseTimeToLive(id)).ttl === -1);
    proxy.cut();
    await revoking;
    await expect(storage.revokeLease(id)).rejects.toMatchObject({ code: 'LeaseNotFound' });
  });

  it('of a compaction: done', async () => {
    const revision = await put(newKey(), 'x');
    await storage.range({ key: Buffer.from('/warm') });
    proxy.loseAnswers();
    const compacting = storage.compact(revision);
    const forgotten = async (): Promise<boolean> => {
      try {
        await direct.range({ key: Buffer.from('/warm'), revision: revision - 1 });
        return false;
      } catch (error) {
        return error instanceof StorageError && error.code === 'Compacted';
      }
    };
    await eventually(forgotten);
    proxy.cut();
    await compacting;
    await expect(storage.compact(revision)).rejects.toMatchObject({ code: 'Compacted' });
  });
});

describe('a request that is lost on its way', () => {
  it('to create: it is sent again and written once', async () => {
    const key = newKey();
    const result = await withLostRequest(create(key, 'mine'));
    expect(result).toMatchObject({ succeeded: true });
    expect(await get(key)).toMatchObject({ version: 1, modRevision: result.revision });
  });

  it('to create what somebody else created in between: not created', async () => {
    const key = newKey();
    const result = await withLostRequest(create(key, 'mine'), () => put(key, 'theirs'));
    expect(result.succeeded).toBe(false);
    expect(result.results).toMatchObject([{ kvs: [{ version: 1 }] }]);
    expect((await get(key))?.value.toString()).toBe('theirs');
  });

  it('to update or delete what somebody else changed in between: not done', async () => {
    const key = newKey();
    const first = await put(key, 'old');
    const updated = await withLostRequest(update(key, first, 'mine'), () => put(key, 'theirs'));
    expect(updated.succeeded).toBe(false);
    const second = (await get(key))!.modRevision;
    const deleted = await withLostRequest(remove(key, second), () => put(key, 'theirs again'));
    expect(deleted.succeeded).toBe(false);
    expect(await get(key)).toMatchObject({ version: 3, value: Buffer.from('theirs again') });
  });

  it('to update what somebody else deleted and made anew in between: not done', async () => {
    const key = newKey();
    const first = await put(key, 'old');
    const result = await withLostRequest(update(key, first, 'mine'), async () => {
      await direct.txn({ compares: [], success: [{ type: 'delete', key }] });
      await put(key, 'mine');
    });
    expect(result.succeeded).toBe(false);
  });
});
