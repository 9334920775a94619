import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openLocalStorage } from '../../../src/storage/local/open-local-storage.ts';
import type { KeyRange, KeyValue, Operation, Storage, StorageEvent } from '../../../src/storage/storage.ts';

type State = Map<string, KeyValue>;

/** The store as a list of states, one a revision: slow and plain, so that it is easily right. */
class Model {
  /** `states[revision]`; the first two are the empty store. */
  readonly states: State[] = [new Map(), new Map()];
  compacted = 0;

  get revision(): number {
    return this.states.length - 1;
  }

  at(revision: number): State {
    return this.states[revision] ?? new Map();
  }

  list(range: KeyRange, state: State): KeyValue[] {
    return [...state.values()]
      .filter((kv) => within(range, kv.key))
      .sort((one, other) => Buffer.compare(one.key, other.key));
  }

  /** Applies operations in order and gives the keys that they changed. */
  write(operations: readonly Operation[]): void {
    const state = new Map(this.at(this.revision));
    const revision = this.revision + 1;
    let changed = false;
    for (const operation of operations) {
      if (operation.type === 'put') {
        const key = Buffer.from(operation.key);
        const old = state.get(key.toString('latin1'));
        state.set(key.toString('latin1'), {
          key,
          value: Buffer.from(operation.value),
          createRevision: old?.createRevision ?? revision,
          modRevision: revision,
          version: (old?.version ?? 0) + 1,
          lease: 0n,
        });
        changed = true;
      } else if (operation.type === 'delete') {
        for (const kv of this.list(operation, state)) {
          state.delete(kv.key.toString('latin1'));
          changed = true;
        }
      }
    }
    if (changed) this.states.push(state);
  }

  /** What a watch of everything must deliver from a revision on, each change as one line, sorted within a revision. */
  events(from: number): string[] {
    const lines: string[] = [];
    for (let revision = from; revision <= this.revision; revision++) {
      const [before, after] = [this.at(revision - 1), this.at(revision)];
      const changes: string[] = [];
      for (const [name, kv] of after) {
        if (kv.modRevision !== revision) continue;
        changes.push(`${revision} put ${name} ${kv.value.toString('base64')} ${kv.version}`);
      }
      for (const name of before.keys()) if (!after.has(name)) changes.push(`${revision} delete ${name}`);
      lines.push(...changes.sort());
    }
    return lines;
  }
}

function within(range: KeyRange, key: Buffer): boolean {
  const end = range.rangeEnd;
  if (end === undefined || end.length === 0) return key.equals(range.key);
  if (Buffer.compare(key, range.key) < 0) return false;
  return (end.length === 1 && end[0] === 0) || Buffer.compare(key, end) < 0;
}

function eventLine(event: StorageEvent): string {
  const { kv, type } = event;
  const rest = type === 'put' ? ` ${kv.value.toString('base64')} ${kv.version}` : '';
  return `${kv.modRevision} ${type} ${kv.key.toString('latin1')}${rest}`;
}

// Few keys, some of them beginnings of others and some not UTF-8, so that operations meet.
const keyBytes = fc.constantFrom(
  ...[[0x61], [0x61, 0], [0x61, 0x62], [0x62], [0x62, 0xff], [0xff], [0xff, 0xfe], [0], [0xc3, 0x28]].map((bytes) =>
    Buffer.from(bytes),
  ),
);
const range: fc.Arbitrary<KeyRange> = fc.oneof(
  keyBytes.map((key) => ({ key })),
  fc.tuple(keyBytes, keyBytes).map(([key, rangeEnd]) => ({ key, rangeEnd })),
  keyBytes.map((key) => ({ key, rangeEnd: Buffer.of(0) })),
);
const value = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.constantFrom(new Uint8Array(), new Uint8Array(5000).fill(7)),
);
const put: fc.Arbitrary<Operation> = fc.record({ type: fc.constant('put' as const), key: keyBytes, value });
const remove: fc.Arbitrary<Operation> = range.map((each) => ({ type: 'delete' as const, ...each }));

