import { goBytes, goString } from './go-bytes.ts';

const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };
const DIGITS: Readonly<Record<string, { readonly radix: number; readonly pattern: RegExp }>> = {
  x: { radix: 16, pattern: /^[\da-fA-F]{2}/ },
  u: { radix: 16, pattern: /^[\da-fA-F]{4}/ },
  U: { radix: 16, pattern: /^[\da-fA-F]{8}/ },
};
const OCTAL = { radix: 8, pattern: /^[0-7]{3}/ };

/** strconv.Unquote for strings in double quotes or backquotes. Throws SyntaxError `invalid syntax`. */
export function unquote(quoted: string): string {
  if (quoted.startsWith('`')) return quoted.slice(1, -1).replaceAll('\r', '');
  let rest = quoted.slice(1, -1);
  if (!rest.includes('\\')) return rest;
  const parts: Uint8Array[] = [];
  while (rest !== '') {
    const plain = /^[^\\]+/.exec(rest)?.[0] ?? '';
    if (plain !== '') {
      parts.push(goBytes(plain));
      rest = rest.slice(plain.length);
      continue;
    }
    const character = unquoteCharacter(rest, '"');
    parts.push(character.isByte ? Uint8Array.of(character.code) : Buffer.from(String.fromCodePoint(character.code)));
    rest = character.rest;
  }
  return goString(Buffer.concat(parts));
}

/** strconv.UnquoteChar: the first character of a text, which may be an escape. Throws SyntaxError `invalid syntax`. */
export function unquoteCharacter(text: string, quote: string): { code: number; isByte: boolean; rest: string } {
  const code = text.codePointAt(0);
  if (code === undefined || text.startsWith(quote)) throw invalid();
  if (code !== 0x5c) return { code, isByte: false, rest: text.slice(String.fromCodePoint(code).length) };
  const letter = text.charAt(1);
  const simple = letter === quote ? quote.charCodeAt(0) : SIMPLE[letter];
  if (simple !== undefined) return { code: simple, isByte: false, rest: text.slice(2) };
  return numericEscape(text, letter);
}

/** `\x41`, `\101`, `\u00e9` and `\U0001f600`; the first two stand for bytes. */
function numericEscape(text: string, letter: string): { code: number; isByte: boolean; rest: string } {
  const kind = DIGITS[letter] ?? OCTAL;
  const start = kind === OCTAL ? 1 : 2;
  const digits = kind.pattern.exec(text.slice(start))?.[0];
  if (digits === undefined) throw invalid();
  const code = Number.parseInt(digits, kind.radix);
  const isByte = letter === 'x' || kind === OCTAL;
  if (isByte ? code > 0xff : !isScalarValue(code)) throw invalid();
  return { code, isByte, rest: text.slice(start + digits.length) };
}

function isScalarValue(code: number): boolean {
  return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
}

function invalid(): SyntaxError {
  return new SyntaxError('invalid syntax');
}
