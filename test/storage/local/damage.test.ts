import { cp, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalStorage } from '../../../src/storage/local/open-local-storage.ts';
import { loadEngine } from '../../../src/storage/local/sqlite.ts';
import { StorageError } from '../../../src/storage/storage-error.ts';
import type { Storage, StorageEvent } from '../../../src/storage/storage.ts';

const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };
const KEYS = 120;

/** A generator of numbers below 1 that gives the same ones in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const keyOf = (index: number): Buffer =>
  Buffer.from(`/registry/configmaps/default/object-${String(index).padStart(4, '0')}`);
const valueOf = (index: number, version: number): Buffer => Buffer.from(`${index}:${version}:`.padEnd(700, 'abcdefg'));

/** Everything that can be asked of the store, each answer as text. */
const questions: { name: string; ask: (storage: Storage) => Promise<string> }[] = [
  { name: 'list', ask: async (storage) => listText(storage, {}) },
  { name: 'list at an old revision', ask: async (storage) => listText(storage, { revision: KEYS + 1 }) },
  { name: 'keys', ask: async (storage) => listText(storage, { keysOnly: true }) },
  {
    name: 'part of the list',
    ask: async (storage) => listText(storage, { key: keyOf(30), rangeEnd: keyOf(90) }),
  },
  ...Array.from({ length: KEYS }, (_, index) => ({
    name: `get ${index}`,
    ask: async (storage: Storage) => listText(storage, { key: keyOf(index), rangeEnd: Buffer.alloc(0) }),
  })),
  { name: 'history', ask: historyText },
  { name: 'create what exists', ask: createText },
];

async function listText(storage: Storage, request: object): Promise<string> {
  const { kvs, revision } = await storage.range({ ...everything, ...request });
  return `${revision} ${kvs.map((kv) => `${kv.key.toString()}@${kv.createRevision},${kv.modRevision},${kv.version}=${kv.value.toString('base64')}`).join('\n')}`;
}

async function historyText(storage: Storage): Promise<string> {
  const events: StorageEvent[] = [];
  const { revision } = await storage.status();
  for await (const batch of storage.watch({ ...everything, startRevision: 2, prevKv: true })) {
    events.push(...batch.events);
    if (events.at(-1)?.kv.modRevision === revision) break;
  }
  return events
    .map((event) => `${event.type} ${event.kv.key.toString()} ${event.kv.value.toString()} ${event.prevKv?.version}`)
    .join('\n');
}

/** Which keys a creation would overwrite: none, as long as the store knows what it holds. */
async function createText(storage: Storage): Promise<string> {
  const created: number[] = [];
  for (let index = 1; index < KEYS; index += 3) {
    const { succeeded } = await storage.txn({
      compares: [{ key: keyOf(index), target: 'version', result: '=', operand: 0 }],
      success: [{ type: 'put', key: keyOf(index), value: Buffer.from('created anew') }],
    });
    if (succeeded) created.push(index);
  }
  return created.join(' ');
}