type Step =
  | { kind: 'write'; operations: Operation[]; guard?: { key: Buffer; fits: boolean } }
  | { kind: 'read'; range: KeyRange; back: number; limit: number; keysOnly: boolean; countOnly: boolean }
  | { kind: 'compact'; back: number }
  | { kind: 'reopen' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('write' as const), operations: fc.oneof(put, remove).map((op) => [op]) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      // Several puts of different keys: a key twice is refused, which the contract suite covers.
      operations: fc.uniqueArray(put, {
        minLength: 1,
        maxLength: 5,
        selector: (op) => Buffer.from(op.type === 'put' ? op.key : []).toString('latin1'),
      }),
      guard: fc.record({ key: keyBytes, fits: fc.boolean() }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      range,
      back: fc.nat({ max: 12 }),
      limit: fc.nat({ max: 4 }),
      keysOnly: fc.boolean(),
      countOnly: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact' as const), back: fc.nat({ max: 6 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
);

async function runStep(storage: Storage, model: Model, action: Exclude<Step, { kind: 'reopen' }>): Promise<void> {
  if (action.kind === 'write') {
    const { guard } = action;
    const mod =
      guard === undefined ? 0 : (model.at(model.revision).get(guard.key.toString('latin1'))?.modRevision ?? 0);
    const result = await storage.txn({
      compares:
        guard === undefined
          ? []
          : [{ key: guard.key, target: 'mod', result: '=', operand: guard.fits ? mod : mod + 1 }],
      success: action.operations,
    });
    expect(result.succeeded).toBe(guard?.fits ?? true);
    if (result.succeeded) model.write(action.operations);
    expect(result.revision).toBe(model.revision);
  } else if (action.kind === 'read') {
    const revision = Math.max(1, model.revision - action.back);
    const request = {
      ...action.range,
      revision,
      limit: action.limit,
      keysOnly: action.keysOnly,
      countOnly: action.countOnly,
    };
    if (revision < model.compacted) {
      await expect(storage.range(request)).rejects.toMatchObject({
        code: 'Compacted',
        compactRevision: model.compacted,
      });
      return;
    }
    const all = model.list(action.range, model.at(revision));
    const some = action.limit > 0 ? all.slice(0, action.limit) : all;
    expect(await storage.range(request)).toEqual({
      revision: model.revision,
      count: all.length,
      more: !action.countOnly && some.length < all.length,
      kvs: action.countOnly ? [] : some.map((kv) => (action.keysOnly ? { ...kv, value: Buffer.alloc(0) } : kv)),
    });
  } else {
    const revision = model.revision - action.back;
    if (revision <= model.compacted) return;
    await storage.compact(revision);
    model.compacted = revision;
  }
}

/** Every state that is still readable, and the whole history that a watch still gives. */
async function checkHistory(storage: Storage, model: Model): Promise<void> {
  const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };
  for (let revision = Math.max(1, model.compacted); revision <= model.revision; revision++) {
    const { kvs } = await storage.range({ ...everything, revision });
    expect(kvs).toEqual(model.list(everything, model.at(revision)));
  }
  const from = Math.max(2, model.compacted + 1);
  const expected = model.events(from);
  const seen: StorageEvent[] = [];
  if (expected.length === 0) return;
  for await (const batch of storage.watch({ ...everything, startRevision: from, prevKv: true })) {
    seen.push(...batch.events);
    if (seen.length >= expected.length) break;
  }
  for (const { kv, prevKv } of seen) {
    expect(prevKv).toEqual(model.at(kv.modRevision - 1).get(kv.key.toString('latin1')));
  }
  expect(seen.map(eventLine).sort(byRevision)).toEqual(expected);
  expect(seen.map((event) => event.kv.modRevision)).toEqual(
    seen.map((event) => event.kv.modRevision).sort((a, b) => a - b),
  );
}

function byRevision(one: string, other: string): number {
  const difference = Number.parseInt(one, 10) - Number.parseInt(other, 10);
  if (difference !== 0) return difference;
  return one < other ? -1 : 1;
}

describe('the local store beside a plain model', () => {
  it('gives the same answers to any sequence of operations, now and for every old revision', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const folder = await mkdtemp(join(tmpdir(), 'kube-lite-model-'));
        let storage = await openLocalStorage(folder);
        try {
          const model = new Model();
          for (const action of steps) {
            if (action.kind === 'reopen') {
              await storage.close();
              storage = await openLocalStorage(folder);
            } else {
              await runStep(storage, model, action);
            }
          }
          await checkHistory(storage, model);
        } finally {
          await storage.close();
          await rm(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: 60 },
    );
  });
});
