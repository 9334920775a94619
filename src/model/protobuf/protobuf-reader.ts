import { isUtf8 } from 'node:buffer';
import { ProtobufError } from './protobuf-error.ts';
import { StringCache } from './string-cache.ts';

/** Of protobuf's wire types, those that Kubernetes writes. */
export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

/** Messages below messages; the deepest Kubernetes type (a JSON schema) is only as deep as what somebody wrote. */
const MAX_DEPTH = 500;
const MAX_REPORTED = 100;

/** What a message holds and its type, in the tables of this build, does not. */
export interface UnknownField {
  /** The message's type: `core.v1.PodSpec`. */
  readonly type: string;
  readonly number: number;
}

// A memo of texts: what is read does not depend on it.
const STRINGS = new StringCache();

/**
 * One cursor over the bytes of a message and those below it. Nothing is read beyond the end of the message that the cursor
 * is in, and nothing is allocated but copies of what is there. Every method throws ProtobufError on bytes that are damaged.
 */
export class ProtobufReader {
  readonly bytes: Buffer;
  position: number;
  end: number;
  /** What was skipped, the first hundred of it. */
  readonly unknownFields: UnknownField[] = [];
  #depth = 0;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /** An unsigned varint, exact up to 2^53; for tags, lengths, enums and booleans. */
  varint(): number {
    const { bytes, end } = this;
    let at = this.position;
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count++) {
      const byte = at < end ? bytes[at++] : undefined;
      if (byte === undefined) throw truncated();
      value += (byte & 127) * factor;
      if (byte < 128) {
        this.position = at;
        return value;
      }
      factor *= 128;
    }
    throw new ProtobufError('an integer has more than 64 bits');
  }

  /** A field's tag. */
  tag(): number {
    const tag = this.varint();
    if (tag > 0xff_ff_ff_ff || tag < 8) throw new ProtobufError(`${tag} is no tag of a field`);
    return tag;
  }

  /** A varint of 64 bits: a number while that is exact, a bigint beyond. */
  uint64(): number | bigint {
    const start = this.position;
    const value = this.varint();
    return value <= Number.MAX_SAFE_INTEGER ? value : this.#bits(start);
  }

  int64(): number | bigint {
    const start = this.position;
    const value = this.varint();
    if (value <= Number.MAX_SAFE_INTEGER) return value;
    const signed = BigInt.asIntN(64, this.#bits(start));
    const number = Number(signed);
    return Number.isSafeInteger(number) ? number : signed;
  }

  /** The low 32 bits of a varint, as Go takes them. */
  int32(): number {
    const value = this.int64();
    return typeof value === 'number' && (value | 0) === value ? value : Number(BigInt.asIntN(32, BigInt(value)));
  }

  uint32(): number {
    const value = this.uint64();
    return typeof value === 'number' && value <= 0xff_ff_ff_ff ? value : Number(BigInt.asUintN(32, BigInt(value)));
  }

  double(): number {
    const start = this.#take(8);
    return this.bytes.readDoubleLE(start);
  }

  string(): string {
    const length = this.varint();
    const start = this.#take(length);
    const text = STRINGS.text(this.bytes, start, this.position);
    if (text.includes('\uFFFD') && !isUtf8(this.bytes.subarray(start, this.position))) {
      throw new ProtobufError('a text is no UTF-8');
    }
    return text;
  }

  /** The bytes of a length-delimited field; they share memory with the input. */
  slice(): Buffer {
    const length = this.varint();
    const start = this.#take(length);
    return this.bytes.subarray(start, this.position);
  }

  /** Moves past a length-delimited field; where its bytes start and end. */
  skipBytes(): [start: number, end: number] {
    const length = this.varint();
    return [this.#take(length), this.position];
  }

  /** Enters a length-delimited message; the returned end is for `leave`. */
  enter(): number {
    const length = this.varint();
    const start = this.#take(length);
    if (++this.#depth > MAX_DEPTH) throw new ProtobufError(`messages are nested more than ${MAX_DEPTH} deep`);
    const outer = this.end;
    this.end = this.position;
    this.position = start;
    return outer;
  }

  leave(outer: number): void {
    this.#depth--;
    this.end = outer;
  }

  /** Whether the current message has more fields. */
  get more(): boolean {
    return this.position < this.end;
  }

  /** Skips a field of a type that does not have it, and remembers that. */
  skipUnknown(type: string, tag: number): void {
    if (this.unknownFields.length < MAX_REPORTED) this.unknownFields.push({ type, number: tag >>> 3 });
    switch (tag & 7) {
      case WIRE_VARINT:
        this.varint();
        break;
      case WIRE_FIXED64:
        this.#take(8);
        break;
      case WIRE_BYTES:
        this.#take(this.varint());
        break;
      case WIRE_FIXED32:
        this.#take(4);
        break;
      default:
        throw new ProtobufError(
          `field ${tag >>> 3} of ${type} has the wire type ${tag & 7}, which Kubernetes does not write`,
        );
    }
  }

  /** Moves past some bytes; returns where they start. */
  #take(length: number): number {
    const start = this.position;
    if (length > this.end - start) throw truncated();
    this.position = start + length;
    return start;
  }

  /** The 64 bits of the varint that was just read. */
  #bits(start: number): bigint {
    let value = 0n;
    for (let at = this.position - 1; at >= start; at--) value = (value << 7n) | BigInt((this.bytes[at] ?? 0) & 127);
    return BigInt.asUintN(64, value);
  }
}

function truncated(): ProtobufError {
  return new ProtobufError('the bytes end in the middle of a field');
}
