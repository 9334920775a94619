import { describe, expect, it } from 'vitest';
import type { KeyValue } from '../../../src/storage/storage.ts';
import { expectStorageError, write, type StorageSubject } from './subject.ts';

const bytes = (...values: number[]): Buffer => Buffer.from(values);

export function describeRange(subject: StorageSubject): void {
  describe('range', () => {
    it('reads one key with all its fields', async () => {
      const space = subject.space();
      const created = await space.put('a', 'one');
      const modified = await space.put('a', 'two');
      expect(modified).toBe(created + 1);
      const result = await space.storage.range({ key: space.key('a') });
      const expected: KeyValue = {
        key: space.key('a'),
        value: Buffer.from('two'),
        createRevision: created,
        modRevision: modified,
        version: 2,
        lease: 0n,
      };
      expect(result).toEqual({ revision: modified, kvs: [expected], count: 1, more: false });
      expect(Buffer.isBuffer(result.kvs[0]?.key)).toBe(true);
      expect(Buffer.isBuffer(result.kvs[0]?.value)).toBe(true);
    });

    it('finds nothing where nothing is', async () => {
      const space = subject.space();
      const { revision } = await space.storage.status();
      expect(await space.storage.range({ key: space.key('a') })).toEqual({ revision, kvs: [], count: 0, more: false });
      expect(await space.storage.range(space.all)).toEqual({ revision, kvs: [], count: 0, more: false });
    });

    it('refuses an empty key', async () => {
      await expectStorageError(subject.storage.range({ key: bytes() }), 'InvalidArgument');
    });

    it('orders keys as bytes', async () => {
      const space = subject.space();
      const names = [bytes(0), bytes(0, 0), bytes(0, 1), bytes(0x41), bytes(0x61), bytes(0x61, 0), bytes(0x61, 0x62)];
      names.push(bytes(0x7f), bytes(0x80), Buffer.from('é'), Buffer.from('￿'), Buffer.from('😀'), bytes(0xff));
      names.push(bytes(0xff, 0), bytes(0xff, 0xff));
      const sorted = [...names].sort((a, b) => Buffer.compare(a, b));
      for (const name of [...names].reverse()) await space.put(name, name);
      const { kvs } = await space.storage.range(space.all);
      expect(kvs.map((kv) => kv.key)).toEqual(sorted.map((name) => space.key(name)));
      expect(kvs.map((kv) => kv.value)).toEqual(sorted);
    });

    it('keeps binary and empty values as they are', async () => {
      const space = subject.space();
      const every = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
      await space.put('binary', every);
      await space.put('empty', '');
      await space.put(bytes(0xc3, 0x28, 0x00, 0xfe), bytes(0xed, 0xa0, 0x80));
      expect((await space.get('binary'))?.value).toEqual(every);
      expect((await space.get('empty'))?.value).toEqual(bytes());
      expect((await space.get(bytes(0xc3, 0x28, 0x00, 0xfe)))?.value).toEqual(bytes(0xed, 0xa0, 0x80));
    });

    it('accepts plain Uint8Arrays and views into larger buffers', async () => {
      const space = subject.space();
      const large = Buffer.concat([bytes(1, 2, 3), space.key('view'), bytes(4, 5)]);
      const key = new Uint8Array(large.buffer, large.byteOffset + 3, large.length - 5);
      await write(space.storage, { type: 'put', key, value: new Uint8Array([7, 8, 9]).subarray(1) });
      expect((await space.get('view'))?.value).toEqual(bytes(8, 9));
      expect((await space.storage.range({ key })).count).toBe(1);
    });

    it('leaves out the end of a range and takes in its start', async () => {
      const space = subject.space();
      for (const name of ['a', 'b', 'c', 'd']) await space.put(name, name);
      const names = async (key: string, rangeEnd: string): Promise<string[]> =>
        (await space.storage.range({ key: space.key(key), rangeEnd: space.key(rangeEnd) })).kvs.map((kv) =>
          space.name(kv.key),
        );
      expect(await names('b', 'd')).toEqual(['b', 'c']);
      expect(await names('b', 'b\0')).toEqual(['b']);
      expect(await names('aa', 'cc')).toEqual(['b', 'c']);
      expect(await names('b', 'b')).toEqual([]);
      expect(await names('c', 'b')).toEqual([]);
    });

    it('reads from a key to the end of the keyspace, and the whole keyspace', async () => {
      const space = subject.space();
      for (const name of ['a', 'b', 'c']) await space.put(name, name);
      const mine = (kvs: readonly KeyValue[]): string[] =>
        kvs.filter((kv) => kv.key.toString().startsWith(space.prefix)).map((kv) => space.name(kv.key));
      const from = await space.storage.range({ key: space.key('b'), rangeEnd: bytes(0) });
      expect(mine(from.kvs)).toEqual(['b', 'c']);
      expect(from.count).toBe(from.kvs.length);
      const whole = await space.storage.range({ key: bytes(0), rangeEnd: bytes(0) });
      expect(mine(whole.kvs)).toEqual(['a', 'b', 'c']);
      const keys = whole.kvs.map((kv) => kv.key);
      expect(keys).toEqual([...keys].sort((a, b) => Buffer.compare(a, b)));
    });

    it('limits what it returns and counts all', async () => {
      const space = subject.space();
      for (const name of ['a', 'b', 'c', 'd', 'e']) await space.put(name, name);
      const page = async (limit: number) => {
        const result = await space.storage.range({ ...space.all, limit });
        return [result.kvs.map((kv) => space.name(kv.key)).join(''), result.count, result.more];
      };
      expect(await page(2)).toEqual(['ab', 5, true]);
      expect(await page(4)).toEqual(['abcd', 5, true]);
      expect(await page(5)).toEqual(['abcde', 5, false]);
      expect(await page(6)).toEqual(['abcde', 5, false]);
      expect(await page(0)).toEqual(['abcde', 5, false]);
    });

    it('pages through a range at one revision while it changes', async () => {
      const space = subject.space();
      const names = Array.from({ length: 25 }, (_, index) => `k${String(index).padStart(2, '0')}`);
      for (const name of names) await space.put(name, name);
      const seen: string[] = [];
      let revision = 0;
      let key = space.key('');
      for (;;) {
        const result = await space.storage.range({ key, rangeEnd: space.all.rangeEnd, limit: 10, revision });
        if (revision === 0) revision = result.revision;
        expect(result.count).toBe(25 - seen.length);
        seen.push(...result.kvs.map((kv) => space.name(kv.key)));
        if (!result.more) break;
        key = Buffer.concat([result.kvs.at(-1)?.key ?? bytes(), bytes(0)]);
        await space.put(`${seen.at(-1) ?? ''}-new`, 'new');
        await space.delete('k24');
        await space.put('k24', 'again');
      }
      expect(seen).toEqual(names);
    });

    it('returns keys only, or the count only', async () => {
      const space = subject.space();
      for (const name of ['a', 'b', 'c']) await space.put(name, `value of ${name}`);
      const keys = await space.storage.range({ ...space.all, keysOnly: true });
      expect(keys.kvs.map((kv) => [space.name(kv.key), kv.value.length, kv.version])).toEqual([
        ['a', 0, 1],
        ['b', 0, 1],
        ['c', 0, 1],
      ]);
      expect(keys.kvs[0]?.modRevision).toBe((await space.get('a'))?.modRevision);
      const count = await space.storage.range({ ...space.all, countOnly: true });
      expect([count.kvs, count.count, count.more]).toEqual([[], 3, false]);
      const limited = await space.storage.range({ ...space.all, countOnly: true, limit: 1 });
      expect([limited.kvs, limited.count]).toEqual([[], 3]);
      const page = await space.storage.range({ ...space.all, keysOnly: true, limit: 2 });
      expect([page.kvs.length, page.count, page.more]).toEqual([2, 3, true]);
    });

    it('reads as it was at an older revision', async () => {
      const space = subject.space();
      const first = await space.put('a', '1');
      const second = await space.put('b', '1');
      const third = await space.put('a', '2');
      const fourth = await space.delete('b');
      const fifth = await space.put('b', '2');
      expect(await space.contents(first)).toEqual(['a=1']);
      expect(await space.contents(second)).toEqual(['a=1', 'b=1']);
      expect(await space.contents(third)).toEqual(['a=2', 'b=1']);
      expect(await space.contents(fourth)).toEqual(['a=2']);
      expect(await space.contents(fifth)).toEqual(['a=2', 'b=2']);
      expect(await space.contents()).toEqual(['a=2', 'b=2']);
      expect(await space.contents(first - 1)).toEqual([]);
      const old = await space.storage.range({ key: space.key('b'), revision: third });
      expect(old.revision).toBe(fifth);
      expect(old.kvs[0]).toMatchObject({ createRevision: second, modRevision: second, version: 1 });
      const page = await space.storage.range({ ...space.all, revision: third, limit: 1 });
      expect([page.count, page.more, page.kvs.length]).toEqual([2, true, 1]);
      const count = await space.storage.range({ ...space.all, revision: fourth, countOnly: true });
      expect([count.count, count.kvs]).toEqual([1, []]);
      const keys = await space.storage.range({ ...space.all, revision: third, keysOnly: true });
      expect(keys.kvs.map((kv) => [space.name(kv.key), kv.value.length])).toEqual([
        ['a', 0],
        ['b', 0],
      ]);
    });

    it('refuses a revision that is not there yet', async () => {
      const space = subject.space();
      const revision = await space.put('a', '1');
      expect(await space.contents(revision)).toEqual(['a=1']);
      await expectStorageError(space.storage.range({ ...space.all, revision: revision + 1 }), 'FutureRevision');
      await expectStorageError(
        space.storage.range({ key: space.key('a'), revision: revision + 1000 }),
        'FutureRevision',
      );
    });
  });

  describe('versions and revisions', () => {
    it('starts a key anew after a delete', async () => {
      const space = subject.space();
      const created = await space.put('a', '1');
      await space.put('a', '2');
      expect(await space.get('a')).toMatchObject({ createRevision: created, version: 2 });
      await space.delete('a');
      expect(await space.get('a')).toBeUndefined();
      const again = await space.put('a', '3');
      expect(await space.get('a')).toMatchObject({ createRevision: again, modRevision: again, version: 1 });
      await space.put('a', '3');
      expect(await space.get('a')).toMatchObject({ createRevision: again, modRevision: again + 1, version: 2 });
    });

    it('counts one revision for each write, one after the other', async () => {
      const space = subject.space();
      const first = await space.put('a', '1');
      expect(await space.put('b', '1')).toBe(first + 1);
      expect(await space.delete('a')).toBe(first + 2);
      expect((await space.storage.status()).revision).toBe(first + 2);
      expect((await space.storage.range(space.all)).revision).toBe(first + 2);
    });

    it('takes no revision to delete nothing', async () => {
      const space = subject.space();
      const revision = await space.put('a', '1');
      expect(await space.delete('b')).toBe(revision);
      expect(await space.delete('a')).toBe(revision + 1);
      expect(await space.delete('a')).toBe(revision + 1);
      expect(await space.put('c', '1')).toBe(revision + 2);
    });

    it('tells its kind, version, size and place', async () => {
      const space = subject.space();
      const revision = await space.put('a', '1');
      const status = await space.storage.status();
      expect(status.revision).toBe(revision);
      expect(status.sizeBytes).toBeGreaterThan(0);
      expect(status.version).toMatch(/^\d+\.\d+/);
      expect(status.location).not.toBe('');
      expect(['etcd', 'local']).toContain(status.driver);
    });
  });
}
