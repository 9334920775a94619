import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalStorage } from '../../../src/storage/local/open-local-storage.ts';
import { chooseEngine, loadEngine } from '../../../src/storage/local/sqlite.ts';
import { isBusy, toStorageError } from '../../../src/storage/local/sqlite-errors.ts';
import type { Operation, Storage, WatchBatch } from '../../../src/storage/storage.ts';
import { Workers } from './workers.ts';

const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };
const put = (key: string, value: string | Buffer): Operation => ({
  type: 'put',
  key: Buffer.from(key),
  value: Buffer.from(value as string),
});
const write = async (storage: Storage, ...success: Operation[]) => storage.txn({ compares: [], success });

/** A small file system in memory can be mounted where the tests run as root, as they do in a container. */
function mountTmpfs(folder: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('openLocalStorage', () => {
  let root: string;
  let folder: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kube-lite-open-'));
    folder = join(root, 'some', 'store');
  });
  afterEach(async () => rm(root, { recursive: true, force: true }));

  async function change(sql: string): Promise<void> {
    const db = (await loadEngine()).open(join(folder, 'kl.db'), { timeout: 1000 });
    db.exec(sql);
    db.close();
  }

  it('lays out a store that only its owner can read, and finds it again', async () => {
    const storage = await openLocalStorage(folder);
    expect((await storage.status()).revision).toBe(1);
    expect((await write(storage, put('a', '1'))).revision).toBe(2);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of ['kl.db', 'kl.db-wal', 'kl.hwm']) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    }
    await storage.close();
    const again = await openLocalStorage(folder);
    expect(await again.status()).toMatchObject({ driver: 'local', revision: 2, location: folder });
    expect((await again.range(everything)).kvs[0]?.value.toString()).toBe('1');
    await again.close();
  });

  it('refuses to work after it was closed', async () => {
    const storage = await openLocalStorage(folder);
    await storage.close();
    await expect(storage.range(everything)).rejects.toMatchObject({ code: 'Unavailable' });
    await expect(write(storage, put('a', '1'))).rejects.toMatchObject({ code: 'Unavailable' });
  });

  it('finishes the writes that were asked for before it closes', async () => {
    const storage = await openLocalStorage(folder);
    const writing = Array.from({ length: 5 }, async (_, index) => write(storage, put(`k${index}`, 'v')));
    await storage.close();
    expect((await Promise.all(writing)).map((result) => result.revision)).toEqual([2, 3, 4, 5, 6]);
  });

  it('lets each of the writes that share a commit fail alone', async () => {
    const storage = await openLocalStorage(folder);
    const results = await Promise.allSettled([
      write(storage, put('a', '1')),
      write(storage, { type: 'put', key: Buffer.from('b'), value: Buffer.from('1'), lease: 77n }),
      write(storage, put('c', '1'), { type: 'range', ...everything, revision: 99 }),
      write(storage, put('d', '1')),
    ]);
    expect(
      results.map((result) => (result.status === 'fulfilled' ? result.value.revision : result.reason.code)),
    ).toEqual([2, 'LeaseNotFound', 'FutureRevision', 3]);
    expect((await storage.range(everything)).kvs.map((kv) => kv.key.toString())).toEqual(['a', 'd']);
    await storage.close();
  });

  it('leaves a store of a newer version alone', async () => {
    await (await openLocalStorage(folder)).close();
    await change('PRAGMA user_version=2');
    await expect(openLocalStorage(folder)).rejects.toMatchObject({
      code: 'NewerFormat',
      hint: expect.stringContaining('newer') as string,
    });
    await change('PRAGMA user_version=1');
    await (await openLocalStorage(folder)).close();
  });

  it("does not touch another program's database", async () => {
    await mkdir(folder, { recursive: true });
    await change('CREATE TABLE mine(a); PRAGMA user_version=7');
    await expect(openLocalStorage(folder)).rejects.toMatchObject({ code: 'Corrupt' });
    await change('PRAGMA user_version=0');
    await expect(openLocalStorage(folder)).rejects.toMatchObject({ code: 'Corrupt' });
    const db = (await loadEngine()).open(join(folder, 'kl.db'), { timeout: 1000 });
    expect(db.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'mine' }]);
    db.close();
  });

  it('says so when the place for the folder is taken or cannot be written', async () => {
    await writeFile(join(root, 'some'), 'a file');
    await expect(openLocalStorage(folder)).rejects.toMatchObject({ name: 'StorageError' });
    const denied = Object.assign(new Error('EACCES: permission denied, mkdir'), { code: 'EACCES' });
    expect(toStorageError(denied, folder)).toMatchObject({
      code: 'ReadOnly',
      hint: expect.stringContaining(folder) as string,
    });
  });

  it('reads what it may not write', async () => {
    const workers = await Workers.bundle();
    try {
      await workers.start('createAndExit', folder, '/a').finished();
      await workers.start('checkpoint', folder).finished();
      await chmod(root, 0o755);
      await chmod(join(root, 'some'), 0o755);
      for (const name of ['kl.db', 'kl.db-wal', 'kl.db-shm', 'kl.hwm']) await chmod(join(folder, name), 0o444);
      await chmod(folder, 0o555);
      expect(await workers.start('readAsOther', folder).finished()).toEqual([[['/a'], 'ReadOnly']]);
    } finally {
      await chmod(folder, 0o755);
      await workers.dispose();
    }
  });

  async function expectReadOnly(): Promise<void> {
    const storage = await openLocalStorage(folder);
    expect((await storage.range(everything)).kvs.map((kv) => kv.value.toString())).toEqual(['1']);
    await expect(write(storage, put('a', '2'))).rejects.toMatchObject({
      code: 'ReadOnly',
      hint: expect.stringContaining(folder) as string,
    });
    await expect(storage.grantLease(100)).rejects.toMatchObject({ code: 'ReadOnly' });
    await storage.close();
  }

  it.for([
    ['with', 'createAndExit'],
    ['without', 'checkpoint'],
  ])('reads from a read-only file system, %s something in the write-ahead log', async ([, last = ''], context) => {
    await mkdir(folder, { recursive: true });
    if (!mountTmpfs(folder, '8m')) context.skip('mounting needs root');
    const workers = await Workers.bundle();
    try {
      // Written by another process, because a file system with files open for writing cannot become read-only.
      await workers.start('createAndExit', folder, '1').finished();
      if (last === 'checkpoint') await workers.start(last, folder).finished();
      expect((await stat(join(folder, 'kl.db-wal'))).size > 0).toBe(last !== 'checkpoint');
      execFileSync('mount', ['-o', 'remount,ro', folder]);
      await expectReadOnly();
      await expect(openLocalStorage(join(folder, 'new'))).rejects.toMatchObject({ code: 'ReadOnly' });
    } finally {
      execFileSync('umount', ['--lazy', folder]);
      await workers.dispose();
    }
  });

  it('says that the disk is full, loses nothing, and goes on when there is space', async (context) => {
    await mkdir(folder, { recursive: true });
    if (!mountTmpfs(folder, '4m')) context.skip('mounting needs root');
    try {
      await writeFile(join(folder, 'ballast'), Buffer.alloc(1024 * 1024));
      const storage = await openLocalStorage(folder);
      const acknowledged: string[] = [];
      const fill = async (): Promise<void> => {
        for (;;) {
          const name = `k${acknowledged.length}`;
          await write(storage, put(name, Buffer.alloc(100_000, name)));
          acknowledged.push(name);
        }
      };
      await expect(fill()).rejects.toMatchObject({ code: 'NoSpace', hint: expect.stringContaining('space') as string });
      expect(acknowledged.length).toBeGreaterThan(5);
      const names = async (from: Storage): Promise<string[]> =>
        (await from.range({ ...everything, keysOnly: true })).kvs.map((kv) => kv.key.toString());
      expect(await names(storage)).toEqual([...acknowledged].sort());
      await rm(join(folder, 'ballast'));
      expect((await write(storage, put('after', '1'))).revision).toBe(acknowledged.length + 2);
      await storage.close();
      const again = await openLocalStorage(folder);
      expect(await names(again)).toEqual([...acknowledged, 'after'].sort());
      await again.close();
    } finally {
      execFileSync('umount', ['--lazy', folder]);
    }
  });

  it('replays its history from the very beginning, also where one revision has very many changes', async () => {
    const storage = await openLocalStorage(folder);
    const count = 700;
    const names = Array.from({ length: count }, (_, index) => `k${String(index).padStart(5, '0')}`);
    for (let index = 0; index < count; index += 100) {
      await write(storage, ...names.slice(index, index + 100).map((name) => put(name, name)));
    }
    const { revision } = await write(storage, { type: 'delete', ...everything });
    await write(storage, put('last', '1'));
    const batches: WatchBatch[] = [];
    for await (const batch of storage.watch({ ...everything, startRevision: 1, prevKv: true })) {
      batches.push(batch);
      if (batch.events.at(-1)?.kv.key.toString() === 'last') break;
    }
    const events = batches.flatMap((batch) => batch.events);
    expect(events.map((event) => event.kv.key.toString())).toEqual([...names, ...names, 'last']);
    const deleting = batches.filter((batch) => batch.events.some((event) => event.type === 'delete'));
    expect(deleting).toHaveLength(1);
    expect(
      deleting[0]?.events
        .filter((event) => event.kv.modRevision === revision)
        .map((event) => event.prevKv?.value.toString()),
    ).toEqual(names);
    await storage.close();
  });

  it('pages through a large range as it was, whatever changes meanwhile', async () => {
    const storage = await openLocalStorage(folder);
    const names = Array.from({ length: 3000 }, (_, index) => `k${String(index).padStart(5, '0')}`);
    for (let index = 0; index < names.length; index += 100) {
      await write(storage, ...names.slice(index, index + 100).map((name) => put(name, name)));
    }
    const seen: string[] = [];
    let key = Buffer.from('k');
    let revision = 0;
    for (;;) {
      const page = await storage.range({ key, rangeEnd: Buffer.from('l'), limit: 700, revision });
      if (revision === 0) revision = page.revision;
      expect(page.count).toBe(3000 - seen.length);
      seen.push(...page.kvs.map((kv) => kv.value.toString()));
      if (!page.more) break;
      key = Buffer.concat([page.kvs.at(-1)?.key ?? Buffer.alloc(0), Buffer.of(0)]);
      await write(storage, put(names[2999] ?? '', 'changed'), put(`k00700-${seen.length}`, 'new'), {
        type: 'delete',
        key: Buffer.from(names[seen.length + 1] ?? ''),
      });
    }
    expect(seen).toEqual(names);
    expect(
      (await storage.range({ key: Buffer.from('k'), rangeEnd: Buffer.from('l'), revision, countOnly: true })).count,
    ).toBe(3000);
    expect((await storage.range(everything)).kvs.length).toBe(3000 + 4 - 4);
    await storage.close();
  });
});

