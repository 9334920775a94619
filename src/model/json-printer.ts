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
/** Anything but what stands as it is: what Go or JSON escapes, and surrogates, of which single ones are escaped. */
const ESCAPED = /[^ !#-%'-;=?-[\]-\u2027\u202A-\uD7FF\uE000-\uFFFF]/;
/** Objects of more fields than this are sorted by the library. */
const FEW = 32;
const MOST_LAYOUTS = 16;
const MOST_KEYS = 2000;
const LONGEST_KEY = 64;

/**
 * A JSON value as `kubectl -o json` prints it, without the line feed behind it: one field a line, `{}` and `[]` for empty
 * ones, `<`, `>`, `&`, U+2028 and U+2029 escaped, integers beyond 2^53 in full. Fields that are undefined are left out.
 */
export function printJson(value: unknown, layout: JsonLayout = {}): string {
  return new JsonPrinter(layout.sortKeys ?? false).print(value, levelOf(layout.indent ?? 4, layout.margin ?? 0));
}

/** A JSON value on one line without spaces, as Go's json.Marshal writes it. */
export function compactJson(value: unknown, layout: Pick<JsonLayout, 'sortKeys'> = {}): string {
  return new JsonPrinter(layout.sortKeys ?? false).print(value, levelOf(undefined, 0));
}

/** A string as Go's encoding/json quotes it. */
export function jsonString(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text).replaceAll(UNSAFE, escapeUnsafe) : `"${text}"`;
}

function escapeUnsafe(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The texts between the values of a level, made once: keys repeat in every object of a list. */
class Level {
  /** What a line of the level begins with, and the line break before. */
  readonly line: string;
  /** The same for the values inside. */
  readonly inner: string;
  readonly #unit: string | undefined;
  readonly #keys = new Map<string, string>();
  #next: Level | undefined;

  /** `unit` is what one level adds to a line's beginning; undefined for everything on one line. */
  constructor(unit: string | undefined, line: string) {
    this.#unit = unit;
    this.line = line;
    this.inner = unit === undefined ? '' : line + unit;
  }

  get next(): Level {
    this.#next ??= this.#unit === undefined ? this : new Level(this.#unit, this.inner);
    return this.#next;
  }

  /** The beginning of a field's line. */
  key(key: string): string {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const text = `${this.inner}${jsonString(key)}${this.#unit === undefined ? ':' : ': '}`;
    if (this.#keys.size < MOST_KEYS && key.length <= LONGEST_KEY) this.#keys.set(key, text);
    return text;
  }
}

// A memo of texts: what is printed does not depend on it.
const LEVELS = new Map<string, Level>();

function levelOf(indent: number | undefined, margin: number): Level {
  const name = `${indent} ${margin}`;
  const known = LEVELS.get(name);
  if (known !== undefined) return known;
  const unit = indent === undefined ? undefined : ' '.repeat(indent);
  const level = new Level(unit, unit === undefined ? '' : `\n${' '.repeat(margin)}`);
  if (LEVELS.size < MOST_LAYOUTS) LEVELS.set(name, level);
  return level;
}

class JsonPrinter {
  readonly #sortKeys: boolean;
  #text = '';

  constructor(sortKeys: boolean) {
    this.#sortKeys = sortKeys;
  }

  print(value: unknown, level: Level): string {
    this.#value(value, level);
    return this.#text;
  }

  #value(value: unknown, level: Level): void {
    if (typeof value === 'string') this.#text += jsonString(value);
    else if (typeof value === 'number' || typeof value === 'bigint') this.#text += jsonNumber(value);
    else if (value instanceof RawJson) this.#value(value.toJSON(), level);
    else if (Array.isArray(value)) this.#array(value, level);
    else if (typeof value === 'object' && value !== null) this.#object(value, level);
    else this.#text += typeof value === 'boolean' ? String(value) : 'null';
  }

  #array(items: readonly unknown[], level: Level): void {
    if (items.length === 0) {
      this.#text += '[]';
      return;
    }
    let before = '[';
    for (const item of items) {
      this.#text += before + level.inner;
      this.#value(item, level.next);
      before = ',';
    }
    this.#text += `${level.line}]`;
  }

  #object(object: object, level: Level): void {
    const keys = Object.keys(object);
    if (this.#sortKeys) sortBytewise(keys);
    const fields = object as Readonly<Record<string, unknown>>;
    let before = '{';
    for (const key of keys) {
      const value = fields[key];
      if (value === undefined) continue;
      this.#text += before + level.key(key);
      this.#value(value, level.next);
      before = ',';
    }
    this.#text += before === '{' ? '{}' : `${level.line}}`;
  }
}

/** Sorts in place; a few by insertion, which for the fields of a struct is several times faster. */
function sortBytewise(keys: string[]): void {
  if (keys.length > FEW) {
    keys.sort(compareBytes);
    return;
  }
  for (let index = 1; index < keys.length; index++) {
    const key = keys[index] ?? '';
    let at = index;
    for (; at > 0; at--) {
      const left = keys[at - 1] ?? '';
      if (compareBytes(left, key) <= 0) break;
      keys[at] = left;
    }
    keys[at] = key;
  }
}
