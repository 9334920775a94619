import { compareBytes } from './byte-order.ts';
import { goFloat } from './go-number.ts';
import type { JsonValue } from './json-value.ts';
import { RawJson } from './raw-json.ts';

/** What Go's decoder makes of a JSON value: two values of different kinds are never equal in Go. */
export type GoKind = 'nil' | 'string' | 'bool' | 'int64' | 'float64' | 'slice' | 'map';

const TYPE_NAMES: Record<GoKind, string> = {
  nil: '<nil>',
  string: 'string',
  bool: 'bool',
  int64: 'int64',
  float64: 'float64',
  slice: '[]interface {}',
  map: 'map[string]interface {}',
};
const INT64_LIMIT = 2n ** 63n;
const SHORT_ESCAPES: Record<string, string> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** The kind of a JSON value once Go has decoded it into an `interface{}` the way Kubernetes does (int64 before float64). */
export function goKind(value: JsonValue | undefined): GoKind {
  if (value === null || value === undefined) return 'nil';
  if (value instanceof RawJson) return goKind(value.toJSON());
  if (Array.isArray(value)) return 'slice';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'bigint') return value >= -INT64_LIMIT && value < INT64_LIMIT ? 'int64' : 'float64';
  return 'map';
}

/** The name of a JSON value's Go type, as `%T` prints it: `map[string]interface {}`. */
export function goTypeName(value: JsonValue | undefined): string {
  return TYPE_NAMES[goKind(value)];
}

/** A JSON value as Go's `%v` prints it: `map[a:1 b:[x y]]`, `<nil>`, `1e+06` for a float. */
export function goText(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return '<nil>';
  if (value instanceof RawJson) return goText(value.toJSON());
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value === 'object') {
    return `map[${sortedFields(value, ([key, field]) => `${key}:${goText(field)}`).join(' ')}]`;
  }
  return scalarText(value);
}

/** A JSON value in Go's syntax, as `%#v` prints it: `map[string]interface {}{"a":"b"}`. */
export function goSyntax(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (value instanceof RawJson) return goSyntax(value.toJSON());
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value === 'string') return goQuote(value);
  if (typeof value !== 'object') return scalarText(value);
  return `map[string]interface {}{${sortedFields(value, ([key, field]) => `${goQuote(key)}:${goSyntax(field)}`).join(', ')}}`;
}

/** A text in double quotes, as Go's `%q` prints it. */
export function goQuote(text: string): string {
  return `"${text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|[\\"]/gu, escapeRune)}"`;
}

function sortedFields(
  object: { [key: string]: JsonValue | undefined },
  print: (field: [string, JsonValue]) => string,
): string[] {
  const fields = Object.entries(object).filter((field): field is [string, JsonValue] => field[1] !== undefined);
  return fields.sort(([a], [b]) => compareBytes(a, b)).map(print);
}

function scalarText(value: string | number | bigint | boolean): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return goFloat(value);
  if (typeof value === 'bigint' && goKind(value) === 'float64') return goFloat(Number(value));
  return String(value);
}

function escapeRune(rune: string): string {
  const short = SHORT_ESCAPES[rune];
  if (short !== undefined) return short;
  const code = rune.codePointAt(0) ?? 0;
  // Bytes that are no UTF-8, as go-bytes.ts keeps them.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
