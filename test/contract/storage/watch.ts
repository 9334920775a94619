import { describe, expect, it } from 'vitest';
import type { StorageEvent, WatchBatch } from '../../../src/storage/storage.ts';
import { eventLine, expectStorageError, withTimeout, write, type StorageSubject } from './subject.ts';

function describeDelivery(subject: StorageSubject): void {
  it('first says at which revision it was made, then delivers what changes', async () => {
    const space = subject.space();
    const before = await space.put('old', '1');
    const watch = space.watch();
    expect(await watch.created()).toBe(before);
    const put = await space.put('a', '1');
    const event = (await watch.events(1))[0];
    expect(event).toEqual({
      type: 'put',
      kv: {
        key: space.key('a'),
        value: Buffer.from('1'),
        createRevision: put,
        modRevision: put,
        version: 1,
        lease: 0n,
      },
    });
    expect(Buffer.isBuffer(event?.kv.key)).toBe(true);
    const again = await space.put('a', '2');
    expect((await watch.events(1))[0]?.kv).toMatchObject({ createRevision: put, modRevision: again, version: 2 });
    await watch.end();
  });

  it('delivers a delete with its key and revision alone', async () => {
    const space = subject.space();
    await space.put('a', '1');
    const watch = space.watch();
    await watch.created();
    const deleted = await space.delete('a');
    expect(await watch.events(1)).toEqual([
      {
        type: 'delete',
        kv: {
          key: space.key('a'),
          value: Buffer.alloc(0),
          createRevision: 0,
          modRevision: deleted,
          version: 0,
          lease: 0n,
        },
      },
    ]);
    await watch.end();
  });

  it('delivers all changes of a revision in one batch, in the order of the operations', async () => {
    const space = subject.space();
    await write(space.storage, space.putOp('x1', '1'), space.putOp('x2', '1'));
    const watch = space.watch();
    await watch.created();
    const revision = await write(
      space.storage,
      space.putOp('c', '1'),
      space.putOp('a', '1'),
      { type: 'delete', key: space.key('x'), rangeEnd: space.key('y') },
      space.putOp('b', '1'),
    );
    const batch = await watch.next();
    expect(batch?.revision).toBe(revision);
    expect(batch?.events.map((event) => eventLine(space, event))).toEqual(
      ['put c=1', 'put a=1', 'delete x1', 'delete x2', 'put b=1'].map((text) => `${text}@${revision}`),
    );
    await watch.end();
  });

  it('delivers one key when one is asked for, and a range when a range is', async () => {
    const space = subject.space();
    const one = space.watch({ key: space.key('b'), rangeEnd: Buffer.alloc(0) });
    const range = space.watch({ key: space.key('b'), rangeEnd: space.key('d') });
    const from = space.watch({ key: space.key('c'), rangeEnd: Buffer.from([0]) });
    for (const watch of [one, range, from]) await watch.created();
    for (const name of ['a', 'b', 'ba', 'c', 'd', 'e']) await space.put(name, '1');
    const names = (events: readonly StorageEvent[]): string[] => events.map((event) => space.name(event.kv.key));
    expect(names(await range.events(3))).toEqual(['b', 'ba', 'c']);
    expect(names(await from.events(3))).toEqual(['c', 'd', 'e']);
    await space.put('b', '2');
    expect(names(await one.events(2))).toEqual(['b', 'b']);
    for (const watch of [one, range, from]) watch.abort();
  });

  it('delivers the value before each change when asked', async () => {
    const space = subject.space();
    const created = await space.put('a', '1');
    const watch = space.watch({ prevKv: true });
    await watch.created();
    await space.put('a', '2');
    await space.put('b', '1');
    await space.delete('a');
    await space.put('a', '3');
    const events = await watch.events(4);
    expect(events.map((event) => event.prevKv?.value.toString())).toEqual(['1', undefined, '2', undefined]);
    expect(events[0]?.prevKv).toEqual({
      key: space.key('a'),
      value: Buffer.from('1'),
      createRevision: created,
      modRevision: created,
      version: 1,
      lease: 0n,
    });
    expect(events[2]?.prevKv).toMatchObject({ createRevision: created, version: 2 });
    await watch.end();
  });
}

