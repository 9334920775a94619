/** Small enough for Node.js to take it from memory that it has at hand: most objects are smaller. */
const START_SIZE = 1024;

/** Writes a message from its end to its start, so that a length is known when it is written. */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafe(START_SIZE);
  #start = START_SIZE;

  /** How many bytes have been written. */
  get size(): number {
    return this.#bytes.length - this.#start;
  }

  /** What has been written: a copy that is the caller's. */
  toBuffer(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#start));
  }

  /** An unsigned varint of a whole number up to 2^53. */
  varint(value: number): void {
    if (value < 128) {
      const only = this.#reserve(1);
      this.#bytes[only] = value;
      return;
    }
    let length = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
    let at = this.#reserve(length);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[at] = rest;
  }

  /** A varint of 64 bits; a negative number has ten bytes. */
  int64(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0) {
      this.varint(value);
      return;
    }
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 128n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.raw(Buffer.from(bytes));
  }

  double(value: number): void {
    const at = this.#reserve(8);
    this.#bytes.writeDoubleLE(value, at);
  }

  /** A text with its length. */
  string(text: string): void {
    const length = Buffer.byteLength(text);
    const at = this.#reserve(length);
    this.#bytes.write(text, at, length, 'utf8');
    this.varint(length);
  }

  /** Bytes with their length. */
  bytes(bytes: Buffer): void {
    this.raw(bytes);
    this.varint(bytes.length);
  }

  raw(bytes: Buffer): void {
    // Room first: making it may replace the buffer.
    const at = this.#reserve(bytes.length);
    bytes.copy(this.#bytes, at);
  }

  tag(number: number, wireType: number): void {
    this.varint(number * 8 + wireType);
  }

  /** Makes room before what is written; returns where it starts. */
  #reserve(length: number): number {
    if (this.#start < length) {
      const { size } = this;
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, size + length * 2));
      this.#bytes.copy(grown, grown.length - size, this.#start);
      this.#bytes = grown;
      this.#start = grown.length - size;
    }
    this.#start -= length;
    return this.#start;
  }
}
