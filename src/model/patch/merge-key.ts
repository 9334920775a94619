import { goKind, goText, goTypeName } from '../go-text.ts';
import type { GoKind } from '../go-text.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import { ownField } from './own-fields.ts';
import { PatchError } from './patch-error.ts';

/** What two values share exactly when Go's `==` calls them equal. Throws for what Go cannot compare. */
export function identity(value: JsonValue | undefined): string {
  const kind = goKind(value);
  if (value !== null && typeof value === 'object') {
    throw new PatchError('Internal', `runtime error: comparing uncomparable type ${goTypeName(value)}`);
  }
  return kind === 'nil' ? kind : `${kind} ${String(value)}`;
}

/** The identity of a list item: of its merge key for an object, of itself for a scalar (merge key ''). */
export function itemIdentity(item: JsonValue, mergeKey: string): string {
  if (mergeKey === '') return identity(item);
  return identity(isJsonObject(item) ? ownField(item, mergeKey) : null);
}

/** The item as an object that has its merge key. Throws PatchError otherwise. */
export function keyedItem(item: JsonValue, mergeKey: string): JsonObject {
  if (!isJsonObject(item)) throw badType('map', item);
  if (ownField(item, mergeKey) === undefined) throw noMergeKey(item, mergeKey);
  return item;
}

export function noMergeKey(item: JsonObject, mergeKey: string): PatchError {
  return new PatchError('Internal', `map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
}

/** The complaint about a value of the wrong type. */
export function badType(expected: 'map' | 'slice', value: JsonValue): PatchError {
  const type = expected === 'map' ? goTypeName({}) : goTypeName([]);
  const actual = goKind(value) === 'nil' ? '%!s(<nil>)' : goTypeName(value);
  return new PatchError('Internal', `expected a ${type}, but received a ${actual}`);
}

/** The kind that all items of all lists share. Throws PatchError when they differ, are lists or null, or when there are none. */
export function itemKind(...lists: JsonValue[][]): GoKind {
  let kind: GoKind | undefined;
  for (const item of lists.flat()) {
    const each = goKind(item);
    if (each === 'nil') {
      throw new PatchError('Internal', 'runtime error: invalid memory address or nil pointer dereference');
    }
    if (kind === undefined && each === 'slice') {
      throw new PatchError('Unprocessable', 'lists of lists are not supported');
    }
    if (kind !== undefined && kind !== each) {
      throw new PatchError('Internal', `list element types are not identical: ${goText(lists)}`);
    }
    kind = each;
  }
  if (kind === undefined) throw new PatchError('Internal', 'no elements in any of the given slices');
  return kind;
}
