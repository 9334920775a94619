import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/commands/concurrency.ts';
import type { Context } from '../../src/commands/context.ts';
import { inOrder } from '../../src/commands/in-order.ts';
import type { Lane } from '../../src/commands/lane.ts';

interface Item {
  readonly id: number;
  readonly group: string;
  readonly object: string;
  readonly milliseconds: number;
  readonly fails: boolean;
}

function contextInto(lines: string[]): Context {
  const stream = (name: string) => ({
    write: (text: string | Uint8Array) => void lines.push(`${name} ${String(text)}`),
    isTerminal: false,
    columns: undefined,
  });
  const used: Partial<Context> = {
    programName: 'kubectl',
    commandPath: 'kubectl test',
    streams: {
      in: { readAll: async () => Buffer.alloc(0), readLine: async () => '', isTerminal: false },
      out: stream('out'),
      err: stream('err'),
    },
    env: {},
    homeFolder: '/nowhere',
    signal: new AbortController().signal,
    now: () => new Date(0),
    warn: (text) => void lines.push(`warn ${text}`),
    keyPrefix: '/registry',
  };
  // The rest of the world is not for these tests.
  return used as Context;
}

const laneOf = ({ group, object }: Item): Lane => ({ group, object: `${group}/${object}` });

const pause = async (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs items and tells what was written, and which ran when. */
async function run(items: readonly Item[], concurrency: number) {
  const lines: string[] = [];
  const running = new Set<Item>();
  const overlaps: [Item, Item][] = [];
  let most = 0;
  const started: number[] = [];
  await inOrder<Item, number>({
    items,
    concurrency,
    context: contextInto(lines),
    laneOf,
    async work(item, held) {
      started.push(item.id);
      for (const other of running) overlaps.push([other, item]);
      running.add(item);
      most = Math.max(most, running.size);
      held.streams.out.write(`start ${item.id}`);
      await pause(item.milliseconds);
      held.warn(`end ${item.id}`);
      running.delete(item);
      if (item.fails) throw new Error(`no ${item.id}`);
      return item.id;
    },
    settle(item, outcome) {
      lines.push('error' in outcome ? `failed ${item.id} ${String(outcome.error)}` : `done ${outcome.result}`);
    },
  });
  return { lines, overlaps, most, started };
}

const items = fc
  .array(
    fc.record({
      group: fc.constantFrom('a', 'a', 'a', 'b'),
      object: fc.constantFrom('x', 'y', 'z', 'v', 'w'),
      milliseconds: fc.nat(3),
      fails: fc.boolean(),
    }),
    { maxLength: 20 },
  )
  .map((all) => all.map((item, id) => ({ ...item, id })));

describe('inOrder', () => {
  it('writes at any concurrency what it writes one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(items, fc.constantFrom(0, 2, 7), async (all, concurrency) => {
        const [alone, together] = [await run(all, 1), await run(all, concurrency)];
        expect(together.lines).toEqual(alone.lines);
        expect(alone.overlaps).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('never works on different groups or on one object at once, and on no more than it may', async () => {
    await fc.assert(
      fc.asyncProperty(items, fc.integer({ min: 1, max: 6 }), async (all, concurrency) => {
        const { overlaps, most } = await run(all, concurrency);
        expect(most).toBeLessThanOrEqual(concurrency);
        for (const [first, second] of overlaps) {
          expect(first.group).toBe(second.group);
          expect(first.object).not.toBe(second.object);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('does work on many at once where that is safe', async () => {
    const all = Array.from({ length: 64 }, (_, id) => ({
      id,
      group: 'a',
      object: String(id),
      milliseconds: 2,
      fails: false,
    }));
    expect((await run(all, 8)).most).toBe(8);
    expect((await run(all, 0)).most).toBeGreaterThan(8);
  });

  it('looks at what follows only when an item that decides about it is done', async () => {
    const events: string[] = [];
    const source = async function* (): AsyncGenerator<number> {
      for (const id of [0, 1, 2]) {
        events.push(`read ${id}`);
        yield id;
      }
    };
    await inOrder<number, void>({
      items: source(),
      concurrency: 4,
      context: contextInto([]),
      laneOf: (id) => ({ group: '', object: String(id), decides: id === 1 }),
      async work(id) {
        await pause(2);
        events.push(`did ${id}`);
      },
      settle: () => undefined,
    });
    expect(events.slice(0, 2)).toEqual(['read 0', 'read 1']);
    expect(events.indexOf('read 2')).toBeGreaterThan(events.indexOf('did 1'));
  });

  it('starts nothing after an error that ends all, and tells what was done meanwhile', async () => {
    const told: number[] = [];
    const started: number[] = [];
    const all = inOrder<number, number>({
      items: Array.from({ length: 100 }, (_, id) => id),
      concurrency: 4,
      context: contextInto([]),
      laneOf: () => undefined,
      async work(id) {
        started.push(id);
        await pause(id === 3 ? 10 : 1);
        if (id === 3 || id === 5) throw new Error(`cut at ${id}`);
        return id;
      },
      settle(id, outcome) {
        if ('error' in outcome) throw outcome.error;
        told.push(id);
      },
    });
    await expect(all).rejects.toThrow('cut at 3');
    expect(told).toEqual(started.filter((id) => id !== 3 && id !== 5));
    expect(started.length).toBeLessThan(10);
  });

  it('settles what came before an error in reading the items', async () => {
    const told: number[] = [];
    const source = async function* (): AsyncGenerator<number> {
      yield* [0, 1];
      await pause(0);
      throw new Error('unreadable');
    };
    const all = inOrder<number, number>({
      items: source(),
      concurrency: 4,
      context: contextInto([]),
      laneOf: () => undefined,
      work: async (id) => pause(5).then(() => id),
      settle: (id) => void told.push(id),
    });
    await expect(all).rejects.toThrow('unreadable');
    expect(told).toEqual([0, 1]);
  });
});

describe('Pace', () => {
  it('begins with a few and doubles up to the most', () => {
    const pace = new Pace(0);
    const seen = [pace.limit];
    for (let count = 0; count < 200; count++) {
      pace.finished();
      if (seen.at(-1) !== pace.limit) seen.push(pace.limit);
    }
    expect(seen).toEqual([4, 8, 16, 32]);
  });

  it('goes up to the most that it is told of', () => {
    const pace = new Pace(0, 256);
    for (let count = 0; count < 2000; count++) pace.finished(1);
    expect(pace.limit).toBe(256);
  });

  it('halves when tasks have become slow, once for those that were under way, and grows again', () => {
    const pace = new Pace(0);
    for (let count = 0; count < 200; count++) pace.finished(100);
    for (let count = 0; count < 32; count++) pace.finished(2000);
    expect(pace.limit).toBe(16);
    for (let count = 0; count < 16; count++) pace.finished(2000);
    expect(pace.limit).toBe(8);
    for (let count = 0; count < 200; count++) pace.finished(150);
    expect(pace.limit).toBe(32);
  });

  it('takes for no slowness what was as slow from the beginning', () => {
    const pace = new Pace(0);
    for (let count = 0; count < 200; count++) pace.finished(3000);
    expect(pace.limit).toBe(32);
  });

  it('keeps to a number that was given', () => {
    const pace = new Pace(3);
    for (let count = 0; count < 50; count++) pace.finished();
    expect(pace.limit).toBe(3);
  });
});
