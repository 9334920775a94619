import { compareBytes } from '../../model/byte-order.ts';

/** An object of which nothing is known. */
export type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The value at a path of names with dots between them; undefined when it is absent or null. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const name of path.split('.')) value = isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value ?? undefined;
}

export function has(object: unknown, path: string): boolean {
  return valueAt(object, path) !== undefined;
}

/** The object at a path; an empty one when there is none. */
export function objectAt(object: unknown, path: string): Fields {
  const value = valueAt(object, path);
  return isFields(value) ? value : {};
}

/** The string at a path, a number or boolean there as text; `otherwise` when there is none. */
export function textAt(object: unknown, path: string, otherwise = ''): string {
  return scalarText(valueAt(object, path)) ?? otherwise;
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? `${value}` : undefined;
}

/** The number at a path; 0 when there is none. */
export function numberAt(object: unknown, path: string): number | bigint {
  const value = valueAt(object, path);
  return typeof value === 'number' || typeof value === 'bigint' ? value : 0;
}

/** Whether there is a true at a path. */
export function flagAt(object: unknown, path: string): boolean {
  return valueAt(object, path) === true;
}

/** The objects of the list at a path. */
export function objectsAt(object: unknown, path: string): Fields[] {
  const value = valueAt(object, path);
  return Array.isArray(value) ? value.map((each: unknown) => (isFields(each) ? each : {})) : [];
}

/** The strings of the list at a path. */
export function stringsAt(object: unknown, path: string): string[] {
  const value = valueAt(object, path);
  return Array.isArray(value) ? value.map((each) => scalarText(each) ?? '') : [];
}

/** The map of strings at a path. */
export function mapAt(object: unknown, path: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(objectAt(object, path)).map(([key, value]) => [key, scalarText(value) ?? '']),
  );
}

/** A map's entries in the order of their keys' bytes. */
export function sortedEntries(map: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(map).sort(([left], [right]) => compareBytes(left, right));
}
