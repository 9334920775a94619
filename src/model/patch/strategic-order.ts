import { deepEqual } from '../deep-equal.ts';
import { goText } from '../go-text.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import { isDeletion, orderItems } from './element-order.ts';
import { badType, identity, itemKind, keyedItem } from './merge-key.ts';
import { ownField, ownFields, setOwnField } from './own-fields.ts';
import { PatchError } from './patch-error.ts';
import type { PatchSchema } from './patch-schema.ts';
import { PATCH, SET_ORDER, badFormat, directiveField, withoutDirectives } from './strategic-directives.ts';
import { mergeLists } from './strategic-lists.ts';
import type { Merging } from './strategic-merging.ts';

interface Ordering {
  readonly target: JsonObject;
  readonly patch: JsonObject;
  readonly schema: PatchSchema;
  readonly merging: Merging;
}

/**
 * Acts on every `$setElementOrder/LIST` of a patch: merges that list and puts it in order, and takes the directive and the
 * list out of the patch. Onto another patch the directive is handed on as well.
 */
export function applyElementOrders(ordering: Ordering): void {
  for (const [key, order] of ownFields(ordering.patch)) {
    if (key.startsWith(SET_ORDER)) applyOrder(ordering, key, order);
  }
}

function applyOrder({ target, patch, schema, merging }: Ordering, key: string, order: JsonValue): void {
  if (merging.onto === 'patch') handOn(target, key, order);
  delete patch[key];
  if (!Array.isArray(order)) throw badType('slice', order);
  const name = directiveField(key, SET_ORDER);
  const live = listField(target, name);
  const changes = listField(patch, name);
  const field = schema.forList(name);
  checkOrder(changes ?? [], order, field.mergeKey);
  if (!live && !changes) return;
  const merged = live && changes ? mergedLists(live, changes, field, merging) : (live ?? freshItems(changes ?? []));
  const objects = itemKind(live ?? [], changes ?? []) === 'map';
  setOwnField(target, name, orderItems(merged, order, live ?? [], { objects, mergeKey: field.mergeKey }));
  delete patch[name];
}

function mergedLists(
  live: JsonValue[],
  changes: JsonValue[],
  field: ReturnType<PatchSchema['forList']>,
  merging: Merging,
): JsonValue[] {
  return field.strategy === 'merge' ? mergeLists(live, changes, field, merging) : changes;
}

function freshItems(changes: JsonValue[]): JsonValue[] {
  return changes.map(withoutDirectives).filter((item) => item !== undefined);
}

function handOn(target: JsonObject, key: string, order: JsonValue): void {
  const present = ownField(target, key);
  if (present === undefined) setOwnField(target, key, order);
  else if (!deepEqual(present, order)) throw badFormat(SET_ORDER);
}

function listField(object: JsonObject, name: string): JsonValue[] | undefined {
  const value = ownField(object, name);
  if (value === undefined || Array.isArray(value)) return value;
  throw badType('slice', value);
}

/** The patch's items, deletions aside, must be among the ordered ones and in that order. */
function checkOrder(changes: JsonValue[], order: JsonValue[], mergeKey: string): void {
  if (order.length === 0 || changes.length === 0) return;
  if (mergeKey !== '') for (const item of changes) if (!isJsonObject(item)) throw badType('map', item);
  const items = mergeKey === '' ? changes : changes.filter((item) => !isDeletion(item));
  const name = (item: JsonValue) => identity(mergeKey === '' ? item : ownField(keyedItem(item, mergeKey), mergeKey));
  let at = 0;
  let ordered = 0;
  while (at < items.length && ordered < order.length) {
    const [item, wanted] = [items[at], order[ordered]];
    if (item === undefined || wanted === undefined) break;
    if (isJsonObject(item) && ownField(item, PATCH) !== undefined) {
      at++;
      continue;
    }
    if (name(item) === name(wanted)) at++;
    ordered++;
  }
  if (at >= items.length || ordered < order.length) return;
  throw new PatchError(
    'Internal',
    `The order in patch list:\n${goText(changes)}\n doesn't match ${SET_ORDER} list:\n${goText(order)}\n`,
  );
}
