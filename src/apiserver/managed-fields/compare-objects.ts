import { deepEqual } from '../../model/deep-equal.ts';
import { FieldSet } from './field-set.ts';
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
  sameForm,
} from './merge-type.ts';
import { fieldElement, itemElement, type PathElement } from './path-element.ts';

/** What differs between two objects. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

type Values = readonly [left: unknown, right: unknown];

/**
 * The fields in which two objects differ, as structured-merge-diff's Compare tells them: a field that was absent is added,
 * with all below it.
 */
export function compareObjects(type: MergeType, left: unknown, right: unknown): Comparison {
  const walk = new CompareWalk();
  walk.compare([], type, [left, right]);
  return walk.comparison;
}

class CompareWalk {
  readonly comparison: Comparison = { added: new FieldSet(), removed: new FieldSet(), modified: new FieldSet() };

  compare(path: readonly PathElement[], type: MergeType, values: Values): void {
    const [left, right] = values;
    const before = formOf(type, left);
    const after = right === undefined ? before : formOf(type, right);
    // A value of one form that became one of another was changed, and has fields that were added.
    if (left !== undefined && !sameForm(before, after)) this.#byForm(path, before, values);
    const asOne = this.#byForm(path, after, values);
    if (!asOne) this.#appeared(path, values);
  }

  /** Compares in one form of the type; answers whether the values are compared as one. */
  #byForm(path: readonly PathElement[], form: MergeType, values: Values): boolean {
    const chosen = chosenForm(form);
    if (chosen === 'scalar') return this.#leaf(path, values);
    if (chosen === 'map') return form.map === undefined || this.#maps(path, form.map, values);
    return form.list === undefined || this.#lists(path, form.list, values);
  }

  #leaf(path: readonly PathElement[], values: Values): true {
    const [left, right] = values;
    if (left === undefined || right === undefined) this.#appeared(path, values);
    else if (!deepEqual(left, right)) insert(this.comparison.modified, path);
    return true;
  }

  #appeared(path: readonly PathElement[], [left, right]: Values): void {
    if (left === undefined) insert(this.comparison.added, path);
    else if (right === undefined) insert(this.comparison.removed, path);
  }

  #maps(path: readonly PathElement[], map: MapType, values: Values): boolean {
    const [left, right] = [fieldsOf(values[0]), fieldsOf(values[1])];
    const names = new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})]);
    // What is empty is compared as one, so that it differs from null.
    if (map.atomic || names.size === 0) return this.#leaf(path, values);
    for (const name of names) {
      const pair: Values = [ownField(left, name), ownField(right, name)];
      if (pair[0] === undefined && pair[1] === undefined) continue;
      const type = fieldType(map, name);
      if (type !== undefined) this.compare([...path, fieldElement(name)], type, pair);
    }
    return false;
  }

  #lists(path: readonly PathElement[], list: ListType, values: Values): boolean {
    const [left = [], right = []] = [itemsOf(values[0]), itemsOf(values[1])];
    if (list.items === 'atomic' || left.length + right.length === 0) return this.#leaf(path, values);
    const items = new Map<PathElement, [left: unknown[], right: unknown[]]>();
    for (const [side, each] of [left, right].entries()) {
      for (const item of each) {
        const found = itemElement(list, item);
        if (!('element' in found)) continue;
        const entry = items.get(found.element) ?? [[], []];
        entry[side === 0 ? 0 : 1].push(item);
        items.set(found.element, entry);
      }
    }
    for (const [element, same] of items) this.#items([...path, element], list, same);
    return false;
  }

  /** Items with one key. Those that are there more than once are compared as one. */
  #items(path: readonly PathElement[], list: ListType, [left, right]: [unknown[], unknown[]]): void {
    const { added, removed, modified } = this.comparison;
    if (left.length <= 1 && right.length <= 1) {
      this.compare(path, list.element, [left[0], right[0]]);
    } else if (left.length >= 2 && right.length >= 2) {
      if (!deepEqual(left, right)) modified.insert(path);
    } else if (left.length >= 2) {
      if (right.length === 1) this.compare(path, list.element, [undefined, right[0]]);
      removed.insert(path);
    } else {
      if (left.length === 1) this.compare(path, list.element, [left[0], undefined]);
      added.insert(path);
    }
  }
}

/** Nobody owns an object as such. */
function insert(set: FieldSet, path: readonly PathElement[]): void {
  if (path.length > 0) set.insert(path);
}
