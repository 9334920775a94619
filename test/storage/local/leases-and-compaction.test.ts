import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LeaseClock } from '../../../src/storage/local/lease-clock.ts';
import { systemClock } from '../../../src/storage/local/lease-clock.ts';
import { openLocalStorage, type LocalStorageOptions } from '../../../src/storage/local/open-local-storage.ts';
import type { Storage } from '../../../src/storage/storage.ts';

const HOUR = 3600;
const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };

/** Clocks that move only when told. */
class FakeClock implements LeaseClock {
  seconds = 1000;
  millis = Date.UTC(2026, 0, 1);
  bootId = 'first';
  uptime(): number {
    return this.seconds;
  }
  boot(): string {
    return this.bootId;
  }
  wall(): number {
    return this.millis;
  }
  pass(seconds: number): void {
    this.seconds += seconds;
    this.millis += seconds * 1000;
  }
  restart(): void {
    this.seconds = 5;
    this.bootId += '+';
  }
}

let folder: string;
let clock: FakeClock;
let storage: Storage;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kube-lite-leases-'));
  clock = new FakeClock();
});
afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(options: LocalStorageOptions = {}): Promise<void> {
  storage = await openLocalStorage(folder, { clock, ...options });
}

async function put(key: string, value: string, lease = 0n): Promise<number> {
  const { revision } = await storage.txn({
    compares: [],
    success: [{ type: 'put', key: Buffer.from(key), value: Buffer.from(value), lease }],
  });
  return revision;
}

async function names(): Promise<string[]> {
  return (await storage.range(everything)).kvs.map((kv) => kv.key.toString());
}

describe('leases of the local store', () => {
  it('end on time, also when only readers come', async () => {
    await open();
    const { id } = await storage.grantLease(60);
    const revision = await put('a', '1', id);
    clock.pass(59.9);
    expect(await names()).toEqual(['a']);
    expect((await storage.leaseTimeToLive(id)).ttl).toBe(0);
    clock.pass(0.2);
    expect(await names()).toEqual([]);
    expect((await storage.status()).revision).toBe(revision + 1);
    expect((await storage.leaseTimeToLive(id)).ttl).toBe(-1);
  });

  it('end before a write that would extend or use them', async () => {
    await open();
    const { id } = await storage.grantLease(60);
    await put('a', '1', id);
    clock.pass(61);
    await expect(storage.keepLeaseAlive(id)).rejects.toMatchObject({ code: 'LeaseNotFound' });
    await expect(put('b', '1', id)).rejects.toMatchObject({ code: 'LeaseNotFound' });
    const created = await storage.txn({
      compares: [{ key: Buffer.from('a'), target: 'version', result: '=', operand: 0 }],
      success: [],
    });
    expect(created.succeeded).toBe(true);
  });

  it.each([
    ['an hour back', -HOUR],
    ['an hour forward', HOUR],
    ['ten years forward', 10 * 365 * 24 * HOUR],
  ])('do not care when the wall clock jumps %s', async (_, jump) => {
    await open();
    const { id } = await storage.grantLease(60);
    await put('a', '1', id);
    clock.millis += jump * 1000;
    clock.pass(50);
    expect(await names()).toEqual(['a']);
    expect((await storage.leaseTimeToLive(id)).ttl).toBe(10);
    clock.pass(11);
    expect(await names()).toEqual([]);
  });

  it('go by the wall clock over a restart of the machine', async () => {
    await open();
    const [short, long] = [await storage.grantLease(60), await storage.grantLease(600)];
    await put('short', '1', short.id);
    await put('long', '1', long.id);
    clock.restart();
    clock.millis += 100_000;
    expect(await names()).toEqual(['long']);
    expect((await storage.leaseTimeToLive(long.id)).ttl).toBe(500);
    // From now on uptime counts again: a wrong wall clock changes nothing.
    clock.millis -= 10 * HOUR * 1000;
    clock.pass(501);
    expect(await names()).toEqual([]);
  });

  it('do not live for ever when the wall clock went back over a restart', async () => {
    await open();
    const { id } = await storage.grantLease(60);
    await put('a', '1', id);
    clock.restart();
    clock.millis -= 24 * HOUR * 1000;
    expect((await storage.leaseTimeToLive(id)).ttl).toBe(60);
    await put('other', '1');
    clock.pass(61);
    expect(await names()).toEqual(['other']);
  });

  it('work where the machine cannot tell its restarts', async () => {
    clock.bootId = '';
    await open();
    const { id } = await storage.grantLease(60);
    await put('a', '1', id);
    clock.pass(59);
    expect(await names()).toEqual(['a']);
    clock.pass(2);
    expect(await names()).toEqual([]);
  });

  it('delete their keys in one revision each', async () => {
    await open();
    const [one, two] = [await storage.grantLease(60), await storage.grantLease(60)];
    for (const name of ['a', 'b']) await put(name, '1', one.id);
    const last = await put('c', '1', two.id);
    clock.pass(61);
    const before = (await storage.range({ ...everything, revision: last })).kvs.map((kv) => kv.lease);
    expect(before).toEqual([one.id, one.id, two.id]);
    expect((await storage.status()).revision).toBe(last + 2);
  });

  it('have clocks that move', async () => {
    await open();
    const system = systemClock();
    const [uptime, wall] = [system.uptime(), system.wall()];
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(system.uptime()).toBeGreaterThanOrEqual(uptime);
    expect(system.uptime()).toBeLessThan(uptime + 5);
    expect(system.wall()).toBeGreaterThan(wall);
    expect(system.boot()).toBe(system.boot());
  });
});

