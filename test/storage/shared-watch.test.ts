import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/model/kube-object.ts';
import type { StoredCollection } from '../../src/storage/list-objects.ts';
import { SharedWatch } from '../../src/storage/shared-watch.ts';
import type { KeyValue } from '../../src/storage/storage.ts';
import { watchObjects, type WatchObjectsOptions } from '../../src/storage/watch-objects.ts';
import { MemoryStorage } from './memory-storage.ts';

const ROOT = '/registry/pods/';

class Shop {
  readonly storage = new MemoryStorage();
  decoded = 0;
  readonly all = this.collection('');
  readonly shared: SharedWatch;

  constructor(limits?: { changes: number; bytes: number }) {
    this.shared = new SharedWatch(this.all, limits);
  }

  collection(namespace: string): StoredCollection {
    const prefix = Buffer.from(`${ROOT}${namespace === '' ? '' : `${namespace}/`}`);
    const decode = ({ key, value, modRevision }: KeyValue): KubeObject => {
      this.decoded++;
      const [, , , space = '', name = ''] = key.toString().split('/');
      const metadata = {
        name,
        namespace: space,
        labels: { team: value.toString() },
        resourceVersion: `${modRevision}`,
      };
      return { apiVersion: 'v1', kind: 'Pod', metadata };
    };
    return { storage: this.storage, prefix, resource: { group: '', resource: 'pods' }, decode };
  }

  async put(name: string, value: string): Promise<number> {
    const key = Buffer.from(ROOT + name);
    return (await this.storage.txn({ compares: [], success: [{ type: 'put', key, value: Buffer.from(value) }] }))
      .revision;
  }

  async remove(name: string): Promise<number> {
    return (await this.storage.txn({ compares: [], success: [{ type: 'delete', key: Buffer.from(ROOT + name) }] }))
      .revision;
  }

  /** Follows until it is stopped; what it was told, as text. */
  follow(namespace: string, options: WatchObjectsOptions, alone = false): Follower {
    const abort = new AbortController();
    const told: string[] = [];
    const objects: KubeObject[] = [];
    const done = (async () => {
      for await (const event of watchObjects(
        { ...this.collection(namespace), shared: alone ? undefined : this.shared },
        { ...options, signal: abort.signal },
      )) {
        if (event.type === 'BOOKMARK') continue;
        objects.push(event.object);
        told.push(
          `${event.type} ${event.object.metadata.name} ${event.object.metadata.labels?.['team']} ${event.revision}`,
        );
      }
    })();
    return { told, objects, done, stop: () => abort.abort() };
  }

  watches(): number {
    return this.storage.calls.filter((call) => call === 'watch').length;
  }
}

interface Follower {
  readonly told: string[];
  readonly objects: KubeObject[];
  readonly done: Promise<void>;
  stop(): void;
}

const team = (wanted: string) => (object: KubeObject) => object.metadata.labels?.['team'] === wanted;

