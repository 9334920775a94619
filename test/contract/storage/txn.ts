import { describe, expect, it } from 'vitest';
import type { Compare, Operation } from '../../../src/storage/storage.ts';
import { expectStorageError, toBuffer, write, type KeySpace, type StorageSubject } from './subject.ts';

type Operator = Compare['result'];

/** Which of the four operators hold for a compare, in the order = != < >. */
async function holding(space: KeySpace, compare: (result: Operator) => Compare): Promise<string> {
  let text = '';
  for (const result of ['=', '!=', '<', '>'] as const) {
    const { succeeded } = await space.storage.txn({ compares: [compare(result)], success: [] });
    if (succeeded) text += `${result} `;
  }
  return text.trim();
}

function describeCompares(subject: StorageSubject): void {
  describe('compares', () => {
    it('compares version, create and mod revision as numbers', async () => {
      const space = subject.space();
      const create = await space.put('a', '1');
      const mod = await space.put('a', '2');
      const key = space.key('a');
      for (const [target, actual] of [
        ['version', 2],
        ['create', create],
        ['mod', mod],
      ] as const) {
        expect(await holding(space, (result) => ({ key, target, result, operand: actual }))).toBe('=');
        expect(await holding(space, (result) => ({ key, target, result, operand: actual + 1 }))).toBe('!= <');
        expect(await holding(space, (result) => ({ key, target, result, operand: actual - 1 }))).toBe('!= >');
      }
    });

    it('compares values as bytes', async () => {
      const space = subject.space();
      await space.put('a', 'mm');
      const value = async (operand: string | Uint8Array): Promise<string> =>
        holding(space, (result) => ({
          key: space.key('a'),
          target: 'value',
          result,
          operand: toBuffer(operand),
        }));
      expect(await value('mm')).toBe('=');
      expect(await value('mn')).toBe('!= <');
      expect(await value('m')).toBe('!= >');
      expect(await value('mmm')).toBe('!= <');
      expect(await value('')).toBe('!= >');
      expect(await value(new Uint8Array([0xff]))).toBe('!= <');
      await space.put('a', '');
      expect(await value('')).toBe('=');
      expect(await value('x')).toBe('!= <');
    });

    it('compares leases', async () => {
      const space = subject.space();
      const { id } = await space.storage.grantLease(600);
      await space.put('a', '1', id);
      await space.put('b', '1');
      const lease = async (name: string, operand: bigint): Promise<string> =>
        holding(space, (result) => ({ key: space.key(name), target: 'lease', result, operand }));
      expect(await lease('a', id)).toBe('=');
      expect(await lease('a', id + 1n)).toBe('!= <');
      expect(await lease('a', 0n)).toBe('!= >');
      expect(await lease('b', 0n)).toBe('=');
      expect(await lease('missing', 0n)).toBe('=');
      await space.storage.revokeLease(id);
    });

    it('takes a missing key as all zeros, and its value as never comparable', async () => {
      const space = subject.space();
      await space.put('gone', '1');
      await space.delete('gone');
      for (const key of [space.key('missing'), space.key('gone')]) {
        for (const target of ['version', 'create', 'mod'] as const) {
          expect(await holding(space, (result) => ({ key, target, result, operand: 0 }))).toBe('=');
          expect(await holding(space, (result) => ({ key, target, result, operand: 1 }))).toBe('!= <');
        }
        for (const operand of [Buffer.alloc(0), Buffer.from('x')]) {
          expect(await holding(space, (result) => ({ key, target: 'value', result, operand }))).toBe('');
        }
      }
    });

    it('holds for a range when it holds for every key in it', async () => {
      const space = subject.space();
      const first = await space.put('a', '1');
      await space.put('b', '1');
      await space.put('c', '2');
      const range = async (compare: (result: Operator) => Compare): Promise<string> => holding(space, compare);
      const { key, rangeEnd } = space.all;
      expect(await range((result) => ({ key, rangeEnd, target: 'version', result, operand: 1 }))).toBe('=');
      expect(await range((result) => ({ key, rangeEnd, target: 'mod', result, operand: first }))).toBe('');
      expect(await range((result) => ({ key, rangeEnd, target: 'mod', result, operand: first - 1 }))).toBe('!= >');
      const two = Buffer.from('2');
      expect(await range((result) => ({ key, rangeEnd, target: 'value', result, operand: two }))).toBe('');
      const [from, to] = [space.key('a'), space.key('c')];
      expect(await range((result) => ({ key: from, rangeEnd: to, target: 'value', result, operand: two }))).toBe(
        '!= <',
      );
    });

    it('takes an empty range as a missing key', async () => {
      const space = subject.space();
      const { key, rangeEnd } = space.all;
      expect(await holding(space, (result) => ({ key, rangeEnd, target: 'version', result, operand: 0 }))).toBe('=');
      expect(await holding(space, (result) => ({ key, rangeEnd, target: 'mod', result, operand: 5 }))).toBe('!= <');
      const operand = Buffer.alloc(0);
      expect(await holding(space, (result) => ({ key, rangeEnd, target: 'value', result, operand }))).toBe('');
    });

    it('needs all compares to hold', async () => {
      const space = subject.space();
      await space.put('a', '1');
      const there: Compare = { key: space.key('a'), target: 'version', result: '>', operand: 0 };
      const missing: Compare = { key: space.key('b'), target: 'version', result: '=', operand: 0 };
      const wrong: Compare = { key: space.key('b'), target: 'version', result: '>', operand: 0 };
      const run = async (...compares: Compare[]) => (await space.storage.txn({ compares, success: [] })).succeeded;
      expect(await run()).toBe(true);
      expect(await run(there, missing)).toBe(true);
      expect(await run(there, missing, wrong)).toBe(false);
      expect(await run(wrong, there)).toBe(false);
    });

    it('judges by the state before the transaction', async () => {
      const space = subject.space();
      const absent: Compare = { key: space.key('a'), target: 'version', result: '=', operand: 0 };
      const result = await space.storage.txn({ compares: [absent, absent], success: [space.putOp('a', '1')] });
      expect(result.succeeded).toBe(true);
    });

    it('refuses an empty key', async () => {
      const compare: Compare = { key: Buffer.alloc(0), target: 'version', result: '=', operand: 0 };
      await expectStorageError(subject.storage.txn({ compares: [compare], success: [] }), 'InvalidArgument');
    });
  });
}

