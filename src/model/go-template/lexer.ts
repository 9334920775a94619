import { goQuote } from '../go-text.ts';
import type { Token, TokenKind } from './token.ts';

const LEFT = '{{';
const RIGHT = '}}';
const KEYWORDS = new Set('. block break continue define else end if nil range template with'.split(' '));
const SPACES = ' \t\r\n';
const WORD = /[_\p{L}\p{Nd}]+/uy;
const WORD_CHARACTER = /^[_\p{L}\p{Nd}]$/u;
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const QUOTED = /"(?:\\[^\n]|[^"\\\n])*"/uy;
const CHARACTER = /'(?:\\[^\n]|[^'\\\n])*'/uy;
const NUMBER =
  /[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?/uy;
const SINGLE: Readonly<Record<string, TokenKind>> = { '=': 'assign', '|': 'pipe' };

/** Cuts a template into tokens as Go's text/template/parse does. The last is `eof`, or an `error` that says what is wrong. */
export function lex(text: string): [Token, ...Token[]] {
  return new Lexer(text).run();
}

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  /** Where lines have been counted up to, and how many line feeds there were. */
  #counted = 0;
  #line = 1;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): [Token, ...Token[]] {
    while (this.#outside()) {
      while (this.#inside());
      if (this.#tokens.at(-1)?.kind === 'error') break;
    }
    const [first = this.#tokenAt('eof', 0, 0), ...rest] = this.#tokens;
    return [first, ...rest];
  }

  /** Text up to the next action, and its left delimiter; false when there is no action any more. */
  #outside(): boolean {
    const start = this.#at;
    const open = this.#text.indexOf(LEFT, start);
    if (open < 0) {
      if (start < this.#text.length) this.#push('text', start, this.#text.length);
      this.#push('eof', this.#text.length, this.#text.length);
      return false;
    }
    const trims = this.#trimsLeft(open + LEFT.length);
    const end = trims ? start + this.#text.slice(start, open).replace(/[ \t\r\n]+$/, '').length : open;
    if (end > start) this.#push('text', start, end);
    const inner = open + LEFT.length + (trims ? 2 : 0);
    if (this.#text.startsWith('/*', inner)) return this.#comment(inner);
    this.#push('leftDelim', open, open + LEFT.length);
    this.#at = inner;
    this.#depth = 0;
    return true;
  }

  /** Skips a comment and goes on with the text behind it. */
  #comment(start: number): boolean {
    const end = this.#text.indexOf('*/', start + 2);
    if (end < 0) return this.#fail(start, 'unclosed comment');
    const trims = this.#trimsRight(end + 2);
    if (!trims && !this.#text.startsWith(RIGHT, end + 2)) {
      return this.#fail(start, 'comment ends before closing delimiter');
    }
    this.#at = this.#behind(end + 2, trims);
    return this.#outside();
  }

  /** One token of an action; false when the action is over or something is wrong. */
  #inside(): boolean {
    const at = this.#at;
    const trims = this.#trimsRight(at);
    if (trims || this.#text.startsWith(RIGHT, at)) {
      if (this.#depth > 0) return this.#fail(at, 'unclosed left paren');
      const start = at + (trims ? 2 : 0);
      this.#push('rightDelim', start, start + RIGHT.length);
      this.#at = this.#behind(at, trims);
      return false;
    }
    if (at >= this.#text.length) return this.#fail(at, 'unclosed action');
    const rune = String.fromCodePoint(this.#text.codePointAt(at) ?? 0);
    if (SPACES.includes(rune)) return this.#space(at);
    return this.#symbol(rune, at) ?? this.#operand(rune, at);
  }

  /** Punctuation; undefined when it is none. */
  #symbol(rune: string, at: number): boolean | undefined {
    const single = SINGLE[rune];
    if (single !== undefined) return this.#push(single, at, at + 1);
    switch (rune) {
      case ':':
        return this.#text[at + 1] === '=' ? this.#push('declare', at, at + 2) : this.#fail(at, 'expected :=');
      case '(':
        this.#depth++;
        return this.#push('leftParen', at, at + 1);
      case ')':
        this.#depth--;
        return this.#depth < 0 ? this.#fail(at, 'unexpected right paren') : this.#push('rightParen', at, at + 1);
      default:
        return undefined;
    }
  }

  #operand(rune: string, at: number): boolean {
    switch (rune) {
      case '"':
        return this.#matched('string', QUOTED, 'unterminated quoted string');
      case "'":
        return this.#matched('charConstant', CHARACTER, 'unterminated character constant');
      case '`': {
        const end = this.#text.indexOf('`', at + 1);
        return end < 0 ? this.#fail(at, 'unterminated raw quoted string') : this.#push('rawString', at, end + 1);
      }
      case '$':
        return this.#name('variable', at);
      default:
    }
    const next = this.#text[at + 1];
    if (rune === '.' && next !== undefined && !/\d/.test(next)) return this.#name('field', at);
    if (/[.+\-\d]/.test(rune)) return this.#number(at);
    if (WORD_CHARACTER.test(rune)) return this.#identifier(at);
    if (rune < '\u007f' && PRINTABLE.test(rune)) return this.#push('char', at, at + 1);
    return this.#fail(at, `unrecognized character in action: ${unicodeText(rune)}`);
  }

  #matched(kind: TokenKind, pattern: RegExp, otherwise: string): boolean {
    const match = this.#match(pattern, this.#at);
    return match === '' ? this.#fail(this.#at, otherwise) : this.#push(kind, this.#at, this.#at + match.length);
  }

  /** A run of spaces; its last one may belong to a trimming right delimiter. */
  #space(at: number): boolean {
    let end = at;
    while (end < this.#text.length && SPACES.includes(this.#text.charAt(end))) end++;
    if (this.#trimsRight(end - 1)) end--;
    return end === at || this.#push('space', at, end);
  }

  /** What begins with `.` or `$`: a field, a variable, or the sign alone. */
  #name(kind: 'field' | 'variable', at: number): boolean {
    const end = at + 1 + this.#match(WORD, at + 1).length;
    if (!this.#ends(end)) return this.#badCharacter(at, end);
    if (end === at + 1 && kind === 'field') return this.#push('keyword', at, end);
    return this.#push(kind, at, end);
  }

  #identifier(at: number): boolean {
    const word = this.#match(WORD, at);
    const end = at + word.length;
    if (!this.#ends(end)) return this.#badCharacter(at, end);
    if (KEYWORDS.has(word)) return this.#push('keyword', at, end);
    return this.#push(word === 'true' || word === 'false' ? 'bool' : 'identifier', at, end);
  }

  #number(at: number): boolean {
    let end = at + this.#match(NUMBER, at).length;
    if (this.#isWord(end)) return this.#badNumber(at, end);
    const sign = this.#text[end];
    if (sign !== '+' && sign !== '-') return this.#push('number', at, end);
    end += this.#match(NUMBER, end).length;
    if (this.#isWord(end)) return this.#badNumber(at, end);
    if (this.#text[end - 1] !== 'i') return this.#fail(at, `bad number syntax: ${goQuote(this.#text.slice(at, end))}`);
    return this.#push('complex', at, end);
  }

  #badNumber(at: number, end: number): boolean {
    const last = String.fromCodePoint(this.#text.codePointAt(end) ?? 0);
    return this.#fail(at, `bad number syntax: ${goQuote(this.#text.slice(at, end) + last)}`);
  }

  #badCharacter(at: number, end: number): boolean {
    const rune = String.fromCodePoint(this.#text.codePointAt(end) ?? 0);
    return this.#fail(at, `bad character ${unicodeText(rune)}`);
  }

  #isWord(at: number): boolean {
    return this.#match(WORD, at) !== '';
  }

  /** Whether a name may end here. */
  #ends(at: number): boolean {
    const next = this.#text[at];
    return next === undefined || `${SPACES}.,|:)(`.includes(next) || this.#text.startsWith(RIGHT, at);
  }

  #match(pattern: RegExp, at: number): string {
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0] ?? '';
  }

  #trimsLeft(at: number): boolean {
    return this.#text[at] === '-' && SPACES.includes(this.#text[at + 1] ?? 'x');
  }

  /** Whether ` -}}` stands here. */
  #trimsRight(at: number): boolean {
    return SPACES.includes(this.#text[at] ?? 'x') && this.#text.startsWith(`-${RIGHT}`, at + 1);
  }

  /** Where the text behind a right delimiter begins. */
  #behind(at: number, trims: boolean): number {
    let behind = at + (trims ? 2 : 0) + RIGHT.length;
    if (!trims) return behind;
    while (behind < this.#text.length && SPACES.includes(this.#text.charAt(behind))) behind++;
    return behind;
  }

  #push(kind: TokenKind, start: number, end: number): true {
    this.#tokens.push(this.#tokenAt(kind, start, end));
    this.#at = end;
    return true;
  }

  #tokenAt(kind: TokenKind, start: number, end: number): Token {
    return { kind, at: start, line: this.#lineAt(start), text: this.#text.slice(start, end) };
  }

  #fail(at: number, text: string): false {
    this.#tokens.push({ kind: 'error', at, line: this.#lineAt(at), text });
    return false;
  }

  #lineAt(at: number): number {
    for (let next = this.#text.indexOf('\n', this.#counted); next >= 0 && next < at;) {
      this.#line++;
      this.#counted = next + 1;
      next = this.#text.indexOf('\n', this.#counted);
    }
    return this.#line;
  }
}

/** A character as Go's `%#U` prints it. */
function unicodeText(rune: string): string {
  const code = (rune.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return PRINTABLE.test(rune) ? `U+${code} '${rune}'` : `U+${code}`;
}
