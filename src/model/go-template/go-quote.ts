import { goQuote } from '../go-text.ts';

/** Whether a text can stand in backquotes as it is, on one line. */
export function canBackquote(text: string): boolean {
  return Array.from(text).every((rune) => {
    const code = rune.codePointAt(0) ?? 0;
    if (code === 0x60 || code === 0x7f || code === 0xfeff) return false;
    return (code >= 0x20 || code === 0x09) && !(code >= 0xdc80 && code <= 0xdcff);
  });
}

/** A text in double quotes (strconv.Quote), also one with bytes that are no UTF-8. */
export function quote(text: string): string {
  return goQuote(text).replaceAll(/\\udc([89a-f][\da-f])/g, (escape: string, byte: string, at: number, all: string) =>
    isEscaped(all, at) ? escape : `\\x${byte}`,
  );
}

/** Whether the backslash at this place is the second of a pair. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === '\\') first--;
  return (at - first) % 2 === 1;
}

/** A text in double quotes without any character beyond ASCII (strconv.QuoteToASCII). */
export function asciiQuote(text: string): string {
  return quote(text).replaceAll(/[^\0-\u007f]/gu, (rune) => {
    const code = (rune.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}
