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

function order<Item>(items: readonly Item[], keys: readonly (JsonValue | undefined)[]): Item[] {
  const quantities = keys.map(quantityOf);
  const allQuantities = keys.every((key, index) => key === undefined || quantities[index] !== undefined);
  const indices = items.map((_, index) => index);
  indices.sort((left, right) => {
    const a = allQuantities ? quantities[left] : undefined;
    const b = allQuantities ? quantities[right] : undefined;
    return a !== undefined && b !== undefined ? compareQuantity(a, b) : compareKeys(keys[left], keys[right]);
  });
  return indices.flatMap((index) => items.slice(index, index + 1));
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

function compareKeys(left: JsonValue | undefined, right: JsonValue | undefined): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  if (typeof left === 'string' && typeof right === 'string') return naturalOrder(left, right);
  if (isNumber(left) && isNumber(right)) return left < right ? -1 : Number(left > right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return 0;
}

function isNumber(value: JsonValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Text with its digits compared by value, as kubectl's sorter does: `a2` before `a10`. */
function naturalOrder(left: string, right: string): number {
  const a = left.match(/\d+|\D+/g) ?? [];
  const b = right.match(/\d+|\D+/g) ?? [];
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const x = a[index] ?? '';
    const y = b[index] ?? '';
    if (x === y) continue;
    if (/^\d/.test(x) && /^\d/.test(y)) {
      const difference = BigInt(x) - BigInt(y);
      if (difference !== 0n) return difference < 0n ? -1 : 1;
    }
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}
