import { compareBytes } from '../model/byte-order.ts';
import { RawJson } from '../model/raw-json.ts';

/** A copy of a JSON value with the keys of every object sorted by their bytes, as Go prints maps. */
export function sortedKeys<T>(value: T): T {
  return sorted(value) as T;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof RawJson) return sorted(value.toJSON());
  const entries = Object.entries(value).sort(([left], [right]) => compareBytes(left, right));
  return Object.fromEntries(entries.map(([key, field]) => [key, sorted(field)]));
}
