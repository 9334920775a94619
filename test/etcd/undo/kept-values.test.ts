import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GuardedStorage } from '../../../src/etcd/live/guarded-storage.ts';
import { readJournal } from '../../../src/etcd/undo/read-journal.ts';
import { UndoJournal } from '../../../src/etcd/undo/undo-journal.ts';
import { StorageError } from '../../../src/storage/storage-error.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { MemoryStorage } from '../../storage/memory-storage.ts';

let folder: string;
let memory: MemoryStorage;
let warnings: string[];
const KEY = Buffer.from('/registry/configmaps/default/c');

beforeEach(() => {
  folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-undo-')), 'undo');
  memory = new MemoryStorage();
  warnings = [];
});
afterEach(() => fs.rmSync(path.dirname(folder), { recursive: true, force: true }));

function guarded(mostBytes?: { file: number; all: number }): Storage {
  const journal = new UndoJournal({
    folder,
    now: () => new Date(1_700_000_000_000),
    warn: (text) => void warnings.push(text),
    ...(mostBytes === undefined ? {} : { mostBytes }),
  });
  return new GuardedStorage({
    storage: memory,
    prefix: '/registry',
    liveServers: undefined,
    journal: async () => journal,
  });
}

const put = (storage: Storage, value: string, revision?: number, key = KEY) =>
  storage.txn({
    compares: revision === undefined ? [] : [{ key, target: 'mod', result: '=', operand: revision }],
    success: [{ type: 'put', key, value: Buffer.from(value) }],
  });
const kept = () => readJournal(folder).map(({ change, value, replacedAt }) => [change, value.toString(), replacedAt]);

describe('what a write replaces is kept', () => {
  it('a new key costs nothing: no read, no file', async () => {
    const storage = guarded();
    memory.calls.length = 0;
    await put(storage, 'one', 0);
    await storage.txn({
      compares: [{ key: KEY, target: 'version', result: '=', operand: 0 }],
      success: [{ type: 'put', key: KEY, value: Buffer.from('x') }],
    });
    expect(memory.calls).toEqual(['txn', 'txn']);
    expect(fs.existsSync(folder)).toBe(false);
  });

  it('a folder that was open to others is closed to them', async () => {
    fs.mkdirSync(folder, { recursive: true });
    fs.chmodSync(folder, 0o755);
    const storage = guarded();
    await put(storage, 'one', 0);
    await put(storage, 'two');
    expect(kept()).toHaveLength(1);
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    expect(warnings).toEqual([]);
  });

  it('a value that was read needs no second read', async () => {
    const storage = guarded();
    const { revision } = await put(storage, 'one', 0);
    await storage.range({ key: KEY });
    memory.calls.length = 0;
    const second = await put(storage, 'two', revision);
    expect(memory.calls).toEqual(['txn']);
    expect(kept()).toEqual([['put', 'one', second.revision]]);
  });

  it('a value that was not read is read first', async () => {
    const { revision } = await put(memory, 'one');
    const second = await put(guarded(), 'two', revision);
    expect(kept()).toEqual([['put', 'one', second.revision]]);
  });

  it('a lost race keeps nothing', async () => {
    const { revision } = await put(memory, 'one');
    const storage = guarded();
    await storage.range({ key: KEY });
    await put(memory, 'other');
    expect((await put(storage, 'two', revision)).succeeded).toBe(false);
    expect(kept()).toEqual([]);
  });

  it('a blind write that is overtaken keeps what it really replaced', async () => {
    await put(memory, 'one');
    const storage = guarded();
    memory.before = async (method) => {
      if (method !== 'txn') return;
      memory.before = undefined;
      await put(memory, 'overtaken');
    };
    const done = await put(storage, 'two');
    expect(kept()).toContainEqual(['put', 'overtaken', done.revision]);
  });

  it('a deletion of a range keeps every key of it', async () => {
    for (let index = 0; index < 600; index++) {
      await put(memory, `value ${index}`, undefined, Buffer.from(`/registry/configmaps/default/c${index}`));
    }
    const storage = guarded();
    const range = { key: Buffer.from('/registry/configmaps/'), rangeEnd: Buffer.from('/registry/configmaps0') };
    await storage.txn({ compares: [], success: [{ type: 'delete', ...range }] });
    expect(new Set(readJournal(folder).map(({ value }) => value.toString())).size).toBe(600);
  });

  it('a write whose outcome is unknown leaves the value, and says so', async () => {
    const { revision } = await put(memory, 'one');
    memory.before = (method) => {
      if (method === 'txn') throw new StorageError('OutcomeUnknown', 'lost');
    };
    await expect(put(guarded(), 'two', revision)).rejects.toThrow('lost');
    expect(kept()).toEqual([['put', 'one', undefined]]);
  });

  it('a write that failed keeps nothing', async () => {
    const { revision } = await put(memory, 'one');
    memory.before = (method) => {
      if (method === 'txn') throw new StorageError('NoSpace', 'full');
    };
    await expect(put(guarded(), 'two', revision)).rejects.toThrow('full');
    expect(kept()).toEqual([]);
  });
});

