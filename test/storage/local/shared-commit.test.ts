import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalStorage } from '../../../src/storage/local/open-local-storage.ts';
import type { Storage, TxnResult } from '../../../src/storage/storage.ts';

let folder: string;
let storage: Storage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kube-lite-commit-'));
  storage = await openLocalStorage(folder);
});
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

type Write = { readonly type: 'create' | 'delete' | 'createUnlessAny'; readonly name: string };

async function write(root: string, { type, name }: Write): Promise<TxnResult> {
  const key = Buffer.from(`${root}${name}`);
  if (type === 'delete') return storage.txn({ compares: [], success: [{ type: 'delete', key }] });
  const missing = { target: 'version', result: '=', operand: 0 } as const;
  const others = { key: Buffer.from(`${root}b`), rangeEnd: Buffer.from(`${root}c`) };
  const compares =
    type === 'create'
      ? [{ key, ...missing }]
      : [
          { key, ...missing },
          { ...others, ...missing },
        ];
  return storage.txn({ compares, success: [{ type: 'put', key, value: Buffer.from(name) }] });
}

/** What the same writes do one after the other. */
function oneByOne(writes: readonly Write[]): { names: string[]; succeeded: boolean[] } {
  const names = new Set<string>();
  const succeeded = writes.map(({ type, name }) => {
    if (type === 'delete') {
      names.delete(name);
      return true;
    }
    if (names.has(name)) return false;
    if (type === 'createUnlessAny' && [...names].some((each) => each.startsWith('b'))) return false;
    names.add(name);
    return true;
  });
  return { names: [...names].sort(), succeeded };
}

describe('writes that share a commit', () => {
  it('each do what they would do after the other', async () => {
    let run = 0;
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '0'), minLength: 1, maxLength: 4 });
    const type = fc.constantFrom('create', 'create', 'create', 'delete', 'createUnlessAny');
    const writes = fc.array(fc.record({ type, name }) as fc.Arbitrary<Write>, { maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(writes, async (all) => {
        const root = `/run-${run++}/`;
        const results = await Promise.all(all.map(async (each) => write(root, each)));
        const range = { key: Buffer.from(root), rangeEnd: Buffer.from(`${root.slice(0, -1)}0`) };
        const { kvs } = await storage.range(range);
        const expected = oneByOne(all);
        expect(results.map(({ succeeded }) => succeeded)).toEqual(expected.succeeded);
        expect(kvs.map(({ key }) => key.toString().slice(root.length))).toEqual(expected.names);
        // Each write that changed something has a revision of its own, in the order in which it was asked for.
        const revisions = kvs.map(({ modRevision }) => modRevision);
        expect(new Set(revisions).size).toBe(revisions.length);
        const told = results.map(({ revision }) => revision);
        expect(told).toEqual([...told].sort((a, b) => a - b));
      }),
      { numRuns: 40 },
    );
  });
});
