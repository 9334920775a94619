import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openLocalStorage } from '../../../src/storage/local/open-local-storage.ts';
import { loadEngine } from '../../../src/storage/local/sqlite.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { Workers, type Worker } from './workers.ts';

const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };

describe('a store that many processes use', () => {
  let workers: Workers;
  let folder: string;
  beforeAll(async () => {
    workers = await Workers.bundle();
  });
  afterAll(async () => workers.dispose());
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'kube-lite-processes-')), 'store');
  });
  afterEach(async () => rm(join(folder, '..'), { recursive: true, force: true }));

  async function withStorage<T>(use: (storage: Storage) => Promise<T>): Promise<T> {
    const storage = await openLocalStorage(folder);
    try {
      return await use(storage);
    } finally {
      await storage.close();
    }
  }

  async function integrity(): Promise<unknown> {
    const db = (await loadEngine()).open(join(folder, 'kl.db'), { timeout: 5000 });
    try {
      return db.prepare('PRAGMA integrity_check').get();
    } finally {
      db.close();
    }
  }

  it('is created by sixteen processes at once', async () => {
    const names = Array.from({ length: 16 }, (_, index) => `object${String(index).padStart(2, '0')}`);
    const answers = await Promise.all(names.map(async (name) => workers.start('create', folder, name).finished()));
    expect(answers.flat()).toHaveLength(16);
    const revisions = answers.flat().map((answer) => (answer as { revision: number }).revision);
    expect(revisions.sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, index) => index + 2));
    const { kvs } = await withStorage(async (storage) => storage.range(everything));
    expect(kvs.map((kv) => kv.value.toString())).toEqual(names);
  });

  it('loses no increment of sixteen processes that compare and swap', async () => {
    const rounds = 20;
    const answers = await Promise.all(
      Array.from({ length: 16 }, async () => workers.start('increment', folder, `${rounds}`, '3').finished()),
    );
    const revisions = answers.flat();
    expect(new Set(revisions).size).toBe(16 * rounds);
    const { kvs, revision } = await withStorage(async (storage) => storage.range(everything));
    expect(kvs.map((kv) => Number(kv.value.toString())).reduce((a, b) => a + b, 0)).toBe(16 * rounds);
    expect(kvs.every((kv) => kv.version === Number(kv.value.toString()))).toBe(true);
    // Revisions have no gaps: nothing was written that was not acknowledged.
    expect(revision).toBe(1 + 16 * rounds);
  });

  it('loses nothing while other processes open and close it all the time', async () => {
    const storms = Array.from({ length: 3 }, () => workers.start('openStorm', folder, '2500'));
    const answers = await Promise.all([
      workers.start('increment', folder, '300', '2').finished(),
      workers.start('increment', folder, '300', '2').finished(),
    ]);
    for (const storm of storms) expect(Number((await storm.finished())[0])).toBeGreaterThan(3);
    expect(new Set(answers.flat()).size).toBe(600);
    const { kvs } = await withStorage(async (storage) => storage.range(everything));
    expect(kvs.map((kv) => Number(kv.value.toString())).reduce((a, b) => a + b, 0)).toBe(600);
  });

  it('keeps every acknowledged write when its writers are killed', async () => {
    const acknowledged = new Map<string, number>();
    const note = (worker: Worker): void => {
      for (const said of worker.said) {
        const [key, revision] = said as [string, number];
        acknowledged.set(key, revision);
      }
    };
    for (let round = 0; round < 10; round++) {
      const writers = [0, 1, 2].map((index) => workers.start('writeForever', folder, `${round}-${index}`));
      await Promise.all(writers.map(async (writer) => writer.heard(3)));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      // In odd rounds one dies, and the others must go on at once.
      const [first, ...others] = writers;
      await first?.kill();
      if (round % 2 === 1) {
        const started = performance.now();
        await Promise.all(others.map(async (writer) => writer.heard(writer.said.length + 3)));
        expect(performance.now() - started).toBeLessThan(5000);
      }
      await Promise.all(others.map(async (writer) => writer.kill()));
      for (const writer of writers) note(writer);
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(90);
    const { kvs, revision } = await withStorage(async (storage) => storage.range(everything));
    const stored = new Map(kvs.map((kv) => [kv.key.toString(), kv.modRevision]));
    for (const [key, mod] of acknowledged) expect([key, stored.get(key)]).toEqual([key, mod]);
    expect(new Set(stored.values()).size).toBe(stored.size);
    expect(revision).toBe(1 + stored.size);
    expect(await integrity()).toEqual({ integrity_check: 'ok' });
  });

  it('is not held up by the lock of a process that died in the middle of a write', async () => {
    await withStorage(async (storage) => storage.status());
    const holder = workers.start('holdLock', folder);
    await holder.heard(1);
    const storage = await openLocalStorage(folder, { lockTimeout: 300 });
    const put = async () =>
      storage.txn({ compares: [], success: [{ type: 'put', key: Buffer.from('a'), value: Buffer.from('1') }] });
    await expect(put()).rejects.toMatchObject({ name: 'StorageError', code: 'Locked' });
    // Readers are not held up at all.
    expect((await storage.range(everything)).count).toBe(0);
    await holder.kill();
    const started = performance.now();
    expect((await put()).revision).toBe(2);
    expect(performance.now() - started).toBeLessThan(1000);
    await storage.close();
  });

  it('lets the event loop go on while a write waits for a lock', async () => {
    await withStorage(async (storage) => storage.status());
    const holder = workers.start('holdLock', folder);
    await holder.heard(1);
    const storage = await openLocalStorage(folder);
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 10);
    const writing = storage.txn({
      compares: [],
      success: [{ type: 'put', key: Buffer.from('a'), value: Buffer.from('1') }],
    });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(ticks).toBeGreaterThanOrEqual(5);
    await holder.kill();
    expect((await writing).revision).toBe(2);
    clearInterval(timer);
    await storage.close();
  });

  it('tells a watcher of what another process writes', async () => {
    const storage = await openLocalStorage(folder);
    const abort = new AbortController();
    const watch = storage.watch({ ...everything, signal: abort.signal })[Symbol.asyncIterator]();
    await watch.next();
    const writer = workers.start('writeForever', folder, 'w');
    const seen: string[] = [];
    while (seen.length < 100) {
      const batch = await watch.next();
      if (batch.done === true) throw new Error('the watch ended');
      seen.push(...batch.value.events.map((event) => event.kv.key.toString()));
    }
    await writer.kill();
    expect(seen).toEqual(seen.map((_, index) => `w/${index}`));
    abort.abort();
    expect((await watch.next()).done).toBe(true);
    await storage.close();
  });
});
