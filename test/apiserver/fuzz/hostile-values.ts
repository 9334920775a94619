import fc from 'fast-check';
import { parseJson } from '../../../src/model/json-reader.ts';
import { isJsonObject, type JsonValue } from '../../../src/model/json-value.ts';
import { RawJson } from '../../../src/model/raw-json.ts';
import { UserError } from '../../../src/model/user-error.ts';

/** A number as it stands in the text: one that a JavaScript number cannot hold. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function deep(levels: number, array: boolean): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level++) value = array ? [value] : { deeper: value };
  return value;
}

/** Parsed, so that `__proto__` is a key like any other. */
const PROTOTYPES: readonly unknown[] = [
  JSON.parse('{"__proto__": {"polluted": true}}'),
  JSON.parse('{"constructor": {"prototype": {"polluted": true}}}'),
  { toString: 'a', hasOwnProperty: 1, valueOf: null },
];

/** What no schema wants at most places. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, '', [], {}, [null], [[]], [{}], { '': '' }, 'null', '0', ' '),
  fc
    .constantFrom(
      '9223372036854775808',
      '-9223372036854775809',
      '1e400',
      '-0',
      '1e2',
      '1.0',
      '123456789012345678901234',
    )
    .map((text) => new NumberText(text)),
  fc.constantFrom<unknown>(...PROTOTYPES),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '../..',
    '%2f',
    '\0',
    '\ud800',
    '\u202e',
    'é'.repeat(300),
    '😀',
    'a\nb',
    '*',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('1Gi', '-5', '1e', '10%', '* * * * *', '10.0.0.1', '::1', '2020-01-01T00:00:00Z', 'YQ==', '1h'),
  fc.nat(40).map((levels) => deep(levels, levels % 2 === 0)),
  fc.integer(),
  fc.constant('x'.repeat(70_000)),
);

/** The object as a client would send it; numbers and keys that only text can hold are in it. */
export function bodyOf(value: unknown): RawJson {
  return new RawJson(Buffer.from(textOf(value)));
}

/** As a client that reads that text has it; undefined where it can read it as little as a server can. */
export function asRead(value: unknown): JsonValue | undefined {
  try {
    return parseJson(textOf(value));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function textOf(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (value instanceof RawJson) return value.bytes.toString();
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${textOf(field)}`).join(',')}}`;
}

/** One change of an object: which of its places, and what is done there. */
export interface Mutation {
  /** Of all places of the object, in order; taken modulo their number. */
  readonly place: number;
  readonly change: 'replace' | 'remove' | 'add' | 'double';
  readonly name: string;
  readonly value: unknown;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(10_000),
  change: fc.constantFrom('replace', 'replace', 'remove', 'add', 'double'),
  name: fc.constantFrom('__proto__', 'constructor', 'unknown', 'name', 'labels', 'status', 'spec', '', 'a.b/c', 'é'),
  value: hostileValue,
});

/** A deep copy of plain JSON with what only text can hold. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isJsonObject(value) || value instanceof NumberText || value instanceof RawJson) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) define(copy, key, copyOf(field));
  return copy;
}

interface Place {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string | number;
}

/** A copy with the changes made; apiVersion and kind stay as they are. */
export function mutated(object: Record<string, unknown>, mutations: readonly Mutation[]): Record<string, unknown> {
  const copy = copyOf(object) as Record<string, unknown>;
  for (const each of mutations) {
    const places = placesOf(copy).filter(
      ({ parent, key }) => parent !== copy || !['apiVersion', 'kind'].includes(String(key)),
    );
    const place = places[each.place % places.length];
    if (place !== undefined) change(place, { ...each, value: copyOf(each.value) });
  }
  return copy;
}

function placesOf(value: unknown): Place[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, key) => [{ parent: value, key }, ...placesOf(item)]);
  }
  if (!isJsonObject(value) || value instanceof NumberText) return [];
  return Object.entries(value).flatMap(([key, field]) => [{ parent: value, key }, ...placesOf(field)]);
}

function change({ parent, key }: Place, { change: what, name, value }: Mutation): void {
  if (Array.isArray(parent)) {
    const index = Number(key);
    if (what === 'remove') parent.splice(index, 1);
    else if (what === 'replace') parent[index] = value;
    else parent.push(what === 'double' ? copyOf(parent[index]) : value);
    return;
  }
  if (what === 'remove') delete parent[key];
  else define(parent, what === 'add' || what === 'double' ? name : String(key), value);
}

function define(parent: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}