describe('chooseEngine', () => {
  it("takes Node's own SQLite from 24 on when it is safe", () => {
    expect(chooseEngine({ node: '20.19.0' })).toBe('@photostructure/sqlite');
    expect(chooseEngine({ node: '22.23.3', sqlite: '3.51.3' })).toBe('@photostructure/sqlite');
    expect(chooseEngine({ node: '24.0.0', sqlite: '3.49.1' })).toBe('@photostructure/sqlite');
    expect(chooseEngine({ node: '24.9.0', sqlite: '3.51.2' })).toBe('@photostructure/sqlite');
    expect(chooseEngine({ node: '24.21.0', sqlite: '3.53.4' })).toBe('node:sqlite');
    expect(chooseEngine({ node: '26.1.0', sqlite: '4.0.0' })).toBe('node:sqlite');
  });

  it('loads an engine whose SQLite is safe', async () => {
    const db = (await loadEngine()).open(':memory:', { timeout: 0 });
    const row = db.prepare('SELECT sqlite_version() AS version').get() as { version: string };
    const [major = 0, minor = 0, patch = 0] = row.version.split('.').map(Number);
    expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(3_051_003);
    db.close();
  });
});

describe('toStorageError', () => {
  it.each([
    [5, 'Locked'],
    [261, 'Locked'],
    [8, 'ReadOnly'],
    [14, 'ReadOnly'],
    [11, 'Corrupt'],
    [26, 'Corrupt'],
    [13, 'NoSpace'],
    [10, 'Internal'],
    [1, 'Internal'],
  ])('takes SQLite result %i as %s', (errcode, code) => {
    const error = Object.assign(new Error('text'), { code: 'ERR_SQLITE_ERROR', errcode });
    expect(toStorageError(error, tmpdir())).toMatchObject({ code, cause: error });
    expect(isBusy(error)).toBe(code === 'Locked');
  });

  it.each([
    ['database is locked', 'Locked'],
    ['database disk image is malformed', 'Corrupt'],
    ['database or disk is full', 'NoSpace'],
    ['attempt to write a readonly database', 'ReadOnly'],
  ])('takes an SQLite error that only says "%s" as %s', (message, code) => {
    const error = Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR' });
    expect(toStorageError(error, tmpdir())).toMatchObject({ code });
    expect(toStorageError(new Error(message), tmpdir())).toMatchObject({ code: 'Internal' });
  });
});