function describeBranches(subject: StorageSubject): void {
  describe('branches', () => {
    it('runs success or failure, never both', async () => {
      const space = subject.space();
      const create = async (value: string) =>
        space.storage.txn({
          compares: [{ key: space.key('a'), target: 'mod', result: '=', operand: 0 }],
          success: [space.putOp('a', value)],
          failure: [{ type: 'range', key: space.key('a') }],
        });
      const first = await create('first');
      expect(first).toEqual({ revision: first.revision, succeeded: true, results: [{ type: 'put' }] });
      const second = await create('second');
      expect(second.succeeded).toBe(false);
      expect(second.revision).toBe(first.revision);
      expect(second.results).toMatchObject([
        { type: 'range', count: 1, more: false, kvs: [{ value: Buffer.from('first'), version: 1 }] },
      ]);
    });

    it('does nothing where a branch is missing or empty', async () => {
      const space = subject.space();
      const revision = await space.put('a', '1');
      const never: Compare = { key: space.key('a'), target: 'version', result: '=', operand: 99 };
      expect(await space.storage.txn({ compares: [never], success: [space.putOp('a', '2')] })).toEqual({
        revision,
        succeeded: false,
        results: [],
      });
      expect(await space.storage.txn({ compares: [], success: [] })).toEqual({
        revision,
        succeeded: true,
        results: [],
      });
      expect(await space.contents()).toEqual(['a=1']);
    });

    it('gives everything that it writes one revision', async () => {
      const space = subject.space();
      const before = await space.put('old', '1');
      const result = await space.storage.txn({
        compares: [],
        success: [space.putOp('a', '1'), space.putOp('b', '2'), { type: 'delete', key: space.key('old') }],
      });
      expect(result.revision).toBe(before + 1);
      const { kvs, revision } = await space.storage.range(space.all);
      expect(revision).toBe(before + 1);
      expect(kvs.map((kv) => [kv.modRevision, kv.createRevision])).toEqual([
        [before + 1, before + 1],
        [before + 1, before + 1],
      ]);
      expect(await space.contents(before)).toEqual(['old=1']);
    });

    it('takes no revision when it only reads', async () => {
      const space = subject.space();
      const revision = await space.put('a', '1');
      const result = await space.storage.txn({
        compares: [],
        success: [
          { type: 'range', ...space.all },
          { type: 'delete', key: space.key('none') },
        ],
      });
      expect(result.revision).toBe(revision);
      expect(result.results[0]).toMatchObject({ type: 'range', revision, count: 1 });
      expect(result.results[1]).toEqual({ type: 'delete', deleted: 0, prevKvs: [] });
    });

    it('shows its own earlier writes to its range operations', async () => {
      const space = subject.space();
      const before = await space.put('a', '1');
      const range: Operation = { type: 'range', ...space.all };
      const result = await space.storage.txn({
        compares: [],
        success: [
          range,
          space.putOp('b', '2'),
          range,
          { type: 'delete', key: space.key('a') },
          range,
          { type: 'range', ...space.all, revision: before },
        ],
      });
      const seen = result.results.flatMap((each) =>
        each.type === 'range'
          ? [each.kvs.map((kv) => `${space.name(kv.key)}=${kv.value.toString()}@${kv.modRevision - before}`).join(' ')]
          : [],
      );
      expect(seen).toEqual(['a=1@0', 'a=1@0 b=2@1', 'b=2@1', 'a=1@0']);
      expect(result.revision).toBe(before + 1);
    });

    it('writes nothing when one of its range operations cannot be answered', async () => {
      const space = subject.space();
      const revision = await space.put('a', '1');
      await expectStorageError(
        space.storage.txn({
          compares: [],
          success: [space.putOp('b', '1'), { type: 'range', ...space.all, revision: revision + 5 }],
        }),
        'FutureRevision',
      );
      expect(await space.names()).toEqual(['a']);
      expect((await space.storage.status()).revision).toBe(revision);
    });

    it('supports limit, keysOnly and countOnly in its range operations', async () => {
      const space = subject.space();
      await write(space.storage, space.putOp('a', '1'), space.putOp('b', '2'), space.putOp('c', '3'));
      const { results } = await space.storage.txn({
        compares: [],
        success: [
          { type: 'range', ...space.all, limit: 2, keysOnly: true },
          { type: 'range', ...space.all, countOnly: true },
        ],
      });
      expect(results[0]).toMatchObject({ count: 3, more: true });
      expect(results[0]?.type === 'range' && results[0].kvs.map((kv) => kv.value.length)).toEqual([0, 0]);
      expect(results[1]).toMatchObject({ count: 3, kvs: [] });
    });
  });
}

