import { JsonPathError } from './json-path-error.ts';

const SHORT: Record<string, string> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' };
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/y;

/**
 * The text inside quotes (single or double, which must be the first and the last character), with Go's escapes.
 * Throws JsonPathError (`invalid syntax`).
 */
export function unquote(quoted: string): string {
  const quote = quoted.at(0);
  const text = quoted.slice(1, -1);
  if (!text.includes('\\') && !text.includes(quote ?? '')) return text;
  const parts: Buffer[] = [];
  for (let at = 0; at < text.length;) {
    if (text[at] === quote) throw invalid();
    if (text[at] !== '\\') {
      const next = text.slice(at).search(/[\\'"]/);
      const end = next > 0 ? at + next : next === 0 ? at + 1 : text.length;
      parts.push(Buffer.from(text.slice(at, end)));
      at = end;
      continue;
    }
    ESCAPE.lastIndex = at;
    const match = ESCAPE.exec(text);
    if (!match) throw invalid();
    parts.push(escaped(match, quote));
    at = ESCAPE.lastIndex;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** `\x` and octal escapes are bytes; the others are characters. */
function escaped([, hex, octal, short, long, other = '']: RegExpExecArray, quote: string | undefined): Buffer {
  if (hex !== undefined) return Buffer.of(Number.parseInt(hex, 16));
  if (octal !== undefined) {
    const byte = Number.parseInt(octal, 8);
    if (byte > 255) throw invalid();
    return Buffer.of(byte);
  }
  if (short !== undefined || long !== undefined) {
    const code = Number.parseInt(short ?? long ?? '', 16);
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw invalid();
    return Buffer.from(String.fromCodePoint(code));
  }
  const character = other === quote ? quote : SHORT[other];
  if (character === undefined) throw invalid();
  return Buffer.from(character);
}

function invalid(): JsonPathError {
  return new JsonPathError('invalid syntax');
}
