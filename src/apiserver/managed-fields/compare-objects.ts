import { deepEqual } from '../../model/deep-equal.ts';
import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import { RawJson } from '../../model/raw-json.ts';
import type { FieldSchema, TypeSchema, ValueSchema } from '../../model/schema/type-schema.ts';
import { FieldSet } from './field-set.ts';

/** What a write changed. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

/** How a value is compared: as one, by its fields, or by the keys of its items. */
type Shape =
  | { readonly type: 'leaf' }
  | { readonly type: 'fields'; readonly shapeOf: (name: string) => Shape }
  | { readonly type: 'map-list'; readonly keys: readonly string[]; readonly item: Shape }
  | { readonly type: 'set-list' };

const LEAF: Shape = { type: 'leaf' };

/** Free-form values: objects by their fields, lists as one (structured-merge-diff's deduced type). */
const DEDUCED: Shape = { type: 'fields', shapeOf: () => DEDUCED };

/**
 * The fields in which two objects differ, as structured-merge-diff's Compare tells them: a field that was absent is added,
 * with all below it. Without a type, lists are compared as one.
 */
export function compareObjects(type: TypeSchema | undefined, left: JsonObject, right: JsonObject): Comparison {
  const comparison = { added: new FieldSet(), removed: new FieldSet(), modified: new FieldSet() };
  const shape = type === undefined ? DEDUCED : structShape(type);
  if (shape.type === 'fields') compareFields(comparison, [], shape, left, right);
  return comparison;
}

function structShape(type: TypeSchema): Shape {
  if (type.atomic) return LEAF;
  return {
    type: 'fields',
    shapeOf(name) {
      const field = type.field(name);
      // A field that the type does not have, apiVersion and kind among them.
      return field === undefined ? DEDUCED : fieldShape(field);
    },
  };
}

function fieldShape(field: FieldSchema): Shape {
  if (field.atomic) return LEAF;
  if (field.value.kind !== 'list') return valueShape(field.value);
  if (field.listType === 'set') return { type: 'set-list' };
  if (field.listType !== 'map' || field.listMapKeys.length === 0) return LEAF;
  return { type: 'map-list', keys: field.listMapKeys, item: valueShape(field.value.element) };
}

function valueShape(value: ValueSchema): Shape {
  if (value.kind === 'message') return structShape(value.message);
  if (value.kind === 'map') {
    const item = valueShape(value.element);
    return { type: 'fields', shapeOf: () => item };
  }
  return LEAF;
}

function compareValues(to: Comparison, path: readonly string[], shape: Shape, values: [unknown, unknown]): void {
  const [left, right] = values;
  if (left === undefined && right === undefined) return;
  if (left === undefined) to.added.insert(path);
  else if (right === undefined) to.removed.insert(path);
  if (comparedByParts(to, path, shape, values)) return;
  if (left !== undefined && right !== undefined && !deepEqual(left, right)) to.modified.insert(path);
}

/** Compares what has parts by its parts; answers whether it has. */
function comparedByParts(
  to: Comparison,
  path: readonly string[],
  shape: Shape,
  [left, right]: [unknown, unknown],
): boolean {
  if (shape.type === 'leaf') return false;
  if (shape.type === 'fields') {
    if (!isFields(left) && !isFields(right)) return false;
    compareFields(to, path, shape, isFields(left) ? left : {}, isFields(right) ? right : {});
    return true;
  }
  if (!isItems(left) && !isItems(right)) return false;
  const elementOf = (item: unknown): [string, Shape] =>
    shape.type === 'map-list' ? [keyElement(shape.keys, item), shape.item] : [`v:${JSON.stringify(item)}`, LEAF];
  compareItems(to, path, elementOf, [left, right]);
  return true;
}

function compareFields(
  to: Comparison,
  path: readonly string[],
  shape: Shape & { type: 'fields' },
  ...[left, right]: [JsonObject, JsonObject]
): void {
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const values: [unknown, unknown] = [ownValue(left, name), ownValue(right, name)];
    compareValues(to, [...path, `f:${name}`], shape.shapeOf(name), values);
  }
}

function compareItems(
  to: Comparison,
  path: readonly string[],
  elementOf: (item: unknown) => [element: string, shape: Shape],
  [left, right]: [unknown, unknown],
): void {
  const items = new Map<string, { shape: Shape; values: [unknown, unknown] }>();
  for (const [side, list] of [left, right].entries()) {
    for (const item of Array.isArray(list) ? list : []) {
      const [element, shape] = elementOf(item);
      const entry = items.get(element) ?? { shape, values: [undefined, undefined] };
      entry.values[side] = item;
      items.set(element, entry);
    }
  }
  for (const [element, { shape, values }] of items) compareValues(to, [...path, element], shape, values);
}

function keyElement(keys: readonly string[], item: unknown): string {
  const fields = isJsonObject(item) ? item : {};
  const present = [...keys].sort().filter((key) => fields[key] !== undefined);
  return `k:${JSON.stringify(Object.fromEntries(present.map((key) => [key, fields[key]])))}`;
}

/** An empty object or list, like null, is compared as one with another that is empty. */
function isFields(value: unknown): value is JsonObject {
  return isJsonObject(value) && !(value instanceof RawJson) && Object.keys(value).length > 0;
}

function isItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function ownValue(fields: JsonObject, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
