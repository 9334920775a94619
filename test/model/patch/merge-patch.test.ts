import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepEqual } from '../../../src/model/deep-equal.ts';
import type { JsonObject, JsonValue } from '../../../src/model/json-value.ts';
import { applyMergePatch, createMergePatch } from '../../../src/model/patch/merge-patch.ts';

describe('applyMergePatch', () => {
  it('merges objects, replaces lists and deletes with null', () => {
    expect(applyMergePatch({ a: 1, b: { c: 1, d: 2 }, l: [1] }, { a: null, b: { c: 3, n: null }, l: [2, 3] })).toEqual({
      b: { c: 3, d: 2 },
      l: [2, 3],
    });
  });

  it('drops nulls of objects in lists, unless the list replaces an object', () => {
    expect(applyMergePatch({ o: {} }, { o: [{ x: null }], l: [{ x: null }, null] })).toEqual({
      o: [{ x: null }],
      l: [{}, null],
    });
  });

  it('refuses a scalar', () => {
    expect(() => applyMergePatch({}, 5)).toThrow(
      expect.objectContaining({ message: 'Invalid JSON Patch', reason: 'BadRequest' }),
    );
  });
});

describe('createMergePatch', () => {
  const withoutNulls = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.array(fc.integer(), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('value'), { maxKeys: 4 }),
  })).object;

  it('makes a patch that leads to the target, and none where there is nothing to do', () => {
    fc.assert(
      fc.property(withoutNulls, withoutNulls, (original, modified) => {
        expect(deepEqual(applyMergePatch(original, createMergePatch(original, modified)), modified)).toBe(true);
        expect(createMergePatch(original, structuredClone(original))).toEqual({});
      }),
    );
  });
});
