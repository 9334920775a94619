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
} from './merge-type.ts';
import { fieldElement, itemElement, type PathElement } from './path-element.ts';

/** The fields that a value says something about, every leaf and every item (structured-merge-diff's ToFieldSet). */
export function objectFields(type: MergeType, value: unknown): FieldSet {
  const set = new FieldSet();
  addFields(set, [], type, value);
  return set;
}

function addFields(set: FieldSet, path: readonly PathElement[], type: MergeType, value: unknown): void {
  const form = formOf(type, value);
  switch (chosenForm(form)) {
    case 'map':
      if (form.map !== undefined) addMap(set, path, form.map, value);
      return;
    case 'list':
      if (form.list !== undefined) addList(set, path, form.list, value);
      return;
    case 'scalar':
      insert(set, path);
  }
}

function addMap(set: FieldSet, path: readonly PathElement[], map: MapType, value: unknown): void {
  if (map.atomic) {
    insert(set, path);
    return;
  }
  for (const [name, each] of Object.entries(fieldsOf(value) ?? {})) {
    const type = fieldType(map, name);
    if (each === undefined || type === undefined) continue;
    const below = [...path, fieldElement(name)];
    addFields(set, below, type, each);
    const fields = fieldsOf(each);
    const isBare = each === null || (fields !== undefined && Object.keys(fields).length === 0);
    if (isBare || map.field(name) === undefined) insert(set, below);
  }
}

function addList(set: FieldSet, path: readonly PathElement[], list: ListType, value: unknown): void {
  if (list.items === 'atomic') {
    insert(set, path);
    return;
  }
  const items = new Map<PathElement, unknown[]>();
  for (const item of itemsOf(value) ?? []) {
    const found = itemElement(list, item);
    if ('element' in found) items.set(found.element, [...(items.get(found.element) ?? []), item]);
  }
  for (const [element, same] of items) {
    const below = [...path, element];
    // Of items that are there more than once, no one's fields are anybody's.
    if (same.length === 1) addFields(set, below, list.element, same[0]);
    insert(set, below);
  }
}

/** Nobody owns an object as such. */
function insert(set: FieldSet, path: readonly PathElement[]): void {
  if (path.length > 0) set.insert(path);
}
