import { describe, expect, it } from 'vitest';
import type { Compare, Operation } from '../../../src/storage/storage.ts';
import { expectStorageError, write, type StorageSubject } from './subject.ts';

const MIB = 1024 * 1024;

export function describeLimits(subject: StorageSubject): void {
  describe('limits', () => {
    it('takes 128 operations and refuses 129', async () => {
      const space = subject.space();
      const puts = (count: number): Operation[] =>
        Array.from({ length: count }, (_, index) => space.putOp(`k${index}`, 'v'));
      const compares = (count: number): Compare[] =>
        Array.from({ length: count }, (_, index) => ({
          key: space.key(`none${index}`),
          target: 'version',
          result: '=',
          operand: 0,
        }));
      const revision = await write(space.storage, ...puts(128));
      expect(await space.names()).toHaveLength(128);
      expect(new Set((await space.storage.range(space.all)).kvs.map((kv) => kv.modRevision))).toEqual(
        new Set([revision]),
      );
      await expectStorageError(space.storage.txn({ compares: [], success: puts(129) }), 'TooManyOperations');
      await expectStorageError(
        space.storage.txn({ compares: [], success: [], failure: puts(129) }),
        'TooManyOperations',
      );
      await expectStorageError(space.storage.txn({ compares: compares(129), success: [] }), 'TooManyOperations');
      expect((await space.storage.txn({ compares: compares(128), success: puts(128) })).revision).toBe(revision + 1);
    });

    it('takes a value of 1.4 MiB, refuses one of 1.6 MiB or 3 MiB, and goes on', async () => {
      const space = subject.space();
      const value = Buffer.alloc(1.4 * MIB, 'abcdefghij');
      const revision = await space.put('large', value);
      expect((await space.get('large'))?.value.equals(value)).toBe(true);
      for (const size of [1.6 * MIB, 3 * MIB]) {
        await expectStorageError(space.put('larger', Buffer.alloc(size, 1)), 'TooLarge');
        expect(await space.names()).toEqual(['large']);
      }
      expect(await space.put('small', 'x')).toBe(revision + 1);
    });

    it('counts the whole transaction, not one value', async () => {
      const space = subject.space();
      const ops = (size: number): Operation[] => ['a', 'b'].map((name) => space.putOp(name, Buffer.alloc(size, 1)));
      await expectStorageError(space.storage.txn({ compares: [], success: ops(0.8 * MIB) }), 'TooLarge');
      expect(await space.names()).toEqual([]);
      await write(space.storage, ...ops(0.7 * MIB));
      expect(await space.names()).toEqual(['a', 'b']);
    });

    it('reads back far more than one message holds', async () => {
      const space = subject.space();
      for (let index = 0; index < 8; index++) await space.put(`k${index}`, Buffer.alloc(1.2 * MIB, index));
      const { kvs } = await space.storage.range(space.all);
      expect(kvs.map((kv) => kv.value.length)).toEqual(Array.from({ length: 8 }, () => Math.trunc(1.2 * MIB)));
      expect(kvs.every((kv, index) => kv.value[0] === index && kv.value.at(-1) === index)).toBe(true);
      await write(space.storage, { type: 'delete', ...space.all });
    });
  });
}
