import { compareBytes } from '../byte-order.ts';
import { plainFlags } from './format-flags.ts';
import { formatValue } from './format-value.ts';
import { FunctionError } from './function-error.ts';
import { typeName, unboxed } from './go-value.ts';
import type { Concrete, GoValue } from './go-value.ts';

type Basic = 'bool' | 'int' | 'uint' | 'float' | 'string';

const BASIC: Readonly<Record<Concrete['kind'], Basic | undefined>> = {
  bool: 'bool',
  int: 'int',
  int64: 'int',
  uint8: 'uint',
  float64: 'float',
  string: 'string',
  slice: undefined,
  map: undefined,
};

/** The template function `eq`: whether the first argument equals any of the others. Throws FunctionError as Go does. */
export function equals(first: GoValue, others: readonly GoValue[]): boolean {
  if (others.length === 0) throw new FunctionError('missing argument for comparison');
  const left = unboxed(first);
  return others.some((other) => areEqual(left, unboxed(other)));
}

/** The template function `lt`. Throws FunctionError for values that have no order. */
export function isLess(first: GoValue, second: GoValue): boolean {
  const left = unboxed(first);
  const right = unboxed(second);
  const leftBasic = left === undefined ? undefined : BASIC[left.kind];
  const rightBasic = right === undefined ? undefined : BASIC[right.kind];
  if (left === undefined || right === undefined || leftBasic === undefined || rightBasic === undefined) {
    throw new FunctionError('invalid type for comparison');
  }
  if (!areComparable(leftBasic, rightBasic)) throw incompatible(left, right);
  if (leftBasic === 'bool') throw new FunctionError('invalid type for comparison');
  if (left.kind === 'string' && right.kind === 'string') return compareBytes(left.value, right.value) < 0;
  return left.value < right.value;
}

function areEqual(left: Concrete | undefined, right: Concrete | undefined): boolean {
  const leftBasic = left === undefined ? undefined : BASIC[left.kind];
  const rightBasic = right === undefined ? undefined : BASIC[right.kind];
  if (leftBasic !== undefined && rightBasic !== undefined && areComparable(leftBasic, rightBasic)) {
    return left?.value === right?.value;
  }
  if (left === undefined || right === undefined) return left === right;
  if (leftBasic !== rightBasic) throw incompatible(left, right);
  const [leftText, rightText] = [left, right].map((value) => formatValue(value, 's', plainFlags()));
  if (left.kind !== right.kind) {
    const rightValue = formatValue(right, 'v', plainFlags());
    throw new FunctionError(`non-comparable types ${leftText}: ${typeName(left)}, ${typeName(right)}: ${rightValue}`);
  }
  throw new FunctionError(`non-comparable type ${rightText}: ${typeName(right)}`);
}

function areComparable(left: Basic, right: Basic): boolean {
  return left === right || (left === 'int' && right === 'uint') || (left === 'uint' && right === 'int');
}

function incompatible(left: Concrete, right: Concrete): FunctionError {
  return new FunctionError(`incompatible types for comparison: ${typeName(left)} and ${typeName(right)}`);
}
