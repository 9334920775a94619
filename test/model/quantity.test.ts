import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addQuantity,
  canonicalQuantity,
  compareQuantity,
  formatQuantity,
  parseQuantity,
  quantitySign,
  quantityValue,
  subtractQuantity,
} from '../../src/model/quantity.ts';

const suffix = fc.constantFrom(
  '',
  'n',
  'u',
  'm',
  'k',
  'M',
  'G',
  'T',
  'P',
  'E',
  'Ki',
  'Mi',
  'Gi',
  'Ti',
  'e3',
  'E-2',
  'e6',
);
const text = fc
  .tuple(fc.constantFrom('', '-', '+'), fc.nat(999_999_999), fc.option(fc.nat(99_999)), suffix)
  .map(([sign, whole, fraction, end]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${end}`);

/** The quantity without the text that Go may have kept. */
const plain = (each: string) => {
  const { text: _kept, ...rest } = parseQuantity(each);
  return rest;
};

describe('canonicalQuantity', () => {
  it.each([
    ['0', '0'],
    ['0.5', '500m'],
    ['0.1', '100m'],
    ['1.5', '1500m'],
    ['100m', '100m'],
    ['1000m', '1'],
    ['2000', '2k'],
    ['1024', '1024'],
    ['1024Ki', '1Mi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['0.3Ki', '307200m'],
    ['0.0001Ki', '102400u'],
    ['1e3', '1e3'],
    ['10e3', '10e3'],
    ['1e4', '10e3'],
    ['12E6', '12E6'],
    ['0.0000000001', '1n'],
    ['-0.0000000001', '-1n'],
    ['1e-10', '1e-9'],
    ['128974848', '128974848'],
    ['123456789012345678901', '123456789012345678901'],
    ['10000000000Gi', '9223372036854775807'],
    [' 5 ', '5'],
    ['+5', '+5'],
    ['005', '005'],
    ['000', '0'],
    ['0Ki', '0'],
  ])('makes %s into %s', (from, to) => {
    expect(canonicalQuantity(from)).toBe(to);
  });

  it('keeps what Go takes for canonical', () => {
    for (const each of ['1500', '1.500', '1E3', '+5', '1.5e3', '1Ki', '7Mi', '1e999']) {
      const expected = each === '1.5e3' ? '1500' : each;
      expect(canonicalQuantity(each)).toBe(expected);
    }
  });

  it('reads as nothing what Go reads as nothing', () => {
    for (const each of ['+', '-', '.', 'Ki', 'm', '-0', '0.000']) expect(canonicalQuantity(each)).toBe('0');
  });

  it('loses the suffix of 10^21, as Go does', () => {
    expect(canonicalQuantity('1000E')).toBe('1');
    expect(canonicalQuantity('999E')).toBe('999E');
  });

  it.each(['', ' ', 'a', '1.1.1', '1+1.0M', '1 Gi', '0x10', '5 5', '1e1.5', '١'])('refuses %j', (each) => {
    expect(() => canonicalQuantity(each)).toThrow(/^quantities must match the regular expression/);
  });

  it.each(['1mi', '1K', '1ki', '1ee', '1e', '1e+', '1Gi5', '--1', '1m5', '1e99999999999999999999'])(
    'refuses the suffix of %s',
    (each) => {
      expect(() => canonicalQuantity(each)).toThrow(`unable to parse quantity's suffix`);
    },
  );

  it('has a fixed point after the text that Go keeps', () => {
    fc.assert(
      fc.property(text, (each) => {
        const canonical = formatQuantity(plain(each));
        expect(formatQuantity(plain(canonical))).toBe(canonical);
        expect(compareQuantity(parseQuantity(canonical), parseQuantity(each))).toBe(0);
      }),
    );
  });

  it('is done at once with exponents that are meant to harm', () => {
    const started = performance.now();
    expect(canonicalQuantity('1e2147483646')).toBe('1e2147483646');
    expect(canonicalQuantity('1e-2147483648')).toBe('1e-9');
    expect(canonicalQuantity('12345678901234567890e2000000000')).toBe('1234567890123456789e2000000001');
    expect(compareQuantity(parseQuantity('1e2147483646'), parseQuantity('1'))).toBe(1);
    expect(compareQuantity(parseQuantity('-1e2147483646'), parseQuantity('1n'))).toBe(-1);
    expect(() => addQuantity(parseQuantity('1e2147483646'), parseQuantity('1'))).toThrow('too far apart');
    expect(() => quantityValue(parseQuantity('1e2147483646'))).toThrow('too great');
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('compareQuantity', () => {
  it('orders by value, whatever the format', () => {
    const sorted = ['-1Ki', '-5', '0', '1n', '1m', '0.5', '1', '1e1', '1k', '1Ki', '1M', '1Mi', '1E', '1Ei'];
    for (const [at, left] of sorted.entries()) {
      for (const [other, right] of sorted.entries()) {
        const expected = Math.sign(at - other);
        expect(compareQuantity(parseQuantity(left), parseQuantity(right)), `${left} ${right}`).toBe(expected);
      }
    }
    expect(compareQuantity(parseQuantity('1000m'), parseQuantity('1'))).toBe(0);
    expect(compareQuantity(parseQuantity('1Ki'), parseQuantity('1024'))).toBe(0);
  });

  it('agrees with subtraction and is antisymmetric', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [left, right] = [parseQuantity(a), parseQuantity(b)];
        const order = compareQuantity(left, right);
        expect(compareQuantity(right, left)).toBe(order === 0 ? 0 : -order);
        expect(compareQuantity(subtractQuantity(left, right), parseQuantity('0'))).toBe(order);
      }),
    );
  });
});

describe('addQuantity', () => {
  it('keeps the format of the first, or of the second when the first is zero', () => {
    const sum = (a: string, b: string) => formatQuantity(addQuantity(parseQuantity(a), parseQuantity(b)));
    expect(sum('1Gi', '1M')).toBe('1074741824');
    expect(sum('512Mi', '512Mi')).toBe('1Gi');
    expect(sum('0', '512Mi')).toBe('512Mi');
    expect(sum('250m', '750m')).toBe('1');
    expect(sum('1500', '0')).toBe('1500');
    expect(sum('1000', '500')).toBe('1500');
  });

  it('is commutative and associative in value, and undone by subtraction', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        const [x, y, z] = [parseQuantity(a), parseQuantity(b), parseQuantity(c)];
        expect(compareQuantity(addQuantity(x, y), addQuantity(y, x))).toBe(0);
        expect(compareQuantity(addQuantity(addQuantity(x, y), z), addQuantity(x, addQuantity(y, z)))).toBe(0);
        expect(compareQuantity(subtractQuantity(addQuantity(x, y), y), x)).toBe(0);
      }),
    );
  });
});

describe('quantityValue', () => {
  it('rounds away from zero', () => {
    expect(quantityValue(parseQuantity('1.1'))).toBe(2n);
    expect(quantityValue(parseQuantity('-1.1'))).toBe(-2n);
    expect(quantityValue(parseQuantity('1n'), -3)).toBe(1n);
    expect(quantityValue(parseQuantity('250m'), -3)).toBe(250n);
    expect(quantityValue(parseQuantity('1Gi'))).toBe(1073741824n);
    expect(quantityValue(parseQuantity('2k'), 3)).toBe(2n);
  });
});

describe('quantitySign', () => {
  it('is that of the value, however small', () => {
    expect(['-1n', '-0', '0', '0.0', '1n', '1e-20'].map((each) => quantitySign(parseQuantity(each)))).toEqual([
      -1, 0, 0, 0, 1, 1,
    ]);
  });
});
