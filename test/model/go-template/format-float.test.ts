import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFloat } from '../../../src/model/go-template/format-float.ts';
import { goFloat } from '../../../src/model/go-number.ts';

const double = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('formatFloat', () => {
  it.each([
    [0.5, 'f', 0, '0'],
    [1.5, 'f', 0, '2'],
    [2.5, 'f', 0, '2'],
    [1e23, 'f', 2, '99999999999999991611392.00'],
    [0.1, 'f', 20, '0.10000000000000000555'],
    [0, 'e', 3, '0.000e+00'],
    [999.5, 'e', 2, '1.00e+03'],
    [123456789, 'g', 3, '1.23e+08'],
    [100000, 'g', -1, '100000'],
    [1e6, 'G', -1, '1E+06'],
    [5e-324, 'e', -1, '5e-324'],
    [1, 'b', -1, '4503599627370496p-52'],
    [1.5, 'x', -1, '0x1.8p+00'],
    [-0.1, 'X', 3, '-0X1.99AP-04'],
    [Number.NEGATIVE_INFINITY, 'g', -1, '-Inf'],
  ])('%d as %s with %d digits', (value, format, precision, text) => {
    expect(formatFloat(value, format, precision)).toBe(text);
  });

  it('reads back as the same number, in the shortest form and in any long one', () => {
    fc.assert(
      fc.property(double, fc.constantFrom('e', 'f', 'g'), (value, format) => {
        expect(Number(formatFloat(value, format, -1))).toBe(value);
        expect(Number(formatFloat(value, format === 'f' ? 'e' : format, 17))).toBe(value);
      }),
    );
  });

  it('is what %v prints in the shortest form', () => {
    fc.assert(
      fc.property(double, (value) => {
        expect(formatFloat(value, 'g', -1)).toBe(Object.is(value, -0) ? '-0' : goFloat(value));
      }),
    );
  });
});
