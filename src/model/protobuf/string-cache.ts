const SLOTS = 4096;
const LONGEST = 32;

/** Short strings that were read lately: keys, types and statuses repeat in every object of a list. Bounded, and only faster. */
export class StringCache {
  readonly #texts: (string | undefined)[] = Array.from({ length: SLOTS });
  readonly #bytes: (Buffer | undefined)[] = Array.from({ length: SLOTS });

  /** The UTF-8 text of a part of some bytes. */
  text(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return '';
    if (length > LONGEST) return bytes.toString('utf8', start, end);
    let hash = length;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const slot = hash & (SLOTS - 1);
    const known = this.#bytes[slot];
    const text = this.#texts[slot];
    if (known !== undefined && text !== undefined && isSame(known, bytes, start, length)) return text;
    const fresh = bytes.toString('utf8', start, end);
    this.#texts[slot] = fresh;
    this.#bytes[slot] = Buffer.from(bytes.subarray(start, end));
    return fresh;
  }
}

function isSame(known: Buffer, bytes: Buffer, start: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let at = 0; at < length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}
