import { isJsonObject } from '../json-value.ts';
import type { JsonValue } from '../json-value.ts';
import { identity, itemIdentity, keyedItem } from './merge-key.ts';
import { ownField } from './own-fields.ts';
import { PatchError } from './patch-error.ts';

/** How the items of one list are told apart: by a merge key when they are objects, by themselves when they are scalars. */
export interface ItemKind {
  readonly objects: boolean;
  readonly mergeKey: string;
}

/** Whether a list holds an object with a given merge key, or a given scalar. */
function membership(list: JsonValue[], mergeKey: string): (item: JsonValue) => boolean {
  if (mergeKey === '') {
    const members = new Set(list.map(identity));
    return (item) => members.has(identity(item));
  }
  const members = new Map<string, number>();
  const stranger = list.findIndex((item) => !isJsonObject(item));
  for (const item of stranger < 0 ? list : list.slice(0, stranger)) {
    const key = isJsonObject(item) ? ownField(item, mergeKey) : undefined;
    if (key !== undefined) members.set(identity(key), 0);
  }
  return (item) => {
    const found = members.has(identity(ownField(keyedItem(item, mergeKey), mergeKey)));
    if (!found && stranger >= 0) throw new PatchError('Internal', `value for key ${stranger} is not a map`);
    return found;
  };
}

/**
 * Puts the items of a patch in `patchOrder`, all others in `liveOrder`, and interleaves the two by their places in
 * `liveOrder`; an item that the live list never had goes before the live items that are still to come.
 */
export function orderItems(
  merged: JsonValue[],
  patchOrder: JsonValue[],
  liveOrder: JsonValue[],
  kind: ItemKind,
): JsonValue[] {
  const isPatched = membership(patchOrder, kind.mergeKey);
  const patched: JsonValue[] = [];
  const others: JsonValue[] = [];
  for (const item of merged) (isPatched(item) ? patched : others).push(item);
  return interleave(sortedLike(others, liveOrder, kind), sortedLike(patched, patchOrder, kind), liveOrder, kind);
}

/** Sorts items as another list has them; items marked for deletion go last. Throws PatchError when a merge key is missing. */
export function sortedLike(items: JsonValue[], order: JsonValue[], kind: ItemKind): JsonValue[] {
  const key = kind.objects ? kind.mergeKey : '';
  let kept = items;
  let deleted: JsonValue[] = [];
  if (kind.objects) {
    for (const item of [...items, ...order]) keyedItem(item, kind.mergeKey);
    kept = items.filter((item) => !isDeletion(item));
    deleted = items.filter(isDeletion);
  }
  const places = placesIn(order, key);
  const ranked = kept.map((item) => ({ item, place: places.get(itemIdentity(item, key)) }));
  return [...sortRanked(ranked).map(({ item }) => item), ...deleted];
}

interface Ranked {
  readonly item: JsonValue;
  readonly place: number | undefined;
}

/**
 * Go's comparison calls an item without a place smaller than any other, and any other smaller than it. What its insertion
 * sort makes of that is kept for lists of the size that it is used for; longer ones only put such items first.
 */
function sortRanked(items: Ranked[]): Ranked[] {
  if (items.every(({ place }) => place !== undefined) || items.length > 20) {
    return items.toSorted((a, b) => (a.place ?? -1) - (b.place ?? -1));
  }
  const sorted = [...items];
  for (let end = 1; end < sorted.length; end++) {
    for (let at = end; at > 0; at--) {
      const [before, item] = [sorted[at - 1], sorted[at]];
      if (!before || !item || !comesFirst(item, before)) break;
      sorted[at - 1] = item;
      sorted[at] = before;
    }
  }
  return sorted;
}

function comesFirst(item: Ranked, before: Ranked): boolean {
  return item.place === undefined || before.place === undefined || item.place < before.place;
}

function interleave(others: JsonValue[], patched: JsonValue[], liveOrder: JsonValue[], kind: ItemKind): JsonValue[] {
  const key = kind.objects ? kind.mergeKey : '';
  const live = placesIn(liveOrder, key);
  const place = (item: JsonValue | undefined) => (item === undefined ? undefined : live.get(itemIdentity(item, key)));
  const result: JsonValue[] = [];
  let next = 0;
  for (const item of patched) {
    const limit = place(item);
    const start = next;
    while (next < others.length && isBefore(place(others[next]), limit)) next++;
    for (const other of others.slice(start, next)) result.push(other);
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

function isBefore(place: number | undefined, limit: number | undefined): boolean {
  return place !== undefined && limit !== undefined && place < limit;
}

/** The first place of every item. */
function placesIn(list: JsonValue[], mergeKey: string): Map<string, number> {
  const places = new Map<string, number>();
  for (const [place, item] of list.entries()) {
    const name = itemIdentity(item, mergeKey);
    if (!places.has(name)) places.set(name, place);
  }
  return places;
}

export function isDeletion(item: JsonValue): boolean {
  return isJsonObject(item) && ownField(item, '$patch') === 'delete';
}
