import type { OutputStream } from '../context.ts';

const NEWLINE = 0x0a;

/**
 * Hands bytes on in whole lines, so that lines of several streams do not run into each other, each behind a prefix. `end`
 * writes a last line without its end as it is.
 */
export class LineWriter {
  readonly #out: OutputStream;
  readonly #prefix: Buffer;
  #rest: Uint8Array[] = [];

  constructor(out: OutputStream, prefix: string) {
    this.#out = out;
    this.#prefix = Buffer.from(prefix);
  }

  write(chunk: Uint8Array): void {
    const last = chunk.lastIndexOf(NEWLINE) + 1;
    if (last === 0) {
      if (chunk.length > 0) this.#rest.push(chunk);
      return;
    }
    const whole = Buffer.concat([...this.#rest, chunk.subarray(0, last)]);
    this.#rest = last < chunk.length ? [chunk.subarray(last)] : [];
    this.#out.write(this.#prefix.length === 0 ? whole : this.#prefixed(whole));
  }

  end(): void {
    if (this.#rest.length > 0) this.#out.write(Buffer.concat([this.#prefix, ...this.#rest]));
    this.#rest = [];
  }

  #prefixed(lines: Buffer): Buffer {
    const pieces: Buffer[] = [];
    for (let at = 0; at < lines.length;) {
      const end = lines.indexOf(NEWLINE, at) + 1;
      pieces.push(this.#prefix, lines.subarray(at, end));
      at = end;
    }
    return Buffer.concat(pieces);
  }
}
