const LONE_ESCAPE = /[\udc80-\udcff]/u;
const ESCAPE_BASE = 0xdc00;

/**
 * A Go string's bytes. Go strings may hold bytes that are no UTF-8; in our strings each such byte is a lone surrogate from
 * U+DC80 to U+DCFF.
 */
export function goBytes(text: string): Buffer {
  if (!hasRawBytes(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (const part of text.split(/([\udc80-\udcff]+)/u)) {
    parts.push(
      hasRawBytes(part) ? Buffer.from(Array.from(part, (unit) => unit.charCodeAt(0) - ESCAPE_BASE)) : Buffer.from(part),
    );
  }
  return Buffer.concat(parts);
}

/** The string of some bytes; the opposite of goBytes. */
export function goString(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  if (!text.includes('\ufffd')) return text;
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = runeLength(bytes, at);
    parts.push(
      length === 0
        ? String.fromCharCode(ESCAPE_BASE + (bytes[at] ?? 0))
        : Buffer.from(bytes.subarray(at, at + length)).toString('utf8'),
    );
    at += Math.max(length, 1);
  }
  return parts.join('');
}

/** Whether the string holds bytes that are no UTF-8. */
export function hasRawBytes(text: string): boolean {
  return LONE_ESCAPE.test(text);
}

/** The length in bytes of a Go string. */
export function goLength(text: string): number {
  return hasRawBytes(text) ? goBytes(text).length : Buffer.byteLength(text);
}

/** How many bytes the valid UTF-8 character at this place has; 0 when there is none. */
function runeLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const rune = Buffer.from(bytes.subarray(at, at + length));
  if (rune.length < length) return 0;
  return Buffer.from(rune.toString('utf8')).equals(rune) ? length : 0;
}
