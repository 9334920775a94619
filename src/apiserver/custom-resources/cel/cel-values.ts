import { compareBytes } from '../../../model/byte-order.ts';
import { isJsonObject, type JsonValue } from '../../../model/json-value.ts';
import { parseSchemaDuration } from '../schema/time-formats.ts';
import { type CelType, DURATION, TIMESTAMP } from './cel-types.ts';

/** An object of a schema as expressions see it; each object type has a class of its own. */
export class CelObject {
  readonly [field: string]: unknown;
}

/** Makes the values that only the CEL library can make. */
export interface ValueFactory {
  objectOf(type: CelType & { kind: 'object' }): CelObject;
  durationOf(nanoseconds: bigint): unknown;
}

/**
 * A JSON value as expressions of a type see it: integers are bigint, maps are Map, texts with a format what they mean.
 * Fields that the type does not have are not there. A value that does not fit its type stays as it is, for the expression
 * to fail on.
 */
export function toCelValue(value: JsonValue, type: CelType, factory: ValueFactory): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'list':
      return Array.isArray(value) ? value.map((item) => toCelValue(item, type.item, factory)) : value;
    case 'map': {
      if (!isJsonObject(value)) return value;
      const entries = Object.entries(value).map(([key, field]): [string, unknown] => [
        key,
        toCelValue(field ?? null, type.value, factory),
      ]);
      return new Map(entries);
    }
    case 'object':
      return isJsonObject(value) ? toCelObject(value, type, factory) : value;
    case 'scalar':
      return scalarOf(value, type.name, factory);
  }
}

function toCelObject(
  value: Record<string, JsonValue | undefined>,
  type: CelType & { kind: 'object' },
  factory: ValueFactory,
): CelObject {
  const object = factory.objectOf(type);
  for (const [name, field] of type.fields) {
    const own = Object.hasOwn(value, name) ? value[name] : undefined;
    if (own === undefined) continue;
    Object.defineProperty(object, field.celName, { value: toCelValue(own, field.type, factory), enumerable: true });
  }
  return object;
}

function scalarOf(value: JsonValue, type: string, factory: ValueFactory): unknown {
  if (typeof value === 'number') return type !== 'double' && Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'bigint') return type === 'double' ? Number(value) : value;
  if (typeof value !== 'string') return value;
  if (type === TIMESTAMP) return new Date(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
  if (type === DURATION) return factory.durationOf(parseSchemaDuration(value) ?? 0n);
  return type === 'bytes' ? Buffer.from(value, 'base64url') : value;
}

/** Whether two values of expressions are the same; numbers of different types are compared by what they are worth. */
export function celEquals(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (isNumber(left) && isNumber(right)) return compareValues(left, right) === 0 && !Number.isNaN(Number(left));
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  return left.constructor === right.constructor && sameParts(left, right);
}

function sameParts(left: object, right: object): boolean {
  if (Array.isArray(left) && Array.isArray(right)) return sameItems(left, right);
  if (left instanceof Map && right instanceof Map) return sameEntries(left, right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0;
  if (left instanceof CelObject && right instanceof CelObject) return sameFields(left, right);
  return compareValues(left, right) === 0;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function sameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => celEquals(item, right[index]));
}

function sameEntries(left: ReadonlyMap<unknown, unknown>, right: ReadonlyMap<unknown, unknown>): boolean {
  return (
    left.size === right.size && [...left].every(([key, value]) => right.has(key) && celEquals(value, right.get(key)))
  );
}

function sameFields(left: CelObject, right: CelObject): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && celEquals(left[name], right[name]));
}

/** The order of two values that have one: numbers, texts, booleans, moments, durations; undefined for others. */
export function compareValues(left: unknown, right: unknown): number | undefined {
  if (isNumber(left) && isNumber(right)) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === 'string' && typeof right === 'string') return compareBytes(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  const difference = Number(left) - Number(right);
  return typeof left === 'object' && typeof right === 'object' && !Number.isNaN(difference) ? difference : undefined;
}

/** How much there is to a value: what walking it once costs. */
export function valueSize(value: unknown, known: WeakMap<object, number>): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  const before = known.get(value);
  if (before !== undefined) return before;
  let size = 1;
  for (const part of partsOf(value)) size += valueSize(part, known);
  known.set(value, size);
  return size;
}

function partsOf(value: object): Iterable<unknown> {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  return value instanceof CelObject ? Object.values(value) : [];
}
