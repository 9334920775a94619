import { RawJson } from './raw-json.ts';

/** A copy of a JSON value that shares nothing mutable with it. RawJson is immutable and is shared. */
export function deepClone<T>(value: T): T {
  if (value === null || typeof value !== 'object' || value instanceof RawJson) return value;
  if (Array.isArray(value)) return value.map((item) => deepClone(item) as unknown) as T;
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) setField(copy, key, deepClone(field));
  return copy as T;
}

/** Sets an own field, also one named `__proto__`, which plain assignment would turn into a prototype. */
function setField(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  } else {
    target[key] = value;
  }
}
