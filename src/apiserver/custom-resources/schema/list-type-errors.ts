import { duplicate, type FieldError, invalidValue } from '../../../model/field-error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../model/json-value.ts';
import { sortedKeys } from '../sorted-keys.ts';
import { childPath, indexPath, keyPath } from '../field-path.ts';
import { type Schema, valueSchemaOf } from './schema.ts';

/** Items of lists of type set and map that are there more than once (ValidateListSetsAndMaps). */
export function listTypeErrors(value: unknown, schema: Schema | undefined, path = ''): FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) return listErrors(value as JsonValue[], schema, path);
  if (!isJsonObject(value)) return [];
  const values = valueSchemaOf(schema);
  return Object.keys(value).flatMap((key) => {
    const property = schema.properties.get(key);
    if (property !== undefined) return listTypeErrors(value[key], property, childPath(path, key));
    return values === undefined ? [] : listTypeErrors(value[key], values, keyPath(path, key));
  });
}

function listErrors(list: readonly JsonValue[], schema: Schema, path: string): FieldError[] {
  const own = ownErrors(list, schema, path);
  const { items } = schema;
  if (items === undefined) return own;
  return [...own, ...list.flatMap((item, index) => listTypeErrors(item, items, indexPath(path, index)))];
}

function ownErrors(list: readonly JsonValue[], schema: Schema, path: string): FieldError[] {
  if (schema.listType === 'set') {
    return repeated(list).map((index) => duplicate(indexPath(path, index), list[index]));
  }
  if (schema.listType !== 'map') return [];
  const odd = list.findIndex((item) => item !== null && !isJsonObject(item));
  if (odd >= 0) {
    return [invalidValue(indexPath(path, odd), list[odd], 'must be an object for an array of list-type map')];
  }
  const keys = list.map((item) => keysOf(isJsonObject(item) ? item : {}, schema.listMapKeys));
  return repeated(keys).map((index) => duplicate(indexPath(path, index), keys[index]));
}

/** The key fields of an item of a list of type map; a missing one is no part of the key. */
export function keysOf(item: JsonObject, names: readonly string[]): JsonObject {
  const keys: JsonObject = {};
  for (const name of [...names].sort()) if (Object.hasOwn(item, name)) keys[name] = item[name];
  return keys;
}

/** What makes two items of a list the same. */
export function itemIdentity(item: JsonValue | undefined): string {
  return JSON.stringify(sortedKeys(item ?? null), (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}

/** Where values come for the second time; the third and later are not told. */
function repeated(values: readonly JsonValue[]): number[] {
  const seen = new Map<string, number>();
  const found: number[] = [];
  for (const [index, value] of values.entries()) {
    const identity = itemIdentity(value);
    const times = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, times);
    if (times === 2) found.push(index);
  }
  return found;
}
