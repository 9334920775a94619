import { JsonPathError } from './json-path-error.ts';
import type { JsonPathList, JsonPathNode, JsonPathSlice } from './json-path-node.ts';
import { unquote } from './unquote.ts';

const END = '';
const SLICE = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/;
const COMPARISON = /^([^!<>=]+)([!<>=]+)([^\n]+)$/;
const FLOAT = /^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)$/;
const TERMINATOR = /[ \t\r\n.,[\]$@{}]/;
const INT64_LIMIT = 2n ** 63n;

/**
 * Reads a template of kubectl's JSONPath dialect: text with actions in braces. The list holds one node for each stretch of
 * text and one list for each action. Mirrors client-go/util/jsonpath/parser.go, quirks included: the quotes of `['a.b']`
 * do not protect the dot, a backslash does. Throws JsonPathError with that parser's message.
 */
export function parseTemplate(template: string): JsonPathList {
  return new Parser(template).parse();
}

class Parser {
  readonly #input: string;
  readonly #root: JsonPathNode[] = [];
  #action: JsonPathNode[] = [];
  #at = 0;

  constructor(input: string) {
    this.#input = input;
  }

  parse(): JsonPathList {
    while (this.#at < this.#input.length) {
      const open = this.#input.indexOf('{', this.#at);
      const end = open < 0 ? this.#input.length : open;
      if (end > this.#at) this.#root.push({ type: 'text', text: this.#input.slice(this.#at, end) });
      this.#at = end + 1;
      if (open >= 0) this.#parseAction();
    }
    return { type: 'list', nodes: this.#root };
  }

  #parseAction(): void {
    this.#action = [];
    this.#root.push({ type: 'list', nodes: this.#action });
    while (!this.#skip('}')) this.#parsePart();
  }

  #parsePart(): void {
    if (this.#skip('[?(')) return this.#parseFilter();
    if (this.#skip('..')) return this.#parseRecursive();
    const rune = this.#next();
    if (rune === END || rune === '\r' || rune === '\n') throw new JsonPathError('unclosed action');
    if (rune === ' ' || rune === '@' || rune === '$') return;
    if (rune === '[') return this.#parseArray();
    if (rune === '"' || rune === "'") return this.#parseQuote(rune);
    if (rune === '.') return this.#parseField();
    this.#at -= rune.length;
    if (/[+-]|\p{Nd}/u.test(rune)) return this.#parseNumber();
    if (isAlphaNumeric(rune)) return this.#parseIdentifier();
    throw new JsonPathError(`unrecognized character in action: ${unicodeName(rune)}`);
  }

  #parseIdentifier(): void {
    const length = this.#input.slice(this.#at).search(TERMINATOR);
    const name = length < 0 ? this.#input.slice(this.#at) : this.#input.slice(this.#at, this.#at + length);
    this.#at += name.length;
    if (name === 'true' || name === 'false') this.#action.push({ type: 'bool', value: name === 'true' });
    else this.#action.push({ type: 'identifier', name });
  }

  #parseRecursive(): void {
    if (this.#action.at(-1)?.type === 'recursive') throw new JsonPathError('invalid multiple recursive descent');
    this.#action.push({ type: 'recursive' });
    const rune = this.#next();
    this.#at -= rune.length;
    if (isAlphaNumeric(rune)) this.#parseField();
  }

  #parseNumber(): void {
    const [text = ''] = /^[+-]?[.\p{Nd}]*/u.exec(this.#input.slice(this.#at)) ?? [];
    this.#at += text.length;
    if (/^[+-]?[0-9]+$/.test(text) && isInt64(text)) this.#action.push({ type: 'int', value: Number(text) });
    else if (FLOAT.test(text)) this.#action.push({ type: 'float', value: Number(text) });
    else throw new JsonPathError(`cannot parse number ${text}`);
  }

  #parseArray(): void {
    const [, text, close] = /^([^\]\n]*)(.?)/.exec(this.#input.slice(this.#at)) ?? [];
    if (text === undefined || close !== ']') throw new JsonPathError('unterminated array');
    this.#at += text.length + 1;
    const inside = text === '*' ? ':' : text;
    const parts = inside.split(',');
    if (parts.length > 1) {
      const lists = parts.map((part) => parseAction(`[${part.replace(/^ +| +$/g, '')}]`));
      this.#action.push({ type: 'union', lists });
      return;
    }
    const key = /^'([^']*)'$/.exec(inside)?.[1];
    if (key === undefined) this.#action.push({ type: 'array', slice: parseSlice(inside) });
    else this.#action.push(...parseAction(`.${key}`).nodes);
  }

  #parseFilter(): void {
    const text = this.#filterText();
    if (this.#next() !== ']') throw new JsonPathError('unclosed array expect ]');
    const [, left, operator, right] = COMPARISON.exec(text) ?? [];
    if (left === undefined || operator === undefined || right === undefined) {
      const nothing: JsonPathList = { type: 'list', nodes: [] };
      this.#action.push({ type: 'filter', left: parseAction(text), operator: 'exists', right: nothing });
    } else {
      this.#action.push({ type: 'filter', left: parseAction(left), operator, right: parseAction(right) });
    }
  }

  /** Up to the closing parenthesis outside the one quoted text that a filter may have. */
  #filterText(): string {
    const start = this.#at;
    let quote = '';
    let closed = false;
    for (;;) {
      const rune = this.#next();
      if (rune === END || rune === '\n') throw new JsonPathError('unterminated filter');
      if (rune === '"' || rune === "'") {
        if (quote === '') quote = rune;
        else if (rune === quote && this.#input[this.#at - 2] !== '\\') closed = true;
      } else if (rune === ')' && (quote !== '') === closed) return this.#input.slice(start, this.#at - 1);
    }
  }

  #parseQuote(quote: string): void {
    const start = this.#at - 1;
    for (;;) {
      const rune = this.#next();
      if (rune === END || rune === '\n') throw new JsonPathError('unterminated quoted string');
      if (rune === quote && this.#input[this.#at - 2] !== '\\') break;
    }
    const quoted = this.#input.slice(start, this.#at);
    try {
      this.#action.push({ type: 'text', text: unquote(quoted) });
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error;
      throw new JsonPathError(`unquote string ${quoted} error ${error.message}`);
    }
  }

  #parseField(): void {
    const start = this.#at;
    for (let rune = this.#next(); ; rune = this.#next()) {
      if (rune === '\\') this.#next();
      else if (isTerminator(rune)) {
        this.#at -= rune.length;
        break;
      }
    }
    const name = this.#input.slice(start, this.#at);
    if (name === '*') this.#action.push({ type: 'wildcard' });
    else this.#action.push({ type: 'field', name: name.replaceAll('\\', '') });
  }

  #skip(text: string): boolean {
    if (!this.#input.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** The next character, '' at the end. */
  #next(): string {
    const code = this.#input.codePointAt(this.#at);
    const rune = code === undefined ? END : String.fromCodePoint(code);
    this.#at += rune.length;
    return rune;
  }
}

