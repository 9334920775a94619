/**
 * A JSON value as it travels through kube-lite. A bigint stands for an integer that a number cannot hold exactly.
 * An object may also be a `RawJson` (see raw-json.ts), which prints through its `toJSON`.
 */
export type JsonValue = string | number | bigint | boolean | null | JsonValue[] | JsonObject;

/** A JSON object; keys keep their insertion order. */
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

/** True for a plain JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** True for what can be a JSON value; what is inside objects and lists is not looked at. */
export function isJsonValue(value: unknown): value is JsonValue {
  return value === null || ['string', 'number', 'bigint', 'boolean', 'object'].includes(typeof value);
}
