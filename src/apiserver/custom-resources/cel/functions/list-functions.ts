import { CelError } from '../cel-error.ts';
import { celEquals, compareValues } from '../cel-values.ts';
import type { FunctionTable } from './function-table.ts';

type List = readonly unknown[];

/** Kubernetes' list functions, cel-go's lists extension and its sets. */
export const LIST_FUNCTIONS: FunctionTable = {
  'list.isSorted(): bool': (list: List) =>
    list.every((item, index) => index === 0 || compare(list[index - 1], item) <= 0),
  'list<A>.min(): A': (list: List) => extreme(list, -1, 'min'),
  'list<A>.max(): A': (list: List) => extreme(list, 1, 'max'),
  'list<int>.sum(): int': (list: readonly bigint[]) => list.reduce((sum, item) => checked(sum + item), 0n),
  'list<double>.sum(): double': (list: readonly number[]) => list.reduce((sum, item) => sum + item, 0),
  'list<A>.indexOf(A): int': (list: List, wanted: unknown) => BigInt(list.findIndex((item) => celEquals(item, wanted))),
  'list<A>.lastIndexOf(A): int': (list: List, wanted: unknown) =>
    BigInt(list.findLastIndex((item) => celEquals(item, wanted))),
  'list<A>.includes(A): bool': (list: List, wanted: unknown) => list.some((item) => celEquals(item, wanted)),
  'list<A>.distinct(): list<A>': (list: List) => distinct(list),
  'list<A>.reverse(): list<A>': (list: List) => list.toReversed(),
  'list<A>.sort(): list<A>': (list: List) => list.toSorted(compare),
  'list<A>.slice(int, int): list<A>': slice,
  'list.flatten(): list<dyn>': (list: List) => list.flat(),
  'list.flatten(int): list<dyn>': (list: List, depth: bigint) => list.flat(Number(depth)),
};

/** Functions of the namespace `sets`. */
export const SET_FUNCTIONS: FunctionTable = {
  'contains(list, list): bool': contains,
  'equivalent(list, list): bool': (left: List, right: List) => contains(left, right) && contains(right, left),
  'intersects(list, list): bool': (left: List, right: List) => {
    const has = membership(left);
    return right.some(has);
  },
};

/** The numbers from 0 up to another, `lists.range`. */
export function rangeOf(end: bigint): bigint[] {
  if (end > 1_000_000n) throw new CelError('lists.range: list is too long');
  return Array.from({ length: Math.max(Number(end), 0) }, (_, index) => BigInt(index));
}

function contains(list: List, sublist: List): boolean {
  return sublist.every(membership(list));
}

/** A test for what is in a list; quick for texts and whole numbers. */
function membership(list: List): (item: unknown) => boolean {
  const simple = new Set<unknown>(list.filter((item) => typeof item === 'string' || typeof item === 'bigint'));
  const others = list.filter((item) => !simple.has(item));
  return (item) => simple.has(item) || others.some((each) => celEquals(each, item));
}

function distinct(list: List): unknown[] {
  const found: unknown[] = [];
  const simple = new Set<unknown>();
  for (const item of list) {
    if (typeof item === 'string' || typeof item === 'bigint') {
      if (simple.has(item)) continue;
      simple.add(item);
    } else if (found.some((each) => celEquals(each, item))) continue;
    found.push(item);
  }
  return found;
}

function slice(list: List, start: bigint, end: bigint): unknown[] {
  if (start < 0n || end < 0n) throw new CelError(`cannot slice(${start}, ${end}), negative indexes not supported`);
  if (start > end) {
    throw new CelError(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`);
  }
  if (BigInt(list.length) < end) throw new CelError(`cannot slice(${start}, ${end}), list is length ${list.length}`);
  return list.slice(Number(start), Number(end));
}

function extreme(list: List, sign: 1 | -1, name: string): unknown {
  if (list.length === 0) throw new CelError(`${name} called on empty list`);
  return list.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best));
}

function compare(left: unknown, right: unknown): number {
  const order = compareValues(left, right);
  if (order === undefined) throw new CelError('no such overload');
  return order;
}

function checked(value: bigint): bigint {
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return value;
  throw new CelError('integer overflow');
}
