import { goQuote } from '../go-text.ts';

/** What a piece of a template is; named as in Go's text/template/parse. */
export type TokenKind =
  | 'assign'
  | 'bool'
  | 'char'
  | 'charConstant'
  | 'complex'
  | 'declare'
  | 'eof'
  | 'error'
  | 'field'
  | 'identifier'
  | 'keyword'
  | 'leftDelim'
  | 'leftParen'
  | 'number'
  | 'pipe'
  | 'rawString'
  | 'rightDelim'
  | 'rightParen'
  | 'space'
  | 'string'
  | 'text'
  | 'variable';

/** A piece of a template. `at` counts UTF-16 units from the template's beginning, `line` counts from 1. */
export interface Token {
  readonly kind: TokenKind;
  readonly at: number;
  readonly line: number;
  /** The piece itself; for an error what is wrong. */
  readonly text: string;
}

const LONGEST_SHOWN = 10;

/** A token as error messages show it. */
export function tokenText({ kind, text }: Token): string {
  if (kind === 'eof') return 'EOF';
  if (kind === 'error') return text;
  if (kind === 'keyword') return `<${text}>`;
  const runes = Array.from(text);
  // Go counts bytes to decide, and characters to cut.
  if (Buffer.byteLength(text) > LONGEST_SHOWN) return `${goQuote(runes.slice(0, LONGEST_SHOWN).join(''))}...`;
  return goQuote(text);
}

/** Whether the token is this keyword; `.` and `nil` are keywords too. */
export function isKeyword(token: Token, word: string): boolean {
  return token.kind === 'keyword' && token.text === word;
}
