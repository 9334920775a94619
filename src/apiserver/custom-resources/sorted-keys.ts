import { compareBytes } from '../../model/byte-order.ts';
import type { JsonValue } from '../../model/json-value.ts';
import { RawJson } from '../../model/raw-json.ts';

/** A JSON value with the keys of all its objects in the order of their bytes, as Go prints maps; itself when they are. */
export function sortedKeys<T>(value: T): T {
  return sorted(value as JsonValue) as T;
}

function sorted(value: JsonValue | undefined): JsonValue | undefined {
  if (value === null || typeof value !== 'object' || value instanceof RawJson) return value;
  if (Array.isArray(value)) return sortedItems(value);
  const keys = Object.keys(value);
  let changed = keys.some((key, index) => index > 0 && compareBytes(keys[index - 1] ?? '', key) > 0);
  const copy: [string, JsonValue | undefined][] = [];
  for (const key of changed ? keys.sort(compareBytes) : keys) {
    const field = sorted(value[key]);
    if (field !== value[key]) changed = true;
    copy.push([key, field]);
  }
  return changed ? (Object.fromEntries(copy) as JsonValue) : value;
}

function sortedItems(list: JsonValue[]): JsonValue[] {
  let changed = false;
  const copy = list.map((item) => {
    const inside = sorted(item) ?? null;
    if (inside !== item) changed = true;
    return inside;
  });
  return changed ? copy : list;
}
