import { deepEqual } from './deep-equal.ts';

/** As deepEqual, but a list that is empty, null or absent is the same (apimachinery's equality.Semantic). */
export function semanticEqual(left: unknown, right: unknown): boolean {
  if (isNoItem(left) && isNoItem(right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => semanticEqual(item, right[index]));
  }
  if (!isPlain(left) || !isPlain(right)) return deepEqual(left, right);
  return Object.keys({ ...left, ...right }).every((key) => semanticEqual(own(left, key), own(right, key)));
}

function isNoItem(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
