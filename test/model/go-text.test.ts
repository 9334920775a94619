import { describe, expect, it } from 'vitest';
import { goKind, goQuote, goSyntax, goText } from '../../src/model/go-text.ts';
import { RawJson } from '../../src/model/raw-json.ts';

const value = {
  b: [1, 'x', null],
  a: { c: true },
  f: 1234567.5,
  s: 0.00001,
  raw: new RawJson(Buffer.from('{"k":"v"}')) as unknown as null,
};

describe('goText and goSyntax', () => {
  it('print as %v and %#v do', () => {
    expect(goText(value)).toBe('map[a:map[c:true] b:[1 x <nil>] f:1.2345675e+06 raw:map[k:v] s:1e-05]');
    expect(goSyntax(value)).toBe(
      'map[string]interface {}{"a":map[string]interface {}{"c":true}, "b":[]interface {}{1, "x", interface {}(nil)}, ' +
        '"f":1.2345675e+06, "raw":map[string]interface {}{"k":"v"}, "s":1e-05}',
    );
    expect(goText(9007199254740993n)).toBe('9007199254740993');
    expect(goText(12345678901234567890n)).toBe('1.2345678901234567e+19');
  });

  it('know which numbers Go has as integers', () => {
    expect([1, 1.5, 2 ** 60, 2n ** 62n, 2n ** 63n, null].map((each) => goKind(each))).toEqual([
      'int64', 'float64', 'float64', 'int64', 'float64', 'nil',
    ]); // prettier-ignore
  });
});

describe('goQuote', () => {
  it('prints as %q does', () => {
    expect(goQuote('a"b\\\n\u0001\u007fé✓\u200b\u{e0001}')).toBe(String.raw`"a\"b\\\n\x01\x7fé✓\u200b\U000e0001"`);
  });
});
