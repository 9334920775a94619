import { compareBytes } from './byte-order.ts';
import { jsonNumber } from './go-number.ts';
import { RawJson } from './raw-json.ts';

/** How JSON is laid out. */
export interface JsonLayout {
  /** Spaces a level; kubectl's 4 when not said. */
  readonly indent?: number;
  /** Sort keys by their bytes, as Go does with maps; else they stay as they are, as Go does with structs. */
  readonly sortKeys?: boolean;
  /** Spaces that every line but the first begins with, of a value inside another; none when not said. */
  readonly margin?: number;
}

const UNSAFE = /[<>&\u2028\u2029]/g;

/**
 * A JSON value as `kubectl -o json` prints it, without the line feed behind it: one field a line, `{}` and `[]` for empty
 * ones, `<`, `>`, `&`, U+2028 and U+2029 escaped, integers beyond 2^53 in full. Fields that are undefined are left out.
 */
export function printJson(value: unknown, layout: JsonLayout = {}): string {
  const parts: string[] = [];
  const unit = ' '.repeat(layout.indent ?? 4);
  new JsonPrinter(parts, layout.sortKeys ?? false, unit).value(value, `\n${' '.repeat(layout.margin ?? 0)}`);
  return parts.join('');
}

/** A JSON value on one line without spaces, as Go's json.Marshal writes it. */
export function compactJson(value: unknown, layout: Pick<JsonLayout, 'sortKeys'> = {}): string {
  const parts: string[] = [];
  new JsonPrinter(parts, layout.sortKeys ?? false, undefined).value(value, '');
  return parts.join('');
}

/** A string as Go's encoding/json quotes it. */
export function jsonString(text: string): string {
  return JSON.stringify(text).replaceAll(UNSAFE, escapeUnsafe);
}

function escapeUnsafe(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

class JsonPrinter {
  readonly #parts: string[];
  readonly #sortKeys: boolean;
  /** What one level adds to a line's beginning; undefined for everything on one line. */
  readonly #unit: string | undefined;

  constructor(parts: string[], sortKeys: boolean, unit: string | undefined) {
    this.#parts = parts;
    this.#sortKeys = sortKeys;
    this.#unit = unit;
  }

  /** Prints a value; `line` is the line break and the spaces that a line of its level begins with. */
  value(value: unknown, line: string): void {
    if (typeof value === 'string') this.#parts.push(jsonString(value));
    else if (typeof value === 'number' || typeof value === 'bigint') this.#parts.push(jsonNumber(value));
    else if (value instanceof RawJson) this.value(value.toJSON(), line);
    else if (Array.isArray(value)) this.#array(value, line);
    else if (typeof value === 'object' && value !== null) this.#object(value, line);
    else this.#parts.push(typeof value === 'boolean' ? String(value) : 'null');
  }

  #array(items: readonly unknown[], line: string): void {
    if (items.length === 0) {
      this.#parts.push('[]');
      return;
    }
    const inner = this.#unit === undefined ? '' : line + this.#unit;
    let before = '[';
    for (const item of items) {
      this.#parts.push(before, inner);
      this.value(item, inner);
      before = ',';
    }
    this.#parts.push(line, ']');
  }

  #object(object: object, line: string): void {
    const fields = Object.entries(object).filter(([, value]) => value !== undefined);
    if (fields.length === 0) {
      this.#parts.push('{}');
      return;
    }
    if (this.#sortKeys) fields.sort(([left], [right]) => compareBytes(left, right));
    const inner = this.#unit === undefined ? '' : line + this.#unit;
    const colon = this.#unit === undefined ? ':' : ': ';
    let before = '{';
    for (const [key, value] of fields) {
      this.#parts.push(before, inner, jsonString(key), colon);
      this.value(value, inner);
      before = ',';
    }
    this.#parts.push(line, '}');
  }
}
