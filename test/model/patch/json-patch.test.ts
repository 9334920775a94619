import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../src/model/json-value.ts';
import { applyJsonPatch } from '../../../src/model/patch/json-patch.ts';

const document = { a: { 'b/c': 1, 'm~n': 2 }, list: [1, 2, 3], nil: null };

function change(...operations: JsonValue[]): JsonValue {
  return applyJsonPatch(document, operations);
}

describe('applyJsonPatch', () => {
  it('does what RFC 6902 says', () => {
    expect(change({ op: 'add', path: '/a/x', value: [1] })).toMatchObject({ a: { x: [1] } });
    expect(change({ op: 'replace', path: '/a/b~1c', value: 5 })).toMatchObject({ a: { 'b/c': 5 } });
    expect(change({ op: 'remove', path: '/a/m~0n' })).toMatchObject({ a: { 'b/c': 1 } });
    expect(change({ op: 'add', path: '/list/1', value: 9 })).toMatchObject({ list: [1, 9, 2, 3] });
    expect(change({ op: 'add', path: '/list/-', value: 9 })).toMatchObject({ list: [1, 2, 3, 9] });
    expect(change({ op: 'move', from: '/list/0', path: '/list/-' })).toMatchObject({ list: [2, 3, 1] });
    expect(
      change({ op: 'copy', from: '/list', path: '/copy' }, { op: 'add', path: '/copy/0', value: 0 }),
    ).toMatchObject({
      list: [1, 2, 3],
      copy: [0, 1, 2, 3],
    });
    expect(change({ op: 'test', path: '/list', value: [1, 2, 3] })).toEqual(document);
    expect(change({ op: 'replace', path: '', value: { x: 1 } })).toEqual({ x: 1 });
  });

  it.each<[string, JsonValue]>([
    ['testing value /list/0 failed: test failed', { op: 'test', path: '/list/0', value: 2 }],
    [
      'add operation does not apply: doc is missing path: "/no/x": missing value',
      { op: 'add', path: '/no/x', value: 1 },
    ],
    [
      "error in remove for path: '/no': Unable to remove nonexistent key: no: missing value",
      { op: 'remove', path: '/no' },
    ],
    [
      'replace operation does not apply: doc is missing key: /list/3: missing value',
      { op: 'replace', path: '/list/3', value: 1 },
    ],
    [
      "error in add for path: '/list/9': Unable to access invalid index: 9: invalid index referenced",
      { op: 'add', path: '/list/9', value: 1 },
    ],
    [
      'error in remove for path: \'/list/x\': strconv.Atoi: parsing "x": invalid syntax',
      { op: 'remove', path: '/list/x' },
    ],
    ['replace operation failed to decode path: operation missing path field: missing value', { op: 'replace' }],
    ['Unexpected kind: unknown', {}],
    ['Unexpected kind: frob', { op: 'frob' }],
  ])('refuses with %s', (message, operation) => {
    expect(() => change(operation)).toThrow(expect.objectContaining({ message, reason: 'Unprocessable' }));
  });

  it('tells a patch that is none from one that does not apply', () => {
    const message = 'json: cannot unmarshal object into Go value of type jsonpatch.Patch';
    expect(() => applyJsonPatch(document, {})).toThrow(expect.objectContaining({ message, reason: 'BadRequest' }));
  });

  it('bounds the number of operations and the growth by copies', () => {
    const tests = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/nil', value: null }));
    expect(() => applyJsonPatch(document, tests)).toThrow(
      expect.objectContaining({
        message: 'The allowed maximum operations in a JSON patch is 10000, got 10001',
        reason: 'TooLarge',
      }),
    );
    expect(() => applyJsonPatch(document, tests.slice(1))).not.toThrow();
    const doubling = Array.from({ length: 60 }, () => ({ op: 'copy', from: '/list', path: '/list/-' }));
    expect(() => applyJsonPatch(document, doubling)).toThrow(
      /^Unable to complete the copy, the accumulated size increase of copy is \d+, exceeding the limit 3145728$/,
    );
  });

  it('refuses what is nested too deeply', () => {
    let deep: JsonValue = 1;
    for (let level = 0; level < 20_000; level++) deep = [deep];
    expect(() => applyJsonPatch(document, [{ op: 'add', path: '/deep', value: deep }])).toThrow('exceeded max depth');
  });

  it('treats __proto__ as any other key', () => {
    const value = JSON.parse('{"__proto__":{"polluted":true}}') as JsonValue;
    const result = applyJsonPatch({}, [
      { op: 'add', path: '/a', value },
      { op: 'add', path: '/__proto__', value: 'own' },
      { op: 'copy', from: '/a', path: '/b' },
    ]);
    expect(JSON.stringify(result)).toBe(
      '{"a":{"__proto__":{"polluted":true}},"__proto__":"own","b":{"__proto__":{"polluted":true}}}',
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('never changes its inputs, nor shares with them', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (object, value) => {
        const target = object as JsonValue;
        const patch = [
          { op: 'add', path: '/new', value },
          { op: 'copy', from: '/new', path: '/other' },
        ] as JsonValue;
        const before = JSON.stringify([target, patch]);
        const result = applyJsonPatch(target, patch) as Record<string, JsonValue>;
        expect(JSON.stringify([target, patch])).toBe(before);
        expect(JSON.stringify(result['new'])).toBe(JSON.stringify(value));
        if (value !== null && typeof value === 'object') expect(result['new']).not.toBe(value);
      }),
    );
  });
});
