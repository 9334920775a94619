import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/storage/local/lease-clock.ts';
import { openLocalStorage } from '../../../../src/storage/local/open-local-storage.ts';
import { checkStore } from '../../../../src/storage/local/repair/check-store.ts';
import { repairStore } from '../../../../src/storage/local/repair/repair-store.ts';
import { loadEngine } from '../../../../src/storage/local/sqlite.ts';
import type { Storage } from '../../../../src/storage/storage.ts';
import { run } from '../../../commands/run-program.ts';
import { seededRandom } from '../../../faults/seeded-random.ts';

const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };
const FILES = ['kl.db', 'kl.db-wal', 'kl.hwm'];
const KEYS = 150;

const keyOf = (index: number): string => `/registry/configmaps/default/object-${String(index).padStart(4, '0')}`;
/** Most stay in their page, some need one more, a few need many. */
const valueOf = (index: number, version: number): string =>
  `${index}:${version}:`.padEnd([300, 700, 5000, 300, 40_000][index % 5] ?? 300, 'abcdefg');

describe('a damaged store that is repaired', () => {
  let root: string;
  /** The value of each key that exists, and every value that each key ever had. */
  const now = new Map<string, string>();
  const ever = new Map<string, Set<string>>();
  let revision = 0;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'kube-lite-repair-'));
    const live = join(root, 'live');
    let storage = await openLocalStorage(live);
    const put = async (index: number, version: number): Promise<void> => {
      const [key, value] = [keyOf(index), valueOf(index, version)];
      const success = [{ type: 'put' as const, key: Buffer.from(key), value: Buffer.from(value) }];
      revision = (await storage.txn({ compares: [], success })).revision;
      now.set(key, value);
      ever.set(key, (ever.get(key) ?? new Set()).add(value));
    };
    for (let index = 0; index < KEYS; index++) await put(index, 1);
    for (let index = 0; index < KEYS; index += 10) {
      const success = [{ type: 'delete' as const, key: Buffer.from(keyOf(index)) }];
      revision = (await storage.txn({ compares: [], success })).revision;
      now.delete(keyOf(index));
    }
    // Ten keys are forgotten altogether, and nothing may bring them back.
    await storage.compact(revision);
    for (let index = 1; index < KEYS; index += 10) await put(index, 2);
    await storage.close();
    const db = (await loadEngine()).open(join(live, 'kl.db'), { timeout: 1000 });
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    storage = await openLocalStorage(live);
    for (let index = 2; index < KEYS; index += 4) if (now.has(keyOf(index))) await put(index, 3);
    await mkdir(join(root, 'whole'));
    for (const name of FILES) await cp(join(live, name), join(root, 'whole', name));
    await storage.close();
  });
  afterAll(async () => rm(root, { recursive: true, force: true }));

  async function damaged(damage: (folder: string) => Promise<void>): Promise<string> {
    const folder = await mkdtemp(join(root, 'copy-'));
    await cp(join(root, 'whole'), folder, { recursive: true });
    await damage(folder);
    return folder;
  }

  async function content(folder: string): Promise<Map<string, string>> {
    const storage = await openLocalStorage(folder);
    const { kvs } = await storage.range(everything);
    await storage.close();
    return new Map(kvs.map((kv) => [kv.key.toString(), kv.value.toString()]));
  }

  it('has all that it had when nothing was damaged', async () => {
    const folder = await damaged(async () => undefined);
    expect(await checkStore(folder)).toMatchObject({ damage: [], revision, acknowledged: revision, keys: now.size });
    const report = await repairStore(folder, systemClock());
    expect(report).toMatchObject({ keys: now.size, revision: revision + 1, lost: [], notes: [] });
    expect(await content(folder)).toEqual(now);
    expect((await checkStore(folder)).damage).toEqual([]);
    for (const name of FILES) {
      const [kept, before] = [await readFile(join(report.aside, name)), await readFile(join(root, 'whole', name))];
      expect(kept.equals(before)).toBe(true);
      expect((await stat(join(report.aside, name))).mode & 0o077).toBe(0);
    }
  });

  it('goes on with a revision of its own, and tells watchers to list anew', async () => {
    const folder = await damaged(async (copy) => truncate(join(copy, 'kl.db-wal'), 60_000));
    const { revision: made } = await repairStore(folder, systemClock());
    expect(made).toBe(revision + 1);
    const storage = await openLocalStorage(folder);
    const watch = storage.watch({ ...everything, startRevision: revision })[Symbol.asyncIterator]();
    await watch.next();
    await expect(watch.next()).rejects.toMatchObject({ code: 'Compacted', compactRevision: made });
    await write(storage, keyOf(3));
    expect((await storage.range({ ...everything, revision: made, countOnly: true })).count).toBeGreaterThan(0);
    await storage.close();
    expect((await checkStore(folder)).damage).toEqual([]);
  });

  it('has what lies behind a damaged place of the write-ahead log, also after the store was refused', async () => {
    const folder = await damaged(async (copy) => flip(join(copy, 'kl.db-wal'), 32 + 24 + 100));
    await expect(openLocalStorage(folder)).rejects.toMatchObject({ code: 'Corrupt' });
    await expect(openLocalStorage(folder)).rejects.toMatchObject({ code: 'Corrupt' });
    const report = await repairStore(folder, systemClock());
    expect(report.keys).toBe(now.size);
    expect(await content(folder)).toEqual(now);
    expect(await readdir(folder)).not.toContain('kl.db-wal.kept');
  });

  it('never has a value that a key did not have, nor a key that was forgotten, and says what is lost', async () => {
    const random = seededRandom('repair');
    let whole = 0;
    for (let run = 0; run < 24; run++) {
      const file = run % 3 === 0 ? 'kl.db-wal' : 'kl.db';
      const size = (await stat(join(root, 'whole', file))).size;
      const folder = await damaged(async (copy) => spoil(join(copy, file), random.below(size), run));
      const { damage } = await checkStore(folder);
      const report = await repairStore(folder, systemClock());
      const after = await content(folder);
      for (const [key, value] of after) expect([run, ever.get(key)?.has(value)]).toEqual([run, true]);
      for (let index = 0; index < KEYS; index += 10) expect(after.has(keyOf(index))).toBe(false);
      const changed = [...now].filter(([key, value]) => after.get(key) !== value);
      // What was lost is told by the check before, at the least.
      if (changed.length > 0) expect([run, damage.length > 0]).toEqual([run, true]);
      else whole += 1;
      expect(report.revision).toBeGreaterThan(revision);
      expect((await checkStore(folder)).damage).toEqual([]);
      await rm(folder, { recursive: true, force: true });
    }
    expect(whole).toBeGreaterThan(5);
  });

  it('is repaired by the command that the refusal names', async () => {
    const folder = await damaged(async (copy) => truncate(join(copy, 'kl.db-wal'), 60_000));
    const flag = `--data-dir=${folder}`;
    const refused = await run(['get', 'configmaps', '-A', flag]);
    expect(refused.status).toBe(1);
    expect(refused.errors).toContain(`kube-lite store repair --data-dir=${folder}`);
    const check = await run(['store', 'check', flag]);
    expect(check.status).toBe(1);
    expect(check.output).toContain(`revision ${revision} was acknowledged`);
    const repair = await run(['store', 'repair', flag]);
    expect(repair).toMatchObject({ status: 0 });
    expect(repair.errors).toMatch(/Warning: revisions \d+ to \d+ are lost/);
    expect(await run(['store', 'check', flag])).toMatchObject({ status: 0, errors: '' });
    expect(await run(['store', 'repair', flag])).toMatchObject({ output: `nothing is damaged in ${folder}\n` });
    expect(await run(['store', 'check', '-o', 'json', flag])).toMatchObject({ status: 0 });
  });

  it('is left alone where there is nothing to repair', async () => {
    const empty = await mkdtemp(join(root, 'empty-'));
    const check = await run(['store', 'check', `--data-dir=${empty}`]);
    expect(check).toMatchObject({ status: 1, output: '', errors: `error: there is no store in ${empty}\n` });
    const db = (await loadEngine()).open(join(empty, 'kl.db'), { timeout: 1000 });
    db.exec('CREATE TABLE mine(a); PRAGMA user_version=7');
    db.close();
    const before = await readFile(join(empty, 'kl.db'));
    expect((await run(['store', 'repair', `--data-dir=${empty}`])).errors).toContain('a database of another program');
    expect(await readFile(join(empty, 'kl.db'))).toEqual(before);
    expect((await run(['store', 'check', '--backend=etcd', '--etcd-endpoints=127.0.0.1:1'])).errors).toContain(
      'local store',
    );
  });

  it('refuses writes of a process that had it open', async () => {
    const folder = await damaged(async () => undefined);
    const storage = await openLocalStorage(folder);
    await repairStore(folder, systemClock());
    await expect(write(storage, 'late')).rejects.toMatchObject({ code: 'Unavailable' });
    await storage.close();
    expect(await content(folder)).toEqual(now);
  });
});

async function write(storage: Storage, key: string): Promise<void> {
  await storage.txn({ compares: [], success: [{ type: 'put', key: Buffer.from(key), value: Buffer.from('late') }] });
}

async function flip(path: string, place: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[place] = (bytes[place] ?? 0) ^ 0x10;
  await writeFile(path, bytes);
}

/** Flips a bit, cuts the end off, or fills a page. */
async function spoil(path: string, place: number, kind: number): Promise<void> {
  if (kind % 4 === 1) return truncate(path, place);
  if (kind % 2 === 0) return flip(path, place);
  const bytes = await readFile(path);
  const page = place - (place % 4096);
  return writeFile(path, bytes.fill(kind % 8 === 3 ? 0 : 0xa5, page, page + 4096));
}
