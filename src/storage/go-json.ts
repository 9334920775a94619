import { RawJson } from '../model/raw-json.ts';

const HTML = /[<>&\u2028\u2029]/g;

/**
 * A value as Go's encoding/json writes it into the store: one line with a line feed, `<`, `>`, `&` and the two line
 * separators escaped, integers beyond 2^53 in full. `sorted` sorts all keys by their bytes, as Go does with maps.
 */
export function goJson(value: unknown, sorted: boolean): Buffer {
  return Buffer.from(`${render(value, sorted)}\n`);
}

function render(value: unknown, sorted: boolean): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return escaped(JSON.stringify(value));
  if (value instanceof RawJson) return sorted ? render(value.toJSON(), sorted) : escaped(value.bytes.toString('utf8'));
  if (Array.isArray(value)) return `[${value.map((item) => render(item, sorted)).join(',')}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  if (sorted) fields.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${fields.map(([key, field]) => `${escaped(JSON.stringify(key))}:${render(field, sorted)}`).join(',')}}`;
}

function escaped(json: string): string {
  return json.replace(HTML, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
