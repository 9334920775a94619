import { describe, expect, it } from 'vitest';
import { eventLine, expectStorageError, write, type StorageSubject } from './subject.ts';

/** An id that no other test uses; positive and far from what a store chooses. */
function leaseId(): bigint {
  return BigInt(Math.floor(Math.random() * 2 ** 40)) + (1n << 41n);
}

export function describeLeases(subject: StorageSubject): void {
  describe('leases', () => {
    it('grants with a chosen id, and refuses the id while it is taken', async () => {
      const { storage } = subject;
      const id = leaseId();
      expect(await storage.grantLease(300, id)).toEqual({ id, ttl: 300 });
      await expectStorageError(storage.grantLease(300, id), 'LeaseExists');
      await storage.revokeLease(id);
      expect(await storage.grantLease(200, id)).toEqual({ id, ttl: 200 });
      await storage.revokeLease(id);
    });

    it('takes ids of the whole int64 range', async () => {
      const { storage } = subject;
      const space = subject.space();
      const id = 0x7123_4567_89ab_cdefn + BigInt(Math.floor(Math.random() * 65536));
      expect(await storage.grantLease(300, id)).toEqual({ id, ttl: 300 });
      await space.put('a', '1', id);
      expect((await space.get('a'))?.lease).toBe(id);
      expect((await storage.leaseTimeToLive(id)).keys).toEqual([space.key('a')]);
      await storage.revokeLease(id);
      expect(await space.names()).toEqual([]);
    });

    it('chooses an id when none is given', async () => {
      const { storage } = subject;
      const [one, two] = [await storage.grantLease(300), await storage.grantLease(300, 0n)];
      expect(one.id).toBeGreaterThan(0n);
      expect(two.id).toBeGreaterThan(0n);
      expect(two.id).not.toBe(one.id);
      expect(one.ttl).toBe(300);
      await storage.revokeLease(one.id);
      await storage.revokeLease(two.id);
    });

    it('takes no revision to grant or to end a lease without keys', async () => {
      const { storage } = subject;
      const { revision } = await storage.status();
      const { id } = await storage.grantLease(300);
      await storage.keepLeaseAlive(id);
      await storage.revokeLease(id);
      expect((await storage.status()).revision).toBe(revision);
    });

    it('tells the time left and the keys attached', async () => {
      const { storage } = subject;
      const space = subject.space();
      const { id } = await storage.grantLease(300);
      expect(await storage.leaseTimeToLive(id)).toMatchObject({ grantedTtl: 300, keys: [] });
      await space.put('b', '1', id);
      await space.put('a', '1', id);
      await space.put('other', '1');
      const answer = await storage.leaseTimeToLive(id);
      expect(answer.grantedTtl).toBe(300);
      expect(answer.ttl).toBeGreaterThan(290);
      expect(answer.ttl).toBeLessThanOrEqual(300);
      expect(answer.keys.sort((x, y) => Buffer.compare(x, y))).toEqual([space.key('a'), space.key('b')]);
      await storage.revokeLease(id);
    });

    it('knows nothing of a lease that is not there', async () => {
      const { storage } = subject;
      const space = subject.space();
      const id = leaseId();
      expect(await storage.leaseTimeToLive(id)).toEqual({ ttl: -1, grantedTtl: 0, keys: [] });
      await expectStorageError(storage.keepLeaseAlive(id), 'LeaseNotFound');
      await expectStorageError(storage.revokeLease(id), 'LeaseNotFound');
      const { revision } = await storage.status();
      await expectStorageError(space.put('a', '1', id), 'LeaseNotFound');
      await expectStorageError(
        storage.txn({ compares: [], success: [space.putOp('b', '1'), space.putOp('c', '1', id)] }),
        'LeaseNotFound',
      );
      expect(await space.names()).toEqual([]);
      expect((await storage.status()).revision).toBe(revision);
    });

    it('deletes its keys in one revision when it is revoked', async () => {
      const { storage } = subject;
      const space = subject.space();
      const { id } = await storage.grantLease(300);
      await space.put('a', '1', id);
      await space.put('b', '1', id);
      const before = await space.put('other', '1');
      const watch = space.watch({ prevKv: true });
      await watch.created();
      await storage.revokeLease(id);
      expect(await space.names()).toEqual(['other']);
      expect((await storage.status()).revision).toBe(before + 1);
      const events = await watch.events(2);
      expect(events.map((event) => eventLine(space, event)).sort()).toEqual([
        `delete a@${before + 1}`,
        `delete b@${before + 1}`,
      ]);
      expect(events.map((event) => event.prevKv?.lease)).toEqual([id, id]);
      expect(await storage.leaseTimeToLive(id)).toMatchObject({ ttl: -1 });
      await watch.end();
    });

    it('lets go of a key that is put without it or with another, or deleted', async () => {
      const { storage } = subject;
      const space = subject.space();
      const [one, two] = [await storage.grantLease(300), await storage.grantLease(300)];
      for (const name of ['none', 'other', 'deleted', 'kept']) await space.put(name, '1', one.id);
      await space.put('none', '2');
      await space.put('other', '2', two.id);
      await space.put('kept', '2', one.id);
      await space.delete('deleted');
      await space.put('deleted', '2');
      expect((await space.get('none'))?.lease).toBe(0n);
      expect((await space.get('other'))?.lease).toBe(two.id);
      expect((await storage.leaseTimeToLive(one.id)).keys).toEqual([space.key('kept')]);
      expect((await storage.leaseTimeToLive(two.id)).keys).toEqual([space.key('other')]);
      await storage.revokeLease(one.id);
      expect(await space.names()).toEqual(['deleted', 'none', 'other']);
      await storage.revokeLease(two.id);
      expect(await space.names()).toEqual(['deleted', 'none']);
    });

    it('shows the lease at an old revision as it was', async () => {
      const { storage } = subject;
      const space = subject.space();
      const { id } = await storage.grantLease(300);
      const first = await space.put('a', '1', id);
      await space.put('a', '2');
      expect((await space.get('a', first))?.lease).toBe(id);
      await storage.revokeLease(id);
      expect(await space.contents()).toEqual(['a=2']);
    });

    it('deletes keys in one revision when its time is over, unless it is kept alive', async () => {
      const { storage } = subject;
      const space = subject.space();
      const [short, kept] = [await storage.grantLease(2), await storage.grantLease(2)];
      expect(short.ttl).toBeGreaterThanOrEqual(2);
      await write(storage, space.putOp('a', '1', short.id), space.putOp('b', '1', short.id));
      const before = await space.put('kept', '1', kept.id);
      const watch = space.watch();
      await watch.created();
      const stop = new AbortController();
      const keeping = (async (): Promise<void> => {
        while (!stop.signal.aborted) {
          expect(await storage.keepLeaseAlive(kept.id)).toEqual({ ttl: kept.ttl });
          await new Promise((resolve) => setTimeout(resolve, 400));
        }
      })();
      try {
        expect(await space.names()).toEqual(['a', 'b', 'kept']);
        const events = await watch.events(2, 12_000);
        expect(events.map((event) => eventLine(space, event)).sort()).toEqual([
          `delete a@${before + 1}`,
          `delete b@${before + 1}`,
        ]);
        expect(await space.names()).toEqual(['kept']);
        expect(await storage.leaseTimeToLive(short.id)).toEqual({ ttl: -1, grantedTtl: 0, keys: [] });
        await expectStorageError(storage.keepLeaseAlive(short.id), 'LeaseNotFound');
        expect((await storage.leaseTimeToLive(kept.id)).ttl).toBeGreaterThanOrEqual(0);
      } finally {
        stop.abort();
        await keeping;
      }
      await storage.revokeLease(kept.id);
      await watch.events(1);
      await watch.end();
    });

    it('refuses a time that no lease can have', async () => {
      await expectStorageError(subject.storage.grantLease(9_000_000_001), 'InvalidArgument');
    });
  });
}