describe('a shared watch', () => {
  it('reads and decodes each change once, for whoever it concerns', async () => {
    const shop = new Shop();
    const now = await shop.put('default/first', 'a');
    const everywhere = Array.from({ length: 50 }, () => shop.follow('', { afterRevision: now }));
    const elsewhere = shop.follow('other', { afterRevision: now });
    const one = shop.follow('default', { afterRevision: now, name: 'second' });
    await shop.put('default/second', 'a');
    await shop.put('default/third', 'a');
    await expect.poll(() => everywhere.every(({ told }) => told.length === 2)).toBe(true);
    expect(new Set(everywhere.map(({ objects }) => objects[0])).size).toBe(1);
    expect([elsewhere.told.length, one.told, shop.decoded, shop.watches()]).toEqual([
      0,
      [`ADDED second a ${now + 1}`],
      2,
      1,
    ]);
    for (const each of [...everywhere, elsewhere, one]) each.stop();
    await Promise.all([...everywhere, elsewhere, one].map(({ done }) => done));
  });

  it('lets each see objects come and go through its own selector', async () => {
    const shop = new Shop();
    const now = await shop.put('default/x', 'a');
    const [a, b, all] = [team('a'), team('b'), undefined].map((filter) =>
      shop.follow('', { afterRevision: now, ...(filter === undefined ? {} : { filter }) }),
    ) as [Follower, Follower, Follower];
    const changed = await shop.put('default/x', 'b');
    const removed = await shop.remove('default/x');
    await expect.poll(() => all.told.length + b.told.length).toBe(4);
    expect(a.told).toEqual([`DELETED x a ${changed}`]);
    expect(b.told).toEqual([`ADDED x b ${changed}`, `DELETED x b ${removed}`]);
    expect(all.told).toEqual([`MODIFIED x b ${changed}`, `DELETED x b ${removed}`]);
    for (const each of [a, b, all]) each.stop();
  });

  it('goes back in what it remembers, and in the store before that, which may have forgotten', async () => {
    const shop = new Shop({ changes: 3, bytes: 1_000_000 });
    const first = await shop.put('default/x', '0');
    const live = shop.follow('', { afterRevision: first });
    for (let count = 1; count <= 6; count++) await shop.put('default/x', `${count}`);
    await expect.poll(() => live.told.length).toBe(6);
    const expected = [...live.told];
    const recent = shop.follow('', { afterRevision: first + 3 });
    await expect.poll(() => recent.told).toEqual(expected.slice(3));
    expect(shop.watches()).toBe(1);
    const old = shop.follow('', { afterRevision: first });
    await expect.poll(() => old.told).toEqual(expected);
    expect(shop.watches()).toBe(2);
    await shop.storage.compact(first + 4);
    const stillKnown = shop.follow('', { afterRevision: first + 3 });
    await expect.poll(() => stillKnown.told).toEqual(expected.slice(3));
    await expect(shop.follow('', { afterRevision: first + 1 }).done).rejects.toMatchObject({ reason: 'Expired' });
    for (const each of [live, recent, old, stillKnown]) each.stop();
  });

  it('tells a first watcher that what it wants is forgotten, and not the others', async () => {
    const shop = new Shop();
    for (let count = 0; count < 5; count++) await shop.put('default/x', `${count}`);
    await shop.storage.compact(4);
    const late = shop.follow('', { afterRevision: 2 });
    const good = shop.follow('', { afterRevision: 5 });
    await expect(late.done).rejects.toMatchObject({ reason: 'Expired' });
    await expect.poll(() => good.told).toEqual(['MODIFIED x 4 6']);
    await shop.put('default/x', 'more');
    await expect.poll(() => good.told.at(-1)).toBe('MODIFIED x more 7');
    good.stop();
  });

  it('ends with the store, and fails its watchers with the store', async () => {
    const closing = new Shop();
    const follower = closing.follow('', { afterRevision: await closing.put('default/x', 'a') });
    await closing.put('default/x', 'b');
    await expect.poll(() => follower.told.length).toBe(1);
    await closing.storage.close();
    await follower.done;
    const broken = new Shop();
    broken.storage.watch = async function* () {
      await sleep(1);
      yield { revision: 1, events: [] };
      throw new Error('the disk is gone');
    };
    const followers = [1, 2].map(() => broken.follow('', {}));
    for (const { done } of followers) await expect(done).rejects.toThrow('the disk is gone');
  });

  it('keeps no more for a reader that stands still than for others, and tells it everything in the end', async () => {
    const shop = new Shop();
    const now = await shop.put('default/x', 'start');
    const abort = new AbortController();
    const slow = watchObjects({ ...shop.all, shared: shop.shared }, { afterRevision: now, signal: abort.signal });
    const quick = shop.follow('', { afterRevision: now });
    const firstEvent = slow.next();
    for (let count = 0; count < 1300; count++) await shop.put('default/x', `${count}`);
    await expect.poll(() => quick.told.length, { timeout: 20_000 }).toBe(1300);
    const revisions = [(await firstEvent).value?.revision];
    while (revisions.length < 1300) revisions.push((await slow.next()).value?.revision);
    expect(revisions).toEqual(Array.from({ length: 1300 }, (_, index) => now + 1 + index));
    // It went its own way after what had waited for it.
    expect(shop.watches()).toBe(2);
    abort.abort();
    await slow.return();
    quick.stop();
  });

  it('tells whoever comes whenever, from wherever, what a watch of its own would', async () => {
    const change = fc.record({
      name: fc.constantFrom('a/x', 'a/y', 'b/x', 'b/z'),
      value: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    });
    const watcher = fc.record({
      at: fc.nat(30),
      back: fc.nat(30),
      namespace: fc.constantFrom('', 'a', 'b'),
      name: fc.option(fc.constant('x'), { nil: undefined }),
      filter: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 30 }),
        fc.array(watcher, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 8 }),
        async (changes, watchers, kept) => {
          const shop = new Shop({ changes: kept, bytes: 1_000_000 });
          const pairs: [Follower, Follower][] = [];
          for (let turn = 0; turn <= 30; turn++) {
            for (const { at, back, namespace, name, filter } of watchers) {
              if (at !== turn) continue;
              const options: WatchObjectsOptions = {
                afterRevision: Math.max(1, shop.storage.revision - back),
                ...(filter === undefined ? {} : { filter: team(filter) }),
                ...(name === undefined || namespace === '' ? {} : { name }),
              };
              pairs.push([shop.follow(namespace, options), shop.follow(namespace, options, true)]);
            }
            const next = changes[turn];
            if (next === undefined) continue;
            if (next.value === undefined) await shop.remove(next.name);
            else await shop.put(next.name, next.value);
          }
          await shop.put('a/x', 'a');
          await shop.put('b/x', 'a');
          for (let turn = 0; turn < 20; turn++) await sleep(0);
          for (const [shared, own] of pairs) expect(shared.told).toEqual(own.told);
          for (const each of pairs.flat()) each.stop();
          await Promise.all(pairs.flat().map(({ done }) => done));
        },
      ),
      { numRuns: 60 },
    );
  });
});
