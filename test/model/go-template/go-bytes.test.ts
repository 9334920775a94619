import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goBytes, goLength, goString, hasRawBytes } from '../../../src/model/go-template/go-bytes.ts';

describe('Go strings', () => {
  it('keep any bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array));
    fc.assert(fc.property(bytes, (each) => goBytes(goString(each)).equals(each)));
  });

  it('are ordinary strings where the bytes are text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!/\p{Cs}/u.test(text));
        expect(goString(Buffer.from(text))).toBe(text);
        expect(hasRawBytes(text)).toBe(false);
        expect(goLength(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it('tell bytes that are no text', () => {
    const text = goString(Uint8Array.of(0x61, 0xff, 0xe6, 0x97));
    expect(hasRawBytes(text)).toBe(true);
    expect(text).toHaveLength(4);
    expect(goLength(text)).toBe(4);
  });
});
