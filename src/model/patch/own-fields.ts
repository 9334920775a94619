import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import { RawJson } from '../raw-json.ts';
import { PatchError } from './patch-error.ts';

/** Deeper documents than this are refused, so that no recursion runs out of stack. Kubernetes' deepest types have under 40 levels. */
const MAX_DEPTH = 500;

/** An own field's value; undefined when it is absent. Never looks at the prototype. */
export function ownField(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets an own field, also one named `__proto__`. */
export function setOwnField(object: JsonObject, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  } else object[key] = value;
}

/** The fields that are there: what is undefined is absent. The list may be walked while the object changes. */
export function ownFields(object: JsonObject): [string, JsonValue][] {
  return Object.entries(object).filter((field): field is [string, JsonValue] => field[1] !== undefined);
}

/** Whether an object has no field at all. */
export function isEmpty(object: JsonObject): boolean {
  return ownFields(object).length === 0;
}

/**
 * A copy of a JSON value that shares nothing with it, in plain arrays and objects: RawJson is parsed, absent fields are
 * dropped. Throws PatchError (BadRequest) when the value is nested deeper than MAX_DEPTH.
 */
export function plainCopy(value: JsonValue, depth = 0): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (depth > MAX_DEPTH) throw new PatchError('BadRequest', 'exceeded max depth');
  if (value instanceof RawJson) return plainCopy(value.toJSON(), depth);
  if (Array.isArray(value)) return value.map((item) => plainCopy(item, depth + 1));
  const copy: JsonObject = {};
  for (const [key, field] of ownFields(value)) setOwnField(copy, key, plainCopy(field, depth + 1));
  return copy;
}

/** The same for what must be an object; null stands for an empty one, as Go's decoder has it. */
export function plainObject(value: JsonValue): JsonObject {
  const copy = plainCopy(value);
  if (copy === null) return {};
  if (!isJsonObject(copy)) throw new PatchError('BadRequest', 'invalid JSON document');
  return copy;
}

/** Whether a value is an object or a list. */
export function isContainer(value: JsonValue | undefined): value is JsonObject | JsonValue[] {
  return value !== null && typeof value === 'object';
}
