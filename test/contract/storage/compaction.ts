import { describe, expect, it } from 'vitest';
import { expectStorageError, write, type StorageSubject } from './subject.ts';

export function describeCompaction(subject: StorageSubject): void {
  describe('compact', () => {
    it('keeps what is readable at its revision and forgets what is older', async () => {
      const space = subject.space();
      const first = await space.put('a', '1');
      await space.put('b', '1');
      await space.put('gone', '1');
      await space.delete('gone');
      const fifth = await space.put('a', '2');
      const sixth = await space.put('a', '3');
      await space.delete('b');
      await space.storage.compact(fifth);
      expect(await space.contents(fifth)).toEqual(['a=2', 'b=1']);
      expect(await space.contents(sixth)).toEqual(['a=3', 'b=1']);
      expect(await space.contents()).toEqual(['a=3']);
      expect(await space.get('a', fifth)).toMatchObject({ createRevision: first, modRevision: fifth, version: 2 });
      for (const revision of [first, fifth - 1]) {
        const error = await expectStorageError(space.storage.range({ ...space.all, revision }), 'Compacted');
        // etcd's answer to a read does not name the revision; a driver that knows it says so.
        expect([undefined, fifth]).toContain(error.compactRevision);
      }
      await expectStorageError(
        space.storage.txn({ compares: [], success: [{ type: 'range', ...space.all, revision: first }] }),
        'Compacted',
      );
      expect((await space.storage.status()).revision).toBe(fifth + 2);
    });

    it('refuses to compact twice, to an older revision or to the future', async () => {
      const space = subject.space();
      const first = await space.put('a', '1');
      const second = await space.put('a', '2');
      await space.storage.compact(second);
      await expectStorageError(space.storage.compact(second), 'Compacted');
      await expectStorageError(space.storage.compact(first), 'Compacted');
      await expectStorageError(space.storage.compact(second + 1), 'FutureRevision');
      expect(await space.contents()).toEqual(['a=2']);
      expect(await space.put('a', '3')).toBe(second + 1);
    });

    it('forgets deleted keys but not the revision', async () => {
      const space = subject.space();
      await space.put('a', '1');
      const deleted = await space.delete('a');
      await space.storage.compact(deleted);
      expect((await space.storage.status()).revision).toBe(deleted);
      expect(await space.names()).toEqual([]);
      expect(await space.names(deleted)).toEqual([]);
      const again = await space.put('a', '2');
      expect(again).toBe(deleted + 1);
      expect(await space.get('a')).toMatchObject({ createRevision: again, version: 1 });
    });

    it('compacts again and again while versions go on counting', async () => {
      const space = subject.space();
      const created = await space.put('a', '0');
      await space.put('still', 'here');
      for (let index = 1; index <= 10; index++) {
        const revision = await space.put('a', `${index}`);
        await space.storage.compact(revision);
        expect(await space.get('a', revision)).toMatchObject({ createRevision: created, version: index + 1 });
      }
      expect(await space.contents()).toEqual(['a=10', 'still=here']);
    });

    it('does not trouble a watch that is up to date', async () => {
      const space = subject.space();
      const watch = space.watch({ prevKv: true });
      await watch.created();
      await space.put('a', '1');
      await watch.events(1);
      await space.storage.compact((await space.storage.status()).revision);
      await space.put('a', '2');
      const event = (await watch.events(1))[0];
      expect([event?.kv.value.toString(), event?.prevKv?.value.toString()]).toEqual(['2', '1']);
      await watch.end();
    });

    it('leaves out a previous value that it forgot', async () => {
      const space = subject.space();
      await space.put('a', '1');
      const second = await write(space.storage, space.putOp('a', '2'));
      await space.storage.compact(second);
      const watch = space.watch({ startRevision: second, prevKv: true });
      await watch.created();
      const event = (await watch.events(1))[0];
      expect([event?.kv.value.toString(), event?.prevKv]).toEqual(['2', undefined]);
      await watch.end();
    });
  });
}
