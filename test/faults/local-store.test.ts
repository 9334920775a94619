import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/storage/local/lease-clock.ts';
import { openLocalStorage } from '../../src/storage/local/open-local-storage.ts';
import { checkStore } from '../../src/storage/local/repair/check-store.ts';
import { repairStore } from '../../src/storage/local/repair/repair-store.ts';
import type { FormatStep } from '../../src/storage/local/schema.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { Workers } from '../storage/local/workers.ts';
import { inMode } from './fault-mode.ts';
import { Figures } from './figures.ts';
import { seededRandom } from './seeded-random.ts';

const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };
const TIMEOUT = inMode({ short: 120_000, long: 1_800_000 });

async function put(storage: Storage, key: string, value: string): Promise<number> {
  const success = [{ type: 'put' as const, key: Buffer.from(key), value: Buffer.from(value) }];
  return (await storage.txn({ compares: [], success })).revision;
}

async function content(folder: string): Promise<Map<string, string>> {
  const storage = await openLocalStorage(folder);
  try {
    const { kvs } = await storage.range(everything);
    return new Map(kvs.map((kv) => [kv.key.toString(), kv.value.toString()]));
  } finally {
    await storage.close();
  }
}

describe('the local store', () => {
  let workers: Workers;
  let root: string;
  let folder: string;
  beforeAll(async () => {
    workers = await Workers.bundle();
  });
  afterAll(async () => workers.dispose());
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kube-lite-faults-'));
    folder = join(root, 'store');
  });
  afterEach(async () => rm(root, { recursive: true, force: true }));

  it('keeps what was acknowledged when writers are killed at any moment', { timeout: TIMEOUT }, async () => {
    const figures = new Figures('local kill -9');
    const random = seededRandom('local kill -9');
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < inMode({ short: 15, long: 250 }); round++) {
      const writers = [0, 1].map((index) => workers.start('writeForever', folder, `${round}-${index}`));
      await Promise.all(writers.map(async (writer) => writer.heard(1)));
      await sleep(random.below(40));
      for (const writer of writers) await writer.kill();
      figures.runs += 1;
      figures.faults += writers.length;
      for (const said of writers.flatMap((writer) => writer.said)) {
        const [key, revision] = said as [string, number];
        acknowledged.set(key, revision);
      }
      // Without a stale lock of the dead, somebody else can write at once.
      const storage = await figures.timed(async () => openLocalStorage(folder));
      acknowledged.set(`after/${round}`, await figures.timed(async () => put(storage, `after/${round}`, 'x')));
      await storage.close();
    }
    const storage = await openLocalStorage(folder);
    const { kvs, revision } = await storage.range(everything);
    await storage.close();
    const stored = new Map(kvs.map((kv) => [kv.key.toString(), kv]));
    for (const [key, mod] of acknowledged) {
      if (stored.get(key)?.modRevision !== mod) figures.lost(`${key} at ${mod}`);
      if ((stored.get(key)?.version ?? 1) > 1) figures.doubled(key);
    }
    expect(revision).toBe(1 + stored.size);
    expect((await checkStore(folder)).damage).toEqual([]);
    figures.count('acknowledged', acknowledged.size);
    figures.finish();
  });

  it('is opened, written and left by thirty-two processes at once', { timeout: TIMEOUT }, async () => {
    const figures = new Figures('local 32 processes');
    const names = Array.from({ length: 32 }, (_, index) => `process${String(index).padStart(2, '0')}`);
    for (let round = 0; round < inMode({ short: 1, long: 30 }); round++) {
      const place = join(root, `store${round}`);
      const answers = await figures.timed(async () =>
        Promise.all(names.map(async (name) => workers.start('createAndExit', place, name).finished())),
      );
      const revisions = answers.flat().map((answer) => (answer as { revision: number }).revision);
      if (new Set(revisions).size !== 32) figures.doubled('a revision was given twice');
      const after = await content(place);
      for (const name of names) if (after.get(name) !== name) figures.lost(name);
      figures.runs += 1;
      figures.count('processes', names.length);
    }
    figures.finish();
  });

  it(
    'has every acknowledged write after the power was cut, whatever of the rest reached the disk',
    { timeout: TIMEOUT },
    async () => {
      const figures = new Figures('local power cut');
      const random = seededRandom('local power cut');
      const storage = await openLocalStorage(folder);
      const acknowledged = new Map<string, string>();
      let before = await diskOf(folder, storage);
      for (let step = 0; step < inMode({ short: 420, long: 6000 }); step++) {
        const [key, value] = [`/key${random.below(30)}`, `${step}:`.padEnd(random.pick([100, 5000, 20_000]), 'v')];
        // Copies of large files are dear, and a checkpoint shows only in them.
        const looked = random.below(inMode({ short: 8, long: 12 })) === 0;
        if (looked) before = await diskOf(folder, storage);
        const survivor = new Map(acknowledged);
        await put(storage, key, value);
        acknowledged.set(key, value);
        if (!looked) continue;
        const after = await diskOf(folder, storage);
        for (const stage of ['log', 'database'] as const) {
          const cut = join(root, `cut-${step}-${stage}`);
          await writeDisk(cut, cutPower({ before, after, stage, random }));
          const left = await content(cut);
          const expected = stage === 'log' ? survivor : acknowledged;
          for (const [name, wanted] of expected) {
            const found = left.get(name);
            // The write that was cut may be there, too.
            if (found !== wanted && !(stage === 'log' && name === key && found === value)) {
              figures.lost(`${name} at step ${step}, ${stage}`);
            }
          }
          expect((await checkStore(cut)).damage).toEqual([]);
          figures.faults += 1;
          await rm(cut, { recursive: true, force: true });
        }
        figures.runs += 1;
      }
      await storage.close();
      figures.count('acknowledged', inMode({ short: 420, long: 6000 }));
      expect(figures.runs).toBeGreaterThan(20);
      figures.finish();
    },
  );

  it('is whole or refused, and can be repaired, when its folder was copied in use', { timeout: TIMEOUT }, async () => {
    const figures = new Figures('local copied in use');
    const writer = workers.start('writeForever', folder, 'w');
    await writer.heard(20);
    for (let round = 0; round < inMode({ short: 12, long: 200 }); round++) {
      const copy = join(root, `copy${round}`);
      const sure = writer.said.length;
      await cp(folder, copy, { recursive: true });
      figures.runs += 1;
      let left = await content(copy).catch((error: unknown) => error);
      if (left instanceof StorageError) {
        expect(left).toMatchObject({ code: 'Corrupt', hint: expect.stringContaining('store repair') as string });
        await repairStore(copy, systemClock());
        left = await content(copy);
        figures.faults += 1;
      }
      if (!(left instanceof Map)) throw left;
      for (const said of writer.said.slice(0, sure)) {
        const [key] = said as [string, number];
        if (left.get(key) !== Buffer.alloc(500, key).toString()) figures.lost(key);
      }
      expect((await checkStore(copy)).damage).toEqual([]);
      await rm(copy, { recursive: true, force: true });
    }
    await writer.kill();
    figures.finish();
  });

  it('writes nothing to files that were moved away while it was open', async () => {
    const storage = await openLocalStorage(folder);
    await put(storage, 'a', '1');
    await rename(folder, join(root, 'moved'));
    await expect(put(storage, 'b', '1')).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('moved') as string,
    });
    await rename(join(root, 'moved'), folder);
    await put(storage, 'b', '2');
    await storage.close();
    expect(await content(folder)).toEqual(
      new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    );
  });

  it('copies an older format before it brings it up, once, whoever comes first', async () => {
    const old = await openLocalStorage(folder);
    await put(old, 'a', '1');
    await old.close();
    const step: FormatStep = (db) => db.exec('CREATE TABLE later(a)');
    const opened = await Promise.all([1, 2, 3].map(async () => openLocalStorage(folder, { formatSteps: [step] })));
    for (const storage of opened) expect((await storage.range(everything)).kvs.map(String)).toHaveLength(1);
    for (const storage of opened) await storage.close();
    const copies = (await readdir(folder)).filter((name) => name.startsWith('format-1-'));
    expect(copies).toHaveLength(1);
    await expect(openLocalStorage(folder)).rejects.toMatchObject({ code: 'NewerFormat' });
    expect(await content(join(folder, copies[0] ?? ''))).toEqual(new Map([['a', '1']]));
    const failing: FormatStep = () => {
      throw new Error('this step fails');
    };
    await expect(openLocalStorage(folder, { formatSteps: [step, failing] })).rejects.toMatchObject({
      code: 'Internal',
    });
    const again = await openLocalStorage(folder, { formatSteps: [step] });
    expect((await again.range(everything)).kvs).toHaveLength(1);
    await again.close();
  });

  it('is as it was after a repair for which there is no space', async (context) => {
    await mkdir(folder);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'none', folder], { stdio: 'ignore' });
    } catch {
      context.skip('mounting needs root');
    }
    try {
      // By processes that end, because open files cannot be counted on a file system that is full.
      await workers.start('createAndExit', folder, 'a').finished();
      await writeFile(join(folder, 'ballast'), Buffer.alloc(3 * 1024 * 1024)).catch(() => undefined);
      const before = await Promise.all(FILES.map(async (name) => readFile(join(folder, name))));
      await expect(repairStore(folder, systemClock())).rejects.toMatchObject({ code: 'NoSpace' });
      const after = await Promise.all(FILES.map(async (name) => readFile(join(folder, name))));
      expect(after.map((bytes, index) => bytes.equals(before[index] ?? Buffer.alloc(0)))).toEqual([true, true, true]);
      await rm(join(folder, 'ballast'));
      expect((await content(folder)).get('a')).toBe('a');
    } finally {
      execFileSync('umount', ['--lazy', folder]);
    }
  });
});

