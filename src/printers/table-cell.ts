import type { JsonValue } from '../model/json-value.ts';
import { RawJson } from '../model/raw-json.ts';

/**
 * A table cell as kubectl prints it: cut at the first line end with `...`, control characters that a terminal would obey
 * made visible, other values as Go prints them.
 */
export function cellText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '<nil>';
  if (typeof value !== 'string') return withoutEscapes(goText(value));
  const end = value.search(/[\f\n\r]/);
  return end < 0 ? withoutEscapes(value) : `${withoutEscapes(value.slice(0, end))}...`;
}

/** Replaces ESC, which would let an object's text command the terminal (kubectl's WriteEscaped). */
export function withoutEscapes(text: string): string {
  return text.includes('\u001b') ? text.replaceAll('\u001b', '^[') : text;
}

function goText(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof RawJson) return goText(value.toJSON());
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  const fields = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `map[${fields.map(([key, field]) => `${key}:${goText(field ?? null)}`).join(' ')}]`;
}