describe('a damaged store', () => {
  let root: string;
  const truth = new Map<string, string>();
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'kube-lite-damage-'));
    const storage = await openLocalStorage(join(root, 'live'));
    const write = async (index: number, version: number): Promise<unknown> =>
      storage.txn({ compares: [], success: [{ type: 'put', key: keyOf(index), value: valueOf(index, version) }] });
    for (let index = 0; index < KEYS; index++) await write(index, 1);
    await storage.close();
    const db = (await loadEngine()).open(join(root, 'live', 'kl.db'), { timeout: 1000 });
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    // The first half of the history is in the database now, the rest goes to the write-ahead log.
    const again = await openLocalStorage(join(root, 'live'));
    for (let index = 0; index < KEYS; index += 2) {
      await again.txn({
        compares: [],
        success: [{ type: 'put', key: keyOf(index), value: valueOf(index, 2) }],
      });
    }
    for (let index = 0; index < KEYS; index += 12) {
      await again.txn({ compares: [], success: [{ type: 'delete', key: keyOf(index) }] });
    }
    await mkdir(join(root, 'whole'));
    for (const name of ['kl.db', 'kl.db-wal', 'kl.hwm']) await cp(join(root, 'live', name), join(root, 'whole', name));
    for (const { name, ask } of questions) truth.set(name, await ask(again));
    expect(truth.get('create what exists')).toBe('');
    await again.close();
  });
  afterAll(async () => rm(root, { recursive: true, force: true }));

  /** Copies the store, damages the copy, and tells which answers were wrong and what the errors were. */
  async function examine(damage: (folder: string) => Promise<void>): Promise<{ wrong: string[]; codes: Set<string> }> {
    const folder = await mkdtemp(join(root, 'copy-'));
    await cp(join(root, 'whole'), folder, { recursive: true });
    await damage(folder);
    const wrong: string[] = [];
    const codes = new Set<string>();
    const note = (error: unknown): void => {
      if (!(error instanceof StorageError)) throw error;
      codes.add(error.code);
      if (error.code === 'Corrupt') expect(error.hint).toContain(folder);
    };
    const storage = await openLocalStorage(folder).catch(note);
    if (storage !== undefined) {
      for (const { name, ask } of questions) {
        const answer = await ask(storage).catch(note);
        if (answer !== undefined && answer !== truth.get(name)) wrong.push(name);
      }
      await storage.close().catch(() => undefined);
    }
    await rm(folder, { recursive: true, force: true });
    return { wrong, codes };
  }

  it('answers as before when it is whole', async () => {
    expect(await examine(async () => undefined)).toEqual({ wrong: [], codes: new Set() });
  });

  it('never answers wrongly after bits were flipped, pages overwritten or ends cut off', async () => {
    const random = randomNumbers(20);
    const silent: string[] = [];
    let noticed = 0;
    for (let run = 0; run < 120; run++) {
      const file = run % 3 === 0 ? 'kl.db-wal' : 'kl.db';
      const kind = ['flip', 'flip', 'flip', 'garbage', 'zero', 'cut'][run % 6] ?? 'flip';
      const size = (await stat(join(root, 'whole', file))).size;
      const place = Math.floor(random() * size);
      const { wrong, codes } = await examine(async (folder) => {
        const path = join(folder, file);
        if (kind === 'cut') return truncate(path, place);
        const bytes = await readFile(path);
        const page = place - (place % 4096);
        if (kind === 'flip') bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8));
        else bytes.fill(kind === 'zero' ? 0 : 0xa5, page, Math.min(size, page + 4096));
        return writeFile(path, bytes);
      });
      if (wrong.length > 0) silent.push(`${run}: ${kind} at ${place} of ${file}: ${wrong.join(', ')}`);
      for (const code of codes) expect(code).toBe('Corrupt');
      if (codes.size > 0) noticed += 1;
    }
    expect(silent).toEqual([]);
    expect(noticed).toBeGreaterThan(60);
  });

  it.each([
    ['a write-ahead log that is gone', async (folder: string) => rm(join(folder, 'kl.db-wal'))],
    ['a write-ahead log that is cut', async (folder: string) => truncate(join(folder, 'kl.db-wal'), 40_000)],
    ['a database that is gone', async (folder: string) => rm(join(folder, 'kl.db'))],
    [
      'a database that is empty',
      async (folder: string) => {
        await truncate(join(folder, 'kl.db'), 0);
        await rm(join(folder, 'kl.db-wal'));
      },
    ],
    [
      'something else in place of the database',
      async (folder: string) => {
        await writeFile(join(folder, 'kl.db'), 'hello '.repeat(1000));
        await rm(join(folder, 'kl.db-wal'));
      },
    ],
  ])('refuses %s', async (_, damage) => {
    const { wrong, codes } = await examine(damage);
    expect(wrong).toEqual([]);
    expect(codes).toEqual(new Set(['Corrupt']));
  });

  it('does without the high-water mark', async () => {
    expect(await examine(async (folder) => rm(join(folder, 'kl.hwm')))).toEqual({ wrong: [], codes: new Set() });
    expect(await examine(async (folder) => writeFile(join(folder, 'kl.hwm'), 'not a mark at all'))).toEqual({
      wrong: [],
      codes: new Set(),
    });
  });
});
