import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtobufWriter } from '../../../src/model/protobuf/protobuf-writer.ts';

describe('ProtobufWriter', () => {
  it('keeps what is written when its buffer has to grow for bytes', () => {
    for (const length of [4095, 4096, 4097, 9000]) {
      const writer = new ProtobufWriter();
      writer.raw(Buffer.alloc(length, 0x61));
      writer.raw(Buffer.alloc(length, 0x62));
      expect(writer.toBuffer().toString('latin1')).toBe('b'.repeat(length) + 'a'.repeat(length));
    }
  });

  it('holds every piece, the last one first', () => {
    const piece = fc.tuple(fc.boolean(), fc.string({ minLength: 0, maxLength: 4000 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const writer = new ProtobufWriter();
        let expected = '';
        for (const [asText, text] of pieces) {
          if (asText) writer.string(text);
          else writer.bytes(Buffer.from(text));
          const length = new ProtobufWriter();
          length.varint(Buffer.byteLength(text));
          expected = length.toBuffer().toString('latin1') + Buffer.from(text).toString('latin1') + expected;
        }
        expect(writer.toBuffer().toString('latin1')).toBe(expected);
      }),
      { numRuns: 50 },
    );
  });
});
