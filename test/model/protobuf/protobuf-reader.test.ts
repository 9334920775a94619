import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtobufError } from '../../../src/model/protobuf/protobuf-error.ts';
import { ProtobufReader } from '../../../src/model/protobuf/protobuf-reader.ts';
import { ProtobufWriter } from '../../../src/model/protobuf/protobuf-writer.ts';

function written(write: (writer: ProtobufWriter) => void): Buffer {
  const writer = new ProtobufWriter();
  write(writer);
  return writer.toBuffer();
}

const readerOf = (...bytes: number[]) => new ProtobufReader(Buffer.from(bytes));

describe('integers', () => {
  const signed = fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));

  it('come back as they were written, in ten bytes at most', () => {
    fc.assert(
      fc.property(signed, (value) => {
        const bytes = written((writer) => writer.int64(value));
        expect(bytes.length).toBeLessThanOrEqual(10);
        const reader = new ProtobufReader(bytes);
        expect(BigInt(reader.int64())).toBe(BigInt(value));
        expect(reader.more).toBe(false);
      }),
    );
  });

  it.each([
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 1]],
    [300, [0xac, 2]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
    [Number.MAX_SAFE_INTEGER, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    [-1, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]],
    [2n ** 63n - 1n, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    [-(2n ** 63n), [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]],
  ])('%d has the bytes that protobuf gives it', (value, bytes) => {
    expect([...written((writer) => writer.int64(value))]).toEqual(bytes);
    expect(readerOf(...bytes).int64()).toBe(value);
  });

  it('are cut to 32 bits as Go cuts them', () => {
    expect(new ProtobufReader(written((writer) => writer.int64(2 ** 32 + 5))).int32()).toBe(5);
    expect(new ProtobufReader(written((writer) => writer.int64(2 ** 31))).int32()).toBe(-(2 ** 31));
    expect(new ProtobufReader(written((writer) => writer.int64(-7))).int32()).toBe(-7);
    expect(new ProtobufReader(written((writer) => writer.int64(-1))).uint32()).toBe(2 ** 32 - 1);
    expect(new ProtobufReader(written((writer) => writer.int64(-1))).uint64()).toBe(2n ** 64n - 1n);
  });

  it('never have more than 64 bits', () => {
    const endless = readerOf(...Array.from({ length: 11 }, () => 0x80));
    expect(() => endless.varint()).toThrow('an integer has more than 64 bits');
  });
});

describe('damaged bytes', () => {
  it('are errors, not reads beyond the end', () => {
    expect(() => readerOf().varint()).toThrow(ProtobufError);
    expect(() => readerOf(0x80).varint()).toThrow('the bytes end in the middle of a field');
    expect(() => readerOf(5, 0x61).string()).toThrow('the bytes end in the middle of a field');
    expect(() => readerOf(1, 2, 3).double()).toThrow('the bytes end in the middle of a field');
    expect(() => readerOf(0).tag()).toThrow('0 is no tag of a field');
    expect(() => readerOf(0xff, 0xff, 0xff, 0xff, 0x7f).tag()).toThrow('is no tag of a field');
    expect(() => readerOf(2, 0xff, 0xff).string()).toThrow('a text is no UTF-8');
    expect(readerOf(3, 0xef, 0xbf, 0xbd).string()).toBe('\uFFFD');
  });

  it('claim no memory for a length that is not there', () => {
    const huge = readerOf(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f);
    expect(() => huge.slice()).toThrow(ProtobufError);
  });

  it('stay within the message that is being read', () => {
    // A message of two bytes that says it holds a text of three; more bytes follow it.
    const reader = readerOf(2, 0x0a, 3, 0x61, 0x62, 0x63);
    const outer = reader.enter();
    expect(reader.tag()).toBe(10);
    expect(() => reader.string()).toThrow('the bytes end in the middle of a field');
    reader.leave(outer);
    expect(reader.end).toBe(6);
  });

  it('cannot nest messages without end', () => {
    let bytes: Buffer = Buffer.alloc(0);
    for (let depth = 0; depth < 600; depth++) bytes = written((writer) => writer.bytes(bytes));
    const reader = new ProtobufReader(bytes);
    const enterAll = () => {
      while (reader.more) reader.enter();
    };
    expect(enterAll).toThrow('messages are nested more than 500 deep');
  });

  it('of a wire type that Kubernetes does not write are refused', () => {
    for (const wireType of [3, 4, 6, 7]) {
      expect(() => readerOf(0).skipUnknown('core.v1.Pod', 800 + wireType)).toThrow(`has the wire type ${wireType}`);
    }
  });
});

describe('unknown fields', () => {
  it('are skipped whatever their wire type, and remembered, the first hundred of them', () => {
    const bytes = written((writer) => {
      writer.double(1);
      writer.string('text');
      writer.raw(Buffer.alloc(4));
      writer.varint(300);
    });
    const reader = new ProtobufReader(bytes);
    reader.skipUnknown('T', 8);
    reader.skipUnknown('T', 21);
    reader.skipUnknown('T', 26);
    reader.skipUnknown('T', 33);
    expect(reader.more).toBe(false);
    expect(reader.unknownFields.map((field) => field.number)).toEqual([1, 2, 3, 4]);
    const many = new ProtobufReader(Buffer.alloc(1000));
    while (many.more) many.skipUnknown('T', 8);
    expect(many.unknownFields.length).toBe(100);
  });
});

describe('texts', () => {
  it('come back as they were written, short or long, again and again', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 80 }), { maxLength: 20 }), (texts) => {
        const bytes = written((writer) => {
          for (const text of texts.toReversed()) writer.string(text);
        });
        for (let time = 0; time < 2; time++) {
          const reader = new ProtobufReader(bytes);
          expect(texts.map(() => reader.string())).toEqual(texts);
        }
      }),
    );
  });

  it('grow the writer as far as they need', () => {
    const long = 'x'.repeat(100_000);
    const bytes = written((writer) => {
      writer.string(long);
      writer.string('short');
    });
    const reader = new ProtobufReader(bytes);
    expect(reader.string()).toBe('short');
    expect(reader.string()).toBe(long);
  });
});
