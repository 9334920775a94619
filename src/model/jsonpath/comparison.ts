import { compareBytes } from '../byte-order.ts';
import { goKind } from '../go-text.ts';
import type { GoKind } from '../go-text.ts';
import { GoNumber } from './go-number.ts';
import type { Item } from './go-number.ts';
import { JsonPathError } from './json-path-error.ts';

/**
 * A comparison in a filter, with the rules of Go's text/template: both sides of one kind, no integer against a float.
 * Throws JsonPathError when they cannot be compared.
 */
export function compareItems(left: Item, operator: string, right: Item): boolean {
  switch (operator) {
    case '==':
      return order(left, right, false) === 0;
    case '!=':
      return order(left, right, false) !== 0;
    case '<':
      return order(left, right, true) < 0;
    case '<=':
      return order(left, right, true) <= 0;
    case '>':
      return order(left, right, true) > 0;
    case '>=':
      return order(left, right, true) >= 0;
    default:
      throw new JsonPathError(`unrecognized filter operator ${operator}`);
  }
}

function order(left: Item, right: Item, ordering: boolean): number {
  const kind = basicKind(left);
  if (kind !== basicKind(right)) throw new JsonPathError('incompatible types for comparison');
  if (ordering && kind === 'bool') throw new JsonPathError('invalid type for comparison');
  const [a, b] = [scalar(left), scalar(right)];
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function basicKind(item: Item): GoKind | 'uint8' {
  const kind = item instanceof GoNumber ? item.type : goKind(item);
  if (kind === 'nil' || kind === 'map' || kind === 'slice') throw new JsonPathError('invalid type for comparison');
  return kind;
}

function scalar(item: Item): string | number | bigint | boolean {
  const value = item instanceof GoNumber ? item.value : item;
  return typeof value === 'object' || value === undefined ? '' : value;
}
