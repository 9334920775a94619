/** The fields of an object of any kind, or of a part of one. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of a value; none when it is no object. */
function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** Whether a field has a value other than null: in Go, whether a pointer, slice or map is not nil. */
export function isSet(parent: Fields, key: string): boolean {
  return parent[key] !== undefined && parent[key] !== null;
}

export function objectIn(parent: Fields, key: string): Fields | undefined {
  const value = parent[key];
  return isFields(value) ? value : undefined;
}

/** A nested part, or an empty one; for reading only. */
export function partOf(parent: Fields, ...path: string[]): Fields {
  let part = parent;
  for (const key of path) part = fieldsOf(part[key]);
  return part;
}

export function objectsIn(parent: Fields, key: string): Fields[] {
  const value = parent[key];
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

export function stringsIn(parent: Fields, key: string): string[] {
  const value = parent[key];
  return Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? item : '')) : [];
}

/** A string field; '' when absent, as in Go. */
export function textIn(parent: Fields, key: string): string {
  const value = parent[key];
  return typeof value === 'string' ? value : '';
}

export function numberIn(parent: Fields, key: string): number | undefined {
  const value = parent[key];
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' ? value : undefined;
}

export function flagIn(parent: Fields, key: string): boolean {
  return parent[key] === true;
}

/** A map of strings, sorted by key: Go's maps have no order, so any order is the server's. */
export function entriesIn(parent: Fields, key: string): [string, string][] {
  return Object.entries(fieldsOf(parent[key]))
    .map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : ''])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

export function textMapIn(parent: Fields, key: string): Record<string, string> {
  return Object.fromEntries(entriesIn(parent, key));
}

/** Fills a field that Go has as a plain value: absent, null, '' and 0 are all unset. */
export function fillEmpty(parent: Fields, key: string, value: unknown): void {
  const present = parent[key];
  if (present === undefined || present === null || present === '' || present === 0) parent[key] = value;
}

/** Fills a field that Go has as a pointer, a slice or a map: '' and 0 are values. */
export function fillAbsent(parent: Fields, key: string, value: unknown): void {
  if (!isSet(parent, key)) parent[key] = value;
}

/** The object in a field, which is made when absent: a struct in Go is always there. */
export function ensureObject(parent: Fields, key: string): Fields {
  const present = objectIn(parent, key);
  if (present !== undefined) return present;
  const made: Fields = {};
  parent[key] = made;
  return made;
}
