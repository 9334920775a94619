import { describe, expect, it } from 'vitest';
import type { Storage } from '../../../src/storage/storage.ts';
import type { KeySpace, StorageSubject } from './subject.ts';

/** Adds one to a counter by compare and swap, and tells the revision of the write that counted. */
async function increment(storage: Storage, space: KeySpace, name: string): Promise<number> {
  const key = space.key(name);
  for (;;) {
    const current = (await storage.range({ key })).kvs[0];
    const value = Buffer.from(`${Number(current?.value.toString() ?? 0) + 1}`);
    const result = await storage.txn({
      compares: [{ key, target: 'mod', result: '=', operand: current?.modRevision ?? 0 }],
      success: [{ type: 'put', key, value }],
    });
    if (result.succeeded) return result.revision;
  }
}

export function describeConcurrency(subject: StorageSubject): void {
  describe('concurrency', () => {
    it('loses nothing of eight loops that compare and swap, over two storages', async () => {
      const space = subject.space();
      const second = await subject.second();
      try {
        const rounds = 25;
        const loops = Array.from({ length: 8 }, async (_, loop) => {
          const revisions: number[] = [];
          for (let round = 0; round < rounds; round++) {
            revisions.push(await increment(loop % 2 === 0 ? space.storage : second, space, `counter${round % 2}`));
          }
          return revisions;
        });
        const revisions = (await Promise.all(loops)).flat();
        expect(new Set(revisions).size).toBe(8 * rounds);
        const values = (await space.storage.range(space.all)).kvs.map((kv) => Number(kv.value.toString()));
        expect(values.reduce((sum, value) => sum + value, 0)).toBe(8 * rounds);
        expect((await space.storage.range(space.all)).kvs.map((kv) => kv.version)).toEqual(values);
      } finally {
        await second.close();
      }
    });

    it('lets one of many creations win', async () => {
      const space = subject.space();
      const attempts = Array.from({ length: 16 }, async (_, index) =>
        space.storage.txn({
          compares: [{ key: space.key('a'), target: 'create', result: '=', operand: 0 }],
          success: [space.putOp('a', `${index}`)],
        }),
      );
      const results = await Promise.all(attempts);
      const winners = results.flatMap((result, index) => (result.succeeded ? [index] : []));
      expect(winners).toHaveLength(1);
      expect(await space.contents()).toEqual([`a=${winners[0]}`]);
      expect((await space.get('a'))?.version).toBe(1);
    });

    it('shows every reader a whole transaction or none of it', async () => {
      const space = subject.space();
      const done = new AbortController();
      const writer = (async (): Promise<void> => {
        for (let index = 0; index < 60; index++) {
          await space.storage.txn({
            compares: [],
            success: [space.putOp('a', `${index}`), space.putOp('b', `${index}`)],
          });
        }
        done.abort();
      })();
      while (!done.signal.aborted) {
        const { kvs } = await space.storage.range(space.all);
        expect(new Set(kvs.map((kv) => `${kv.value.toString()}@${kv.modRevision}`)).size).toBeLessThanOrEqual(1);
      }
      await writer;
    });
  });
}
