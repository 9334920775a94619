import type { FieldSet } from './field-set.ts';
import { fieldsOf, fieldType, formOf, itemsOf, type ListType, type MergeType } from './merge-type.ts';
import { fieldElement, itemElement } from './path-element.ts';

/**
 * A value without the fields and items of a set (structured-merge-diff's RemoveItems). An object or list of which nothing
 * is left is null. Nothing is taken out of what is merged as one.
 */
export function removeFields(type: MergeType, value: unknown, set: FieldSet): unknown {
  const { map, list, scalar } = formOf(type, value);
  if (map !== undefined) {
    const fields = fieldsOf(value);
    if (fields === undefined || Object.keys(fields).length === 0 || map.atomic) return null;
    return withoutFields(fields, (name) => fieldType(map, name), set);
  }
  if (scalar !== undefined) return value;
  const items = itemsOf(value) ?? [];
  return list === undefined || list.items === 'atomic' ? null : withoutItems(list, items, set);
}

function withoutItems(list: ListType, items: readonly unknown[], set: FieldSet): unknown[] | null {
  const left: unknown[] = [];
  for (const item of items) {
    const found = itemElement(list, item);
    const below = 'element' in found ? set.below(found.element) : undefined;
    if (below?.isMember) continue;
    left.push(below?.hasBelow ? (removeFields(list.element, item, below) ?? keysOf(list, item)) : item);
  }
  return left.length === 0 ? null : left;
}

/** What an item that was not taken out is known by, where nothing else is left of it. */
function keysOf({ keys }: ListType, item: unknown): unknown {
  const kept = Object.entries(fieldsOf(item) ?? {}).filter(([name]) => keys.includes(name));
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

function withoutFields(
  fields: Record<string, unknown>,
  typeOf: (name: string) => MergeType | undefined,
  set: FieldSet,
): Record<string, unknown> | null {
  const left: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const below = set.below(fieldElement(name));
    if (below.isMember) continue;
    const type = typeOf(name);
    left[name] = below.hasBelow && type !== undefined ? removeFields(type, value, below) : value;
  }
  return Object.keys(left).length === 0 ? null : left;
}
