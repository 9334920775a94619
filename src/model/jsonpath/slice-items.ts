import type { JsonValue } from '../json-value.ts';
import type { JsonPathSlice } from './json-path-node.ts';

/**
 * The items that `[start:end:step]` selects; undefined when start and end are the same, a complaint when the bounds are
 * outside the list. A negative bound counts from the end.
 */
export function sliceItems(
  list: JsonValue[],
  { start, end, step, single }: JsonPathSlice,
): JsonValue[] | string | undefined {
  const length = list.length;
  let first = start ?? 0;
  if (first < 0) first += length;
  let last = end ?? length;
  if (last < 0 || (last === 0 && single)) last += length;
  if (first === last) return undefined;
  if (first >= length || first < 0) return `array index out of bounds: index ${first}, length ${length}`;
  if (last > length || last < 0) return `array index out of bounds: index ${last - 1}, length ${length}`;
  if (first > last) return `starting index ${first} is greater than ending index ${last}`;
  if (step !== undefined && step <= 0) return 'step must be > 0';
  return list.slice(first, last).filter((_item, index) => index % (step ?? 1) === 0);
}