function describeWrites(subject: StorageSubject): void {
  describe('put and delete', () => {
    it('returns the previous value of a put when asked', async () => {
      const space = subject.space();
      const put = async (value: string, prevKv?: boolean) => {
        const op: Operation = { type: 'put', key: space.key('a'), value: Buffer.from(value) };
        const result = await space.storage.txn({
          compares: [],
          success: [prevKv === undefined ? op : { ...op, prevKv }],
        });
        return { revision: result.revision, result: result.results[0] };
      };
      const first = await put('1', true);
      expect(first.result).toEqual({ type: 'put' });
      const second = await put('2', true);
      expect(second.result).toEqual({
        type: 'put',
        prevKv: {
          key: space.key('a'),
          value: Buffer.from('1'),
          createRevision: first.revision,
          modRevision: first.revision,
          version: 1,
          lease: 0n,
        },
      });
      expect((await put('3')).result).toEqual({ type: 'put' });
      expect((await put('4', false)).result).toEqual({ type: 'put' });
      await space.delete('a');
      expect((await put('5', true)).result).toEqual({ type: 'put' });
    });

    it('deletes one key, a range, and tells what it deleted', async () => {
      const space = subject.space();
      for (const name of ['a', 'b', 'c', 'd', 'e']) await space.put(name, name);
      const { results } = await space.storage.txn({
        compares: [],
        success: [{ type: 'delete', key: space.key('b'), rangeEnd: space.key('d'), prevKv: true }],
      });
      const result = results[0];
      expect(result).toMatchObject({ type: 'delete', deleted: 2 });
      expect(
        result?.type === 'delete' &&
          result.prevKvs.map((kv) => [space.name(kv.key), kv.value.toString(), kv.version, kv.lease]),
      ).toEqual([
        ['b', 'b', 1, 0n],
        ['c', 'c', 1, 0n],
      ]);
      const plain = await space.storage.txn({ compares: [], success: [{ type: 'delete', key: space.key('a') }] });
      expect(plain.results).toEqual([{ type: 'delete', deleted: 1, prevKvs: [] }]);
      expect(await space.names()).toEqual(['d', 'e']);
      const rest = await space.storage.txn({ compares: [], success: [{ type: 'delete', ...space.all }] });
      expect(rest.results).toMatchObject([{ deleted: 2 }]);
      expect(rest.revision).toBe(plain.revision + 1);
      expect(await space.names()).toEqual([]);
    });

    it('refuses to write a key twice, and writes nothing then', async () => {
      const space = subject.space();
      const revision = await space.put('a', '1');
      const txn = async (...success: Operation[]) => space.storage.txn({ compares: [], success });
      await expectStorageError(txn(space.putOp('b', '1'), space.putOp('b', '2')), 'DuplicateKey');
      await expectStorageError(txn(space.putOp('b', '1'), { type: 'delete', key: space.key('b') }), 'DuplicateKey');
      await expectStorageError(txn({ type: 'delete', key: space.key('a') }, space.putOp('a', '1')), 'DuplicateKey');
      await expectStorageError(txn(space.putOp('b', '1'), { type: 'delete', ...space.all }), 'DuplicateKey');
      await expectStorageError(
        space.storage.txn({ compares: [], success: [], failure: [space.putOp('b', '1'), space.putOp('b', '2')] }),
        'DuplicateKey',
      );
      expect(await space.contents()).toEqual(['a=1']);
      expect((await space.storage.status()).revision).toBe(revision);
    });

    it('allows the same key in both branches, and deletes that overlap', async () => {
      const space = subject.space();
      const revision = await space.put('a', '1');
      const both = await space.storage.txn({
        compares: [],
        success: [space.putOp('b', '1')],
        failure: [space.putOp('b', '2')],
      });
      expect(both.revision).toBe(revision + 1);
      const overlapping = await space.storage.txn({
        compares: [],
        success: [
          { type: 'delete', key: space.key('a') },
          { type: 'delete', ...space.all },
        ],
      });
      expect(overlapping.results).toMatchObject([{ deleted: 1 }, { deleted: 1 }]);
      expect(overlapping.revision).toBe(revision + 2);
    });

    it('allows a put beside a delete of other keys', async () => {
      const space = subject.space();
      await write(space.storage, space.putOp('a', '1'), space.putOp('b', '1'), space.putOp('c', '1'));
      await write(
        space.storage,
        { type: 'delete', key: space.key('a'), rangeEnd: space.key('c') },
        space.putOp('c', '2'),
      );
      expect(await space.contents()).toEqual(['c=2']);
    });

    it('refuses an empty key', async () => {
      const key = Buffer.alloc(0);
      const txn = async (op: Operation) => subject.storage.txn({ compares: [], success: [op] });
      await expectStorageError(txn({ type: 'put', key, value: Buffer.from('x') }), 'InvalidArgument');
      await expectStorageError(txn({ type: 'delete', key }), 'InvalidArgument');
      await expectStorageError(txn({ type: 'range', key }), 'InvalidArgument');
    });
  });
}

export function describeTxn(subject: StorageSubject): void {
  describe('txn', () => {
    describeCompares(subject);
    describeBranches(subject);
    describeWrites(subject);
  });
}
