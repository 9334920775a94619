import type { JsonValue } from './json-value.ts';
import { UserError } from './user-error.ts';
import { int64OrDouble } from './yaml-scalar.ts';

/** Text that is no JSON, in the words of Go's encoding/json. `offset` counts the bytes read; none at an early end. */
export class JsonSyntaxError extends UserError {
  override readonly name = 'JsonSyntaxError';
  readonly offset: number | undefined;

  constructor(message: string, offset?: number) {
    super(message);
    this.offset = offset;
  }
}

/** A value and the position behind it. */
export interface JsonRead {
  readonly value: JsonValue;
  readonly end: number;
}

/** Containers may lie this deep in each other; Go allows 10,000. */
const MOST_DEPTH = 1000;
// oxlint-disable-next-line no-control-regex -- JSON forbids them in strings
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/**
 * Reads the JSON value that starts at `start`, as Go's json.Decoder reads one value of a stream: strict JSON, the last of
 * equal keys wins, integers exact (bigint inside int64, the nearest double outside), half surrogates become U+FFFD.
 * Returns undefined when only white space is left. Throws JsonSyntaxError, and UserError for a number beyond a double.
 */
export function readJsonValue(text: string, start: number): JsonRead | undefined {
  const reader = new JsonReader(text, start);
  if (reader.atEnd()) return undefined;
  const value = reader.value(0);
  return { value, end: reader.position };
}

/** Reads a text that is one JSON value. Throws JsonSyntaxError. */
export function parseJson(text: string): JsonValue {
  const read = readJsonValue(text, 0);
  if (read === undefined) throw new JsonSyntaxError('unexpected end of JSON input');
  const rest = new JsonReader(text, read.end);
  if (!rest.atEnd()) throw rest.unexpected('after top-level value');
  return read.value;
}

class JsonReader {
  readonly #text: string;
  readonly #start: number;
  position: number;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#start = start;
    this.position = start;
  }

  atEnd(): boolean {
    this.#space();
    return this.position >= this.#text.length;
  }

  value(depth: number): JsonValue {
    if (depth > MOST_DEPTH) throw new JsonSyntaxError('exceeded max depth', this.#offset());
    this.#space();
    switch (this.#text.charAt(this.position)) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#literal('true', true);
      case 'f':
        return this.#literal('false', false);
      case 'n':
        return this.#literal('null', null);
      default:
        return this.#number();
    }
  }

  unexpected(context: string): JsonSyntaxError {
    const code = this.#text.codePointAt(this.position);
    if (code === undefined) return new JsonSyntaxError('unexpected EOF');
    return new JsonSyntaxError(
      `invalid character ${quoted(String.fromCodePoint(code))} ${context}`,
      this.#offset() + 1,
    );
  }

  #offset(): number {
    return Buffer.byteLength(this.#text.slice(this.#start, this.position));
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.position);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.position++;
    }
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.position += found.length;
    return found;
  }

  #at(character: string): boolean {
    if (this.#text.charAt(this.position) !== character) return false;
    this.position++;
    return true;
  }

  #object(depth: number): JsonValue {
    const object: Record<string, JsonValue> = {};
    this.position++;
    this.#space();
    if (this.#at('}')) return object;
    for (;;) {
      this.#space();
      if (this.#text.charAt(this.position) !== '"') throw this.unexpected('looking for beginning of object key string');
      const key = this.#string();
      this.#space();
      if (!this.#at(':')) throw this.unexpected('after object key');
      const value = this.value(depth + 1);
      setField(object, key, value);
      this.#space();
      if (this.#at('}')) return object;
      if (!this.#at(',')) throw this.unexpected('after object key:value pair');
    }
  }

  #array(depth: number): JsonValue {
    const array: JsonValue[] = [];
    this.position++;
    this.#space();
    if (this.#at(']')) return array;
    for (;;) {
      array.push(this.value(depth + 1));
      this.#space();
      if (this.#at(']')) return array;
      if (!this.#at(',')) throw this.unexpected('after array element');
    }
  }

  #string(): string {
    this.position++;
    let result = this.#skip(PLAIN_TEXT);
    while (!this.#at('"')) {
      if (!this.#at('\\')) throw this.unexpected('in string literal');
      result += this.#escape();
      result += this.#skip(PLAIN_TEXT);
    }
    return /[\ud800-\udfff]/.test(result) ? Buffer.from(result).toString() : result;
  }

  #escape(): string {
    const letter = this.#text.charAt(this.position);
    if (letter === 'u') {
      this.position++;
      return String.fromCharCode(this.#hexadecimal());
    }
    const character = ESCAPES.get(letter);
    if (character === undefined) throw this.unexpected('in string escape code');
    this.position++;
    return character;
  }

  #hexadecimal(): number {
    const start = this.position;
    while (this.position < start + 4) {
      if (!/[\da-fA-F]/.test(this.#text.charAt(this.position))) {
        throw this.unexpected(String.raw`in \u hexadecimal character escape`);
      }
      this.position++;
    }
    return Number.parseInt(this.#text.slice(start, this.position), 16);
  }

  #literal<T extends boolean | null>(word: string, value: T): T {
    for (const letter of word) {
      if (!this.#at(letter)) throw this.unexpected(`in literal ${word} (expecting '${letter}')`);
    }
    return value;
  }

  #number(): JsonValue {
    NUMBER.lastIndex = this.position;
    const match = NUMBER.exec(this.#text);
    if (match === null) {
      if (!this.#at('-')) throw this.unexpected('looking for beginning of value');
      throw this.unexpected('in numeric literal');
    }
    const [text, fraction, exponent] = match;
    this.position += text.length;
    const next = this.#text.charAt(this.position);
    if (fraction === undefined && exponent === undefined && next === '.') {
      this.position++;
      throw this.unexpected('after decimal point in numeric literal');
    }
    if (exponent === undefined && (next === 'e' || next === 'E')) {
      this.position++;
      if (!this.#at('-')) this.#at('+');
      throw this.unexpected('in exponent of numeric literal');
    }
    if (fraction === undefined && exponent === undefined) {
      return text.length < 16 ? Number(text) + 0 : int64OrDouble(BigInt(text));
    }
    const value = Number(text);
    if (!Number.isFinite(value)) {
      throw new UserError(`json: cannot unmarshal number ${text} into Go value of type float64`);
    }
    return value;
  }
}

function setField(target: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

function quoted(character: string): string {
  if (character === "'") return String.raw`'\''`;
  if (character === '"') return `'"'`;
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}
