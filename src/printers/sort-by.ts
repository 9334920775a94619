import { compareBytes } from '../model/byte-order.ts';
import type { JsonValue } from '../model/json-value.ts';
import { type JsonPath, parseJsonPath } from '../model/jsonpath/json-path.ts';
import { relaxedExpression } from '../model/jsonpath/relaxed-expression.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { compareQuantity, parseQuantity, type Quantity } from '../model/quantity.ts';
import type { Table } from '../model/table.ts';
import { UserError } from '../model/user-error.ts';

/** Objects in the order of a field, as `--sort-by` names it. Throws UserError when no object has the field. */
export function sortObjects(objects: readonly KubeObject[], field: string): KubeObject[] {
  const keys = sortKeys(objects, field);
  if (objects.length > 0 && keys.every((key) => key === undefined)) {
    throw new UserError(
      `couldn't find any field with path ${JSON.stringify(relaxedExpression(field))} in the list of objects`,
    );
  }
  return order(objects, keys);
}

/** A table with its rows in the order of a field of their objects; rows that lack it come first. */
export function sortRows(table: Table, field: string): Table {
  const keys = sortKeys(
    table.rows.map((row) => row.object),
    field,
  );
  return { ...table, rows: order(table.rows, keys) };
}

function sortKeys(objects: readonly (KubeObject | undefined)[], field: string): (JsonValue | undefined)[] {
  const path: JsonPath = parseJsonPath(relaxedExpression(field));
  return objects.map((object) => path.evaluate(object as unknown as JsonValue, { allowMissingKeys: true })[0]?.[0]);
}

/** Up to here Go sorts by insertion, so that even keys that have no common order come out the same. */
const INSERTION_LIMIT = 12;

function order<Item>(items: readonly Item[], values: readonly (JsonValue | undefined)[]): Item[] {
  const keys = values.map((value): Key => ({ value, quantity: quantityOf(value) }));
  const rows = items.map((item, index) => ({ item, key: keys[index] }));
  const compare = (left: (typeof rows)[number], right: (typeof rows)[number]): number =>
    compareKeys(left.key, right.key);
  const sorted = rows.length <= INSERTION_LIMIT ? insertionSorted(rows, compare) : rows.sort(compare);
  return sorted.map(({ item }) => item);
}

function insertionSorted<Row>(rows: readonly Row[], compare: (left: Row, right: Row) => number): Row[] {
  const sorted: Row[] = [];
  for (const row of rows) {
    const at = sorted.findLastIndex((each) => compare(row, each) >= 0) + 1;
    sorted.splice(at, 0, row);
  }
  return sorted;
}

interface Key {
  readonly value: JsonValue | undefined;
  readonly quantity: Quantity | undefined;
}

/** A string that is a quantity, such as 500m; plain text sorts as text. */
function quantityOf(key: JsonValue | undefined): Quantity | undefined {
  if (typeof key !== 'string') return undefined;
  try {
    return parseQuantity(key);
  } catch {
    return undefined;
  }
}

function compareKeys(a: Key | undefined, b: Key | undefined): number {
  const [left, right] = [a?.value, b?.value];
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  // Two texts are compared as quantities when both are some.
  if (a?.quantity !== undefined && b?.quantity !== undefined) return compareQuantity(a.quantity, b.quantity);
  if (typeof left === 'string' && typeof right === 'string') return compareBytes(left, right);
  if (isNumber(left) && isNumber(right)) return left < right ? -1 : Number(left > right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return 0;
}

function isNumber(value: JsonValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
