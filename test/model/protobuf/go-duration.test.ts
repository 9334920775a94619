import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/model/protobuf/go-duration.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [1, '1ns'],
    [1500, '1.5µs'],
    [100_000_000, '100ms'],
    [1_500_000_000, '1.5s'],
    [60_000_000_000, '1m0s'],
    [3_600_000_000_000, '1h0m0s'],
    [-5_400_000_000_000, '-1h30m0s'],
    [-(2n ** 63n), '-2562047h47m16.854775808s'],
  ])('prints %d as Go does: %s', (nanoseconds, text) => {
    expect(formatDuration(nanoseconds)).toBe(text);
    expect(parseDuration(text)).toBe(BigInt(nanoseconds));
  });

  it('is undone by parseDuration', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (nanoseconds) => {
        expect(parseDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });
});

describe('parseDuration', () => {
  it('reads what Go reads', () => {
    expect(parseDuration('1h15m30.918s')).toBe(4_530_918_000_000n);
    expect(parseDuration('+.5s')).toBe(500_000_000n);
    expect(parseDuration('-0')).toBe(0n);
    expect(parseDuration('3us')).toBe(3000n);
  });

  it.each(['', '1', 's', '1x', '1h ', '--1s', '.s', '9223372036854775808ns'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow('time: invalid duration');
  });
});