function describeHistory(subject: StorageSubject): void {
  it('begins with past revisions when asked, and goes on with new ones', async () => {
    const space = subject.space();
    const first = await space.put('a', '1');
    await space.put('b', '1');
    await space.delete('a');
    await space.put('a', '2');
    const expected = ['put a=1@0', 'put b=1@1', 'delete a@2', 'put a=2@3', 'put c=1@4'];
    const line = (event: StorageEvent): string =>
      eventLine(space, { ...event, kv: { ...event.kv, modRevision: event.kv.modRevision - first } });
    for (const skip of [0, 1, 3]) {
      const watch = space.watch({ startRevision: first + skip, prevKv: true });
      expect(await watch.created()).toBeGreaterThanOrEqual(first + 3);
      if (skip === 0) await space.put('c', '1');
      const events = await watch.events(expected.length - skip);
      expect(events.map(line)).toEqual(expected.slice(skip));
      if (skip === 0) expect(events[2]?.prevKv?.value.toString()).toBe('1');
      await watch.end();
    }
  });

  it('replays several operations of a past revision in one batch', async () => {
    const space = subject.space();
    const first = await write(space.storage, space.putOp('a', '1'), space.putOp('b', '1'));
    await write(space.storage, { type: 'delete', ...space.all });
    const watch = space.watch({ startRevision: first, prevKv: true });
    await watch.created();
    const batches: WatchBatch[] = [];
    while (batches.flatMap((batch) => batch.events).length < 4) {
      const batch = await watch.next();
      if (batch !== undefined) batches.push(batch);
    }
    const of = (revision: number) =>
      batches.filter((batch) => batch.events.some((event) => event.kv.modRevision === revision));
    expect(of(first)).toHaveLength(1);
    expect(of(first + 1)).toHaveLength(1);
    expect(batches.flatMap((batch) => batch.events).map((event) => event.prevKv?.value.toString())).toEqual([
      undefined,
      undefined,
      '1',
      '1',
    ]);
    await watch.end();
  });

  it('replays thousands of revisions without losing or repeating one', async () => {
    const space = subject.space();
    const count = 2500;
    const first = await space.put('k', 'first');
    const queue = Array.from({ length: count }, (_, index) => index);
    const worker = async (): Promise<void> => {
      for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
        await space.put(`k${index % 50}`, `${index}`);
      }
    };
    await Promise.all(Array.from({ length: 32 }, worker));
    const watch = space.watch({ startRevision: first + 1 });
    await watch.created();
    const events = await watch.events(count, 30_000);
    expect(events.map((event) => event.kv.modRevision)).toEqual(Array.from({ length: count }, (_, i) => first + 1 + i));
    expect(new Set(events.map((event) => event.kv.value.toString())).size).toBe(count);
    await watch.end();
  });

  it('waits for a start revision that is still to come', async () => {
    const space = subject.space();
    const now = await space.put('a', '0');
    const watch = space.watch({ startRevision: now + 3 });
    await watch.created();
    for (const value of ['1', '2', '3', '4']) await space.put('a', value);
    expect((await watch.events(2)).map((event) => event.kv.value.toString())).toEqual(['3', '4']);
    await watch.end();
  });

  it('throws Compacted with the compact revision for a start that is forgotten', async () => {
    const space = subject.space();
    const first = await space.put('a', '1');
    await space.put('a', '2');
    const third = await space.put('a', '3');
    await space.storage.compact(third);
    const watch = space.watch({ startRevision: first });
    const read = async (): Promise<void> => {
      for (;;) if ((await watch.next()) === undefined) return;
    };
    const error = await expectStorageError(read(), 'Compacted');
    expect(error.compactRevision).toBe(third);
    const allowed = space.watch({ startRevision: third });
    await allowed.created();
    expect((await allowed.events(1))[0]?.kv.value.toString()).toBe('3');
    await allowed.end();
  });
}

function describeEnds(subject: StorageSubject): void {
  it('ends without error when its signal aborts', async () => {
    const space = subject.space();
    const watch = space.watch();
    await watch.created();
    const waiting = watch.next();
    watch.abort();
    expect(await waiting).toBeUndefined();
    expect(await watch.next()).toBeUndefined();
  });

  it('ends without error when its signal was aborted before it began', async () => {
    const space = subject.space();
    const watch = space.watch();
    watch.abort();
    let batch = await watch.next();
    if (batch !== undefined) batch = await watch.next();
    expect(batch).toBeUndefined();
  });

  it('stops when its reader leaves the loop', async () => {
    const space = subject.space();
    const iterate = async (): Promise<number> => {
      for await (const batch of space.storage.watch(space.all)) return batch.revision;
      return 0;
    };
    expect(await withTimeout(iterate(), 5000, 'the loop did not end')).toBeGreaterThan(0);
    await space.put('a', '1');
  });

  it('keeps what happens while nobody reads', async () => {
    const space = subject.space();
    const watch = space.watch();
    await watch.created();
    for (let index = 0; index < 50; index++) await space.put('a', `${index}`);
    expect((await watch.events(50)).map((event) => event.kv.value.toString())).toEqual(
      Array.from({ length: 50 }, (_, index) => `${index}`),
    );
    await watch.end();
  });

  it('moves its revision on while nothing in its range changes', async () => {
    const space = subject.space();
    const other = subject.space();
    const watch = space.watch({ progress: true });
    const created = await watch.created();
    const revision = await other.put('a', '1');
    expect(revision).toBeGreaterThan(created);
    let reached = 0;
    while (reached < revision) {
      const batch = await watch.next(15_000);
      expect(batch?.events).toEqual([]);
      reached = batch?.revision ?? Infinity;
    }
    expect(reached).toBe(revision);
    const next = await space.put('b', '1');
    expect((await watch.events(1))[0]?.kv.modRevision).toBe(next);
    watch.abort();
  });

  it('hears within a second what another storage on the same data writes, and the other way round', async () => {
    const space = subject.space();
    const second = await subject.second();
    try {
      const here = space.watch();
      const there = space.watch({}, second);
      await here.created();
      await there.created();
      for (const [index, storage] of [space.storage, second, second, space.storage].entries()) {
        const revision = await write(storage, space.putOp('a', `${index}`));
        const both = await Promise.all([here.events(1, 1000), there.events(1, 1000)]);
        expect(both.map((events) => events[0]?.kv.modRevision)).toEqual([revision, revision]);
        expect((await second.range({ key: space.key('a') })).kvs[0]?.value.toString()).toBe(`${index}`);
        expect((await space.get('a'))?.modRevision).toBe(revision);
      }
      await here.end();
      await there.end();
    } finally {
      await second.close();
    }
  });

  it('ends when its storage closes, which may be closed twice', async () => {
    const space = subject.space();
    const second = await subject.second();
    const watch = space.watch({}, second);
    await watch.created();
    const waiting = watch.next();
    await second.close();
    expect(await waiting).toBeUndefined();
    await second.close();
    await space.put('a', '1');
    expect(await space.names()).toEqual(['a']);
  });
}

export function describeWatch(subject: StorageSubject): void {
  describe('watch', () => {
    describeDelivery(subject);
    describeHistory(subject);
    describeEnds(subject);
  });
}
