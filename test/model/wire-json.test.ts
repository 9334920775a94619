import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RawJson } from '../../src/model/raw-json.ts';
import { parseWireJson, wireJsonText } from '../../src/model/wire-json.ts';

const scalar = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: 9007199254740993n, max: 9223372036854775807n }),
  fc.bigInt({ min: -9223372036854775808n, max: -9007199254740993n }),
  fc.constantFrom('9223372036854775807', 'say "9223372036854775807"', '\\', '\\"', 'int:1:9223372036854775807'),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('any')), fc.dictionary(fc.string(), tie('any'))),
})).any;

describe('wire JSON', () => {
  it('brings every value back, long integers too', () => {
    fc.assert(
      fc.property(value, (each) => {
        expect(parseWireJson(wireJsonText(each))).toEqual(each);
        expect(parseWireJson(wireJsonText(each, 2))).toEqual(each);
      }),
    );
  });

  it('reads like JSON.parse where no integer is long', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\d{16}/.test(text));
        expect(parseWireJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('leaves fractions and exponents alone', () => {
    const text = '[1234567890123456789.5,1.1234567890123456789,1234567890123456789e2,-0]';
    expect(parseWireJson(text)).toEqual(JSON.parse(text));
    expect(parseWireJson('[-9007199254740993, 9007199254740991]')).toEqual([-9007199254740993n, 9007199254740991]);
    // Beyond int64, as Go: the nearest double.
    expect(parseWireJson('[9223372036854775808, -9223372036854775808]')).toEqual([2 ** 63, -9223372036854775808n]);
  });

  it('prints RawJson as its value and refuses what is no JSON', () => {
    expect(wireJsonText({ a: new RawJson(Buffer.from('{"b":1}')), c: 9223372036854775807n })).toBe(
      '{"a":{"b":1},"c":9223372036854775807}',
    );
    expect(() => parseWireJson('{"a":12345678901234567890')).toThrow(SyntaxError);
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => wireJsonText(cycle)).toThrow(TypeError);
  });

  it('stays linear for many strings', () => {
    const long = JSON.stringify([...Array.from({ length: 200_000 }, (_, index) => `text ${index}`), 1]).replace(
      /1\]$/,
      '9223372036854775807]',
    );
    const before = performance.now();
    expect((parseWireJson(long) as unknown[]).at(-1)).toBe(9223372036854775807n);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
