import { compareBytes } from '../../model/byte-order.ts';
import { isJsonObject, type JsonValue } from '../../model/json-value.ts';
import { wireJsonText } from '../../model/wire-json.ts';
import { fieldsOf, type ListType } from './merge-type.ts';

/**
 * One step of a path to a field, as FieldsV1 writes it: `f:name`, `k:{"name":"x"}` (an item by its keys, in their order),
 * `v:"x"` (an item by what it is), `i:0`.
 */
export type PathElement = string;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** The element of an item of a list that is no atomic one; a text that says what is wrong with the item. */
export function itemElement(list: ListType, item: unknown): { element: PathElement } | { problem: string } {
  return list.items === 'keyed' ? keyedElement(list, item) : setElement(item);
}

function keyedElement(list: ListType, item: unknown): { element: PathElement } | { problem: string } {
  if (item === null) return { problem: 'associative list with keys may not have a null element' };
  const fields = fieldsOf(item);
  if (fields === undefined) return { problem: 'associative list with keys may not have non-map elements' };
  const keys: [string, unknown][] = [];
  for (const key of list.keys) {
    const value = Object.hasOwn(fields, key) ? fields[key] : list.keyDefault(key);
    if (value !== undefined) keys.push([key, value]);
  }
  if (keys.length === 0) {
    const names = `[${list.keys.map((key) => JSON.stringify(key)).join(' ')}]`;
    return {
      problem: `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
    };
  }
  keys.sort(([left], [right]) => compareBytes(left, right));
  return { element: `k:${wireJsonText(Object.fromEntries(keys))}` };
}

function setElement(item: unknown): { element: PathElement } | { problem: string } {
  if (item === null) return { problem: "associative list without keys has an element that's an explicit null" };
  if (Array.isArray(item)) return { problem: 'not supported: associative list with lists as elements' };
  if (typeof item === 'object') return { problem: "associative list without keys has an element that's a map type" };
  return { element: `v:${wireJsonText(item)}` };
}

const KINDS = 'fkvi';

/** Fields, then keys, then values, then indices; each sorted as structured-merge-diff does. */
export function comparePathElements(left: PathElement, right: PathElement): number {
  const kind = left.charAt(0);
  const kinds = KINDS.indexOf(kind) - KINDS.indexOf(right.charAt(0));
  if (kinds !== 0 || left === right) return kinds;
  if (kind === 'f') return compareBytes(left, right);
  return compareValues(valueOf(left), valueOf(right));
}

/** The path element in one way of writing, so that equal ones are the same text. */
export function canonicalElement(element: PathElement): PathElement {
  if (!element.startsWith('k:') && !element.startsWith('v:')) return element;
  const value = valueOf(element);
  if (!isJsonObject(value)) return `${element.slice(0, 2)}${JSON.stringify(value)}`;
  const sorted = Object.entries(value).sort(([a], [b]) => compareBytes(a, b));
  return `k:${JSON.stringify(Object.fromEntries(sorted))}`;
}

/** A path as errors show it: `.spec.containers[name="c"].image`, `.metadata.finalizers[="x"]`. */
export function pathText(path: readonly PathElement[]): string {
  return path.map(elementText).join('');
}

export function elementText(element: PathElement): string {
  const rest = element.slice(2);
  switch (element.charAt(0)) {
    case 'f':
      return `.${rest}`;
    case 'k': {
      const keys = Object.entries(valueOf(element) as Record<string, unknown>);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    }
    case 'v':
      return `[=${rest}]`;
    default:
      return `[${rest}]`;
  }
}

function valueOf(element: PathElement): JsonValue {
  return JSON.parse(element.slice(2)) as JsonValue;
}

const TYPE_ORDER = ['number', 'string', 'boolean', 'object'];

function compareValues(left: unknown, right: unknown): number {
  const types = TYPE_ORDER.indexOf(typeof left) - TYPE_ORDER.indexOf(typeof right);
  if (types !== 0) return types;
  if (typeof left === 'number') return left - (right as number);
  if (typeof left === 'string') return compareBytes(left, right as string);
  if (typeof left === 'boolean') return Number(left) - Number(right);
  const [leftKeys, rightKeys] = [Object.entries(left ?? {}), Object.entries(right ?? {})];
  for (const [index, [name, value]] of leftKeys.entries()) {
    const other = rightKeys[index];
    if (other === undefined) return 1;
    const order = compareBytes(name, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return leftKeys.length - rightKeys.length;
}
