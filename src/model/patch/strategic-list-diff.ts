import { compareBytes } from '../byte-order.ts';
import { deepEqual } from '../deep-equal.ts';
import { goText } from '../go-text.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import { sortedLike } from './element-order.ts';
import { identity, itemKind, keyedItem } from './merge-key.ts';
import { isEmpty, ownField, setOwnField } from './own-fields.ts';
import type { FieldPatching } from './patch-schema.ts';
import { PATCH } from './strategic-directives.ts';
import type { Differ, DiffOptions } from './strategic-differ.ts';

/** How one list becomes another. Empty parts are not sent. */
export interface ListDiff {
  /** Items to add or change; objects to delete are marked so. */
  readonly changes: JsonValue[];
  /** Scalars to delete. */
  readonly deletions: JsonValue[];
  /** The merge keys, or the scalars, in the order wanted. */
  readonly order: JsonValue[];
}

/** The difference of two lists that merge. A list of scalars in `original` gets sorted on the way. */
export function diffLists(
  original: JsonValue[],
  modified: JsonValue[],
  field: FieldPatching,
  differ: Differ,
): ListDiff {
  const { options } = differ;
  if (original.length === 0) {
    return { changes: options.ignoreChangesAndAdditions ? [] : modified, deletions: [], order: [] };
  }
  if (itemKind(original, modified) === 'map') return diffObjectLists(original, modified, field, differ);
  return diffScalarLists(original, modified, options);
}

function diffScalarLists(original: JsonValue[], modified: JsonValue[], options: DiffOptions): ListDiff {
  sortScalars(original);
  const wanted = sortScalars([...modified]);
  const added: JsonValue[] = [];
  const deleted: JsonValue[] = [];
  let from = 0;
  let to = 0;
  while (from < original.length || to < wanted.length) {
    const order = from >= original.length ? 1 : to >= wanted.length ? -1 : compareText(original[from], wanted[to]);
    if (order < 0) deleted.push(...original.slice(from, from + 1));
    if (order > 0) added.push(...wanted.slice(to, to + 1));
    if (order <= 0) from++;
    if (order >= 0) to++;
  }
  const changes = options.ignoreChangesAndAdditions
    ? []
    : sortedLike(added, modified, { objects: false, mergeKey: '' });
  const deletions = options.ignoreDeletions ? [] : distinct(deleted);
  const changed = deletions.length > 0 || (!options.ignoreChangesAndAdditions && !deepEqual(original, modified));
  return { changes, deletions, order: options.elementOrder && changed ? modified : [] };
}

function diffObjectLists(original: JsonValue[], modified: JsonValue[], field: FieldPatching, differ: Differ): ListDiff {
  const { mergeKey } = field;
  const { options } = differ;
  const { patched, deletions } = diffItems(original, modified, field, differ);
  const changes = [...sortedLike(patched, modified, { objects: true, mergeKey }), ...deletions];
  const sameOrder = isSameOrder(original, modified, mergeKey);
  const ordered =
    options.elementOrder &&
    ((!options.ignoreChangesAndAdditions && (changes.length > 0 || !sameOrder)) ||
      (!options.ignoreDeletions && changes.length > 0));
  const order = ordered ? modified.map((item) => keyOnly(item, mergeKey)) : [];
  return { changes, deletions: [], order };
}

interface ItemsDiff {
  readonly patched: JsonObject[];
  readonly deletions: JsonObject[];
}

function diffItems(
  original: JsonValue[],
  modified: JsonValue[],
  { mergeKey, schema }: FieldPatching,
  { options, diffObjects }: Differ,
): ItemsDiff {
  const before = sortedByKey(original, mergeKey);
  const after = sortedByKey(modified, mergeKey);
  const patched: JsonObject[] = [];
  const deletions: JsonObject[] = [];
  let from = 0;
  let to = 0;
  while (from < before.length || to < after.length) {
    const [old, item] = matched(before[from], after[to]);
    if (old) from++;
    if (item) to++;
    if (old && item) {
      const patch = diffObjects(old.item, item.item, schema);
      if (isEmpty(patch)) continue;
      setOwnField(patch, mergeKey, item.key);
      patched.push(patch);
    } else if (item && !options.ignoreChangesAndAdditions) patched.push(item.item);
    else if (old && !options.ignoreDeletions) deletions.push(deletionOf(old.key, mergeKey));
  }
  return { patched, deletions };
}

/** The two next items when they share a key; else only the one that comes first. */
function matched(old: Keyed | undefined, item: Keyed | undefined): [Keyed | undefined, Keyed | undefined] {
  if (!old || !item) return [old, item];
  const order = compareBytes(old.text, item.text);
  return [order > 0 ? undefined : old, order < 0 ? undefined : item];
}

interface Keyed {
  readonly item: JsonObject;
  readonly key: JsonValue;
  readonly text: string;
}

/** By the printed merge key; items that share one come in reverse, as Go's insertion sort with `<=` leaves them. */
function sortedByKey(list: JsonValue[], mergeKey: string): Keyed[] {
  const keyed = list.map((each) => {
    const item = keyedItem(each, mergeKey);
    const key = ownField(item, mergeKey) ?? null;
    return { item, key, text: goText(key) };
  });
  return keyed.toReversed().sort((a, b) => compareBytes(a.text, b.text));
}

function deletionOf(key: JsonValue, mergeKey: string): JsonObject {
  const deletion: JsonObject = { [PATCH]: 'delete' };
  setOwnField(deletion, mergeKey, key);
  return deletion;
}

function isSameOrder(original: JsonValue[], modified: JsonValue[], mergeKey: string): boolean {
  if (original.length !== modified.length) return false;
  const name = (item: JsonValue) => identity(ownField(keyedItem(item, mergeKey), mergeKey));
  return modified.every((item, index) => name(item) === name(original[index] ?? null));
}

function keyOnly(item: JsonValue, mergeKey: string): JsonObject {
  const only: JsonObject = {};
  const key = isJsonObject(item) ? ownField(item, mergeKey) : undefined;
  setOwnField(only, mergeKey, key ?? null);
  return only;
}

function sortScalars(list: JsonValue[]): JsonValue[] {
  return list.sort(compareText);
}

function compareText(left: JsonValue | undefined, right: JsonValue | undefined): number {
  return compareBytes(goText(left), goText(right));
}

function distinct(sorted: JsonValue[]): JsonValue[] {
  return sorted.filter((item, index) => index === 0 || identity(item) !== identity(sorted[index - 1]));
}
