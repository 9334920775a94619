import { goBytes, goString, hasRawBytes } from './go-bytes.ts';

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};
const SCRIPT: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

/** The template function `html`. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/["'&<>\0]/g, (character) => HTML[character] ?? character);
}

/** The template function `js`. */
export function escapeScript(text: string): string {
  return Array.from(text, scriptCharacter).join('');
}

/** The template function `urlquery`. */
export function escapeQuery(text: string): string {
  return Array.from(goBytes(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[\w.~-]/.test(character)) return character;
    return character === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/** Standard base64 to text; undefined and the place of the first wrong byte when it is none. Line breaks are skipped. */
export function decodeBase64(text: string): { readonly text: string } | { readonly wrongAt: number } {
  const bytes = goBytes(text);
  const kept: number[] = [];
  for (const [at, byte] of bytes.entries()) if (byte !== 0x0a && byte !== 0x0d) kept.push(at);
  const wrong = firstWrong(bytes, kept);
  if (wrong !== undefined) return { wrongAt: wrong };
  return { text: goString(Buffer.from(bytes.toString('latin1'), 'base64')) };
}

/** Groups of four; `=` may only fill up the last one. */
function firstWrong(bytes: Uint8Array, kept: readonly number[]): number | undefined {
  for (let group = 0; group < kept.length; group += 4) {
    for (let index = 0; index < 4; index++) {
      const at = kept[group + index];
      // What is cut short is said to be wrong where its last group began to lack.
      if (at === undefined) return index === 0 ? undefined : bytes.length - index;
      const character = String.fromCharCode(bytes[at] ?? 0);
      if (character === '=') return paddingFault(bytes, kept, group + index);
      if (!/[A-Za-z0-9+/]/.test(character)) return at;
    }
  }
  return undefined;
}

function paddingFault(bytes: Uint8Array, kept: readonly number[], first: number): number | undefined {
  const at = kept[first] ?? 0;
  const place = first % 4;
  if (place < 2) return at;
  let next = first + 1;
  if (place === 2) {
    const second = kept[next];
    if (second === undefined) return bytes.length;
    if (bytes[second] !== 0x3d) return second - 1;
    next++;
  }
  return kept[next];
}

function scriptCharacter(rune: string): string {
  const known = SCRIPT[rune];
  if (known !== undefined) return known;
  const code = rune.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x80) return rune;
  if (code >= 0x80 && !hasRawBytes(rune) && PRINTABLE.test(rune)) return rune;
  const shown = hasRawBytes(rune) ? 0xfffd : code;
  return code >= 0x80 && hasRawBytes(rune) ? '\ufffd' : `\\u${shown.toString(16).toUpperCase().padStart(4, '0')}`;
}