const FILES = ['kl.db', 'kl.db-wal', 'kl.hwm'] as const;

type Disk = Record<(typeof FILES)[number], Buffer>;

/** The files of a store between two of its writes. */
async function diskOf(folder: string, storage: Storage): Promise<Disk> {
  await storage.status();
  const [database = Buffer.alloc(0), log = Buffer.alloc(0), mark = Buffer.alloc(0)] = await Promise.all(
    FILES.map(async (name) =>
      (await stat(join(folder, name)).catch(() => undefined)) ? readFile(join(folder, name)) : Buffer.alloc(0),
    ),
  );
  return { 'kl.db': database, 'kl.db-wal': log, 'kl.hwm': mark };
}

async function writeDisk(folder: string, disk: Disk): Promise<void> {
  await mkdir(folder);
  for (const name of FILES) await writeFile(join(folder, name), disk[name]);
}

/**
 * What may be on the disk when the power went in the middle of a write: of what was not synced yet, any sectors. The log is
 * synced before the write is acknowledged, and before a checkpoint writes to the database; the mark is never synced.
 */
function cutPower(state: { before: Disk; after: Disk; stage: 'log' | 'database'; random: { next(): number } }): Disk {
  const { before, after, stage, random } = state;
  const mixed = (name: (typeof FILES)[number]): Buffer => {
    const bytes = Buffer.alloc(Math.max(before[name].length, after[name].length));
    for (let at = 0; at < bytes.length; at += 512) {
      const from = random.next() < 0.5 ? before[name] : after[name];
      from.subarray(at, at + 512).copy(bytes, at);
    }
    return bytes;
  };
  return stage === 'log'
    ? { 'kl.db': before['kl.db'], 'kl.db-wal': mixed('kl.db-wal'), 'kl.hwm': before['kl.hwm'] }
    : {
        'kl.db': mixed('kl.db'),
        'kl.db-wal': after['kl.db-wal'],
        'kl.hwm': random.next() < 0.5 ? before['kl.hwm'] : after['kl.hwm'],
      };
}