describe('the files', () => {
  it('are for the user alone', async () => {
    const { revision } = await put(memory, 'one');
    await put(guarded(), 'two', revision);
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of fs.readdirSync(folder)) {
      expect(fs.statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('are bounded: the oldest go', async () => {
    const storage = guarded({ file: 1000, all: 5000 });
    for (let index = 0; index < 100; index++) await put(storage, `${index} ${'x'.repeat(200)}`);
    const bytes = fs.readdirSync(folder).reduce((sum, name) => sum + fs.statSync(path.join(folder, name)).size, 0);
    expect(bytes).toBeGreaterThan(2000);
    expect(bytes).toBeLessThan(6500);
    expect(warnings[0]).toMatch(
      /^old values of the last day were dropped, and etcd undo will not bring them back: 20231114T221320Z-\w+[.]undo[.]jsonl /,
    );
  });

  it('that are dropped in their time are not told of', async () => {
    const { revision } = await put(memory, 'one');
    fs.mkdirSync(folder, { recursive: true });
    const old = path.join(folder, '20231101T000000Z-abcdef.undo.jsonl');
    fs.writeFileSync(old, 'x'.repeat(6000));
    await put(guarded({ file: 1000, all: 5000 }), 'two', revision);
    expect(fs.existsSync(old)).toBe(false);
    expect(warnings).toEqual([]);
    expect(kept()).toHaveLength(1);
  });

  it('are on the disk before the write is sent, in one turn for those who wait together', async () => {
    const steps: string[] = [];
    const open = fs.promises.open.bind(fs.promises);
    const spy = vi.spyOn(fs.promises, 'open').mockImplementation(async (file, ...rest) => {
      const handle = await open(file, ...rest);
      const sync = handle.sync.bind(handle);
      handle.sync = async () => {
        await sync();
        if (String(file).endsWith('.jsonl')) steps.push('synced');
      };
      return handle;
    });
    try {
      const keys = Array.from({ length: 20 }, (_, index) => Buffer.from(`/registry/configmaps/default/c${index}`));
      const put1 = await Promise.all(keys.map((key) => put(memory, 'one', undefined, key)));
      const storage = guarded();
      for (const key of keys) await storage.range({ key });
      memory.before = async (method) => void (method === 'txn' && steps.push('written'));
      await Promise.all(keys.map((key, index) => put(storage, 'two', put1[index]?.revision, key)));
      expect(steps[0]).toBe('synced');
      expect(steps.filter((step) => step === 'written')).toHaveLength(20);
      expect(steps.filter((step) => step === 'synced').length).toBeLessThan(10);
      expect(kept()).toHaveLength(20);
    } finally {
      spy.mockRestore();
    }
  });

  it('that cannot be written are told of once, and the write is made', async () => {
    fs.writeFileSync(folder, 'a file in the place of the folder');
    const storage = guarded();
    await put(memory, 'one');
    await put(storage, 'two');
    await put(storage, 'three');
    expect(warnings).toEqual([expect.stringMatching(/^old values cannot be kept, so that etcd undo/)]);
    expect((await memory.range({ key: KEY })).kvs[0]?.value.toString()).toBe('three');
  });

  it('that were cut short are read as far as they go', async () => {
    const { revision } = await put(memory, 'one');
    await put(guarded(), 'two', revision);
    const [name = ''] = fs.readdirSync(folder);
    fs.appendFileSync(path.join(folder, name), '{"entry":2,"time":"x","ke');
    expect(kept()).toHaveLength(1);
  });
});
