import { goBytes, goString } from './go-bytes.ts';

const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };
const DIGITS: Readonly<Record<string, { readonly radix: number; readonly pattern: RegExp }>> = {
  x: { radix: 16, pattern: /^[\da-fA-F]{2}/ },
  u: { radix: 16, pattern: /^[\da-fA-F]{4}/ },
  U: { radix: 16, pattern: /^[\da-fA-F]{8}/ },
};

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
  const kind = DIGITS[letter];
  const digits = kind === undefined ? /^[0-7]{3}/.exec(text.slice(1))?.[0] : kind.pattern.exec(text.slice(2))?.[0];
  if (digits === undefined) throw invalid();
  const value = Number.parseInt(digits, kind?.radix ?? 8);
  const isByte = letter === 'x' || kind === undefined;
  if (isByte ? value > 0xff : value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) throw invalid();
  return { code: value, isByte, rest: text.slice((kind === undefined ? 1 : 2) + digits.length) };
}

function invalid(): SyntaxError {
  return new SyntaxError('invalid syntax');
}
