import {
  chosenForm,
  fieldsOf,
  fieldType,
  formOf,
  itemsOf,
  type ListType,
  type MapType,
  type MergeType,
  ownField,
} from './merge-type.ts';
import { itemElement, type PathElement } from './path-element.ts';

/**
 * An object with what another says about some of its fields (structured-merge-diff's Merge): nothing is taken out, what
 * both say is as `right` says it, and the items of a list that `right` has are in its order. Undefined when nothing is left.
 * Both are valid for the type. The answer shares values with both.
 */
export function mergeObjects(type: MergeType, left: unknown, right: unknown): unknown {
  const form = formOf(type, right === undefined ? left : right);
  switch (chosenForm(form)) {
    case 'map':
      return form.map === undefined ? undefined : mergeMaps(form.map, left, right);
    case 'list':
      return form.list === undefined ? undefined : mergeLists(form.list, left, right);
    case 'scalar':
      return right === undefined ? left : right;
  }
}

function mergeMaps(map: MapType, left: unknown, right: unknown): unknown {
  const [leftFields, rightFields] = [fieldsOf(left), fieldsOf(right)];
  const names = new Set([...Object.keys(leftFields ?? {}), ...Object.keys(rightFields ?? {})]);
  if (map.atomic || names.size === 0) return right === undefined ? left : right;
  const merged: Record<string, unknown> = {};
  for (const name of names) {
    const type = fieldType(map, name);
    const [before, after] = [ownField(leftFields, name), ownField(rightFields, name)];
    if (type === undefined || (before === undefined && after === undefined)) continue;
    const value = mergeObjects(type, before, after);
    if (value !== undefined) merged[name] = value;
  }
  return Object.keys(merged).length === 0 ? undefined : merged;
}

function mergeLists(list: ListType, left: unknown, right: unknown): unknown {
  const [leftItems = [], rightItems = []] = [itemsOf(left), itemsOf(right)];
  if (list.items === 'atomic' || leftItems.length + rightItems.length === 0) return right === undefined ? left : right;
  const merged = new ListMerge(list, indexed(list, leftItems), indexed(list, rightItems)).merge();
  return merged.length === 0 ? undefined : merged;
}

/** Items in their order, and each by its key; null for a key that several have. */
interface Indexed {
  readonly items: readonly (readonly [element: PathElement, item: unknown])[];
  readonly byElement: ReadonlyMap<PathElement, unknown>;
}

function indexed(list: ListType, items: readonly unknown[]): Indexed {
  const found: [PathElement, unknown][] = [];
  const byElement = new Map<PathElement, unknown>();
  for (const item of items) {
    const each = itemElement(list, item);
    if (!('element' in each)) continue;
    found.push([each.element, item]);
    byElement.set(each.element, byElement.has(each.element) ? null : item);
  }
  return { items: found, byElement };
}

/** Merges two lists of keyed items. The order is that of the right one; what only the left has stays after its neighbour. */
class ListMerge {
  readonly #list: ListType;
  readonly #left: Indexed;
  readonly #right: Indexed;
  readonly #done = new Set<PathElement>();
  readonly #merged: unknown[] = [];
  /** The elements that both have, in the right list's order; those before `#next` are merged. */
  readonly #shared: readonly PathElement[];
  #next = 0;

  constructor(list: ListType, left: Indexed, right: Indexed) {
    this.#list = list;
    this.#left = left;
    this.#right = right;
    this.#shared = right.items.map(([element]) => element).filter((element) => left.byElement.has(element));
  }

  merge(): unknown[] {
    const [left, right] = [this.#left.items, this.#right.items];
    let [l, r] = [0, 0];
    while (l < left.length || r < right.length) {
      const [mine, item] = left[l] ?? [];
      const [theirs] = right[r] ?? [];
      const isShared = mine !== undefined && this.#right.byElement.has(mine);
      if (mine !== undefined && !isShared) {
        this.#push(item, undefined);
        l++;
      } else if (isShared && mine !== theirs && theirs !== undefined && this.#comesLater(mine)) {
        l++;
      } else if (theirs === undefined) {
        l++;
      } else {
        if (mine === theirs || (mine !== undefined && this.#done.has(mine))) l++;
        this.#take(theirs);
        r++;
      }
    }
    return this.#merged;
  }

  /** Whether another shared element is to be merged before this one, which then takes its place in the right list. */
  #comesLater(element: PathElement): boolean {
    const next = this.#shared[this.#next];
    return next !== undefined && next !== element;
  }

  #take(element: PathElement): void {
    this.#done.add(element);
    if (this.#shared[this.#next] === element) this.#next++;
    this.#push(this.#left.byElement.get(element), this.#right.byElement.get(element));
  }

  #push(left: unknown, right: unknown): void {
    const value = mergeObjects(this.#list.element, left, right);
    if (value !== undefined) this.#merged.push(value);
  }
}