describe('compaction of the local store', () => {
  const auto = { superseded: 50, keep: 300_000, slice: 40 };

  it('comes by itself once much was overwritten and history is old enough', async () => {
    await open({ autoCompaction: auto });
    await put('keep', 'this');
    for (let index = 0; index < 100; index++) await put('a', `${index}`);
    clock.pass(299);
    const old = await put('a', 'old');
    const at = async (revision: number): Promise<string | undefined> =>
      (await storage.range({ key: Buffer.from('a'), revision })).kvs[0]?.value.toString();
    expect(await at(10)).toBeDefined();
    clock.pass(2);
    for (let index = 0; index < 10; index++) await put('a', `new ${index}`);
    // What is younger than five minutes stays.
    await expect(at(10)).rejects.toMatchObject({ code: 'Compacted' });
    expect(await at(old)).toBe('old');
    expect(await names()).toEqual(['a', 'keep']);
  });

  it('leaves alone what is young, however much there is', async () => {
    await open({ autoCompaction: auto });
    const first = await put('a', '0');
    for (let index = 0; index < 300; index++) await put('a', `${index}`);
    expect((await storage.range({ ...everything, revision: first })).kvs[0]?.value.toString()).toBe('0');
  });

  it('goes on when the wall clock was set back', async () => {
    await open({ autoCompaction: auto });
    for (let index = 0; index < 100; index++) await put('a', `${index}`);
    clock.millis -= 24 * HOUR * 1000;
    for (let index = 0; index < 3; index++) {
      await put('a', `later ${index}`);
      clock.pass(301);
    }
    await put('a', 'last');
    await expect(storage.range({ ...everything, revision: 2 })).rejects.toMatchObject({ code: 'Compacted' });
  });

  it('keeps the file from growing without end', async () => {
    await open({ autoCompaction: { superseded: 50, keep: 0, slice: 500 } });
    const value = 'x'.repeat(3000);
    const round = async (): Promise<number> => {
      for (let index = 0; index < 1000; index++) {
        await put(`k${index % 10}`, `${index}${value}`);
        clock.pass(1);
      }
      return (await storage.status()).sizeBytes;
    };
    await round();
    const size = await round();
    expect(size).toBeLessThan(8_000_000);
    expect(await round()).toBeLessThan(size * 1.3);
    expect((await stat(join(folder, 'kl.db'))).size).toBeLessThan(2_000_000);
  });

  it('tells a reader and a watcher from where the store is readable', async () => {
    await open();
    for (let index = 0; index < 5; index++) await put('a', `${index}`);
    await storage.compact(4);
    await expect(storage.range({ ...everything, revision: 3 })).rejects.toMatchObject({
      code: 'Compacted',
      compactRevision: 4,
    });
    await expect(storage.compact(4)).rejects.toMatchObject({ code: 'Compacted', compactRevision: 4 });
  });

  it('keeps a deletion at the compact revision for watchers that begin there', async () => {
    await open();
    await put('a', '1');
    const { revision } = await storage.txn({ compares: [], success: [{ type: 'delete', key: Buffer.from('a') }] });
    await storage.compact(revision);
    const watch = storage.watch({ ...everything, startRevision: revision })[Symbol.asyncIterator]();
    await watch.next();
    expect((await watch.next()).value).toMatchObject({ events: [{ type: 'delete', kv: { modRevision: revision } }] });
    await watch.return?.();
  });
});