/** The nodes of an expression that stands where an action would. */
function parseAction(text: string): JsonPathList {
  const first = parseTemplate(`{${text}}`).nodes[0];
  return first?.type === 'list' ? first : { type: 'list', nodes: [] };
}

function parseSlice(text: string): JsonPathSlice {
  const [, first = '', second = '', third = ''] = SLICE.exec(text) ?? [];
  if (!SLICE.test(text)) throw new JsonPathError(`invalid array index ${text}`);
  const start = parseIndex(first);
  const single = second === '';
  const end = single ? (start ?? 0) + 1 : parseIndex(second.slice(1));
  return { start, end, step: parseIndex(third.slice(1)), single };
}

function parseIndex(text: string): number | undefined {
  if (text === '') return undefined;
  if (text === '-' || !isInt64(text)) throw new JsonPathError(`array index ${text} is not a number`);
  return Number(text);
}

function isInt64(digits: string): boolean {
  const value = BigInt(digits.replace(/^\+/, ''));
  return value >= -INT64_LIMIT && value < INT64_LIMIT;
}

function isTerminator(rune: string): boolean {
  return rune === END || TERMINATOR.test(rune);
}

function isAlphaNumeric(rune: string): boolean {
  return /^[_\p{L}\p{Nd}]$/u.test(rune);
}

/** As Go's `%#U`. */
function unicodeName(rune: string): string {
  const code = `U+${(rune.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(rune) ? `${code} '${rune}'` : code;
}
