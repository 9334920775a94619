import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import { orderItems } from './element-order.ts';
import { identity, itemKind, noMergeKey } from './merge-key.ts';
import { ownField } from './own-fields.ts';
import { PatchError } from './patch-error.ts';
import type { FieldPatching } from './patch-schema.ts';
import { PATCH, unknownDirective } from './strategic-directives.ts';
import type { Merging } from './strategic-merging.ts';

/** A list field; `deletes` when the patch's list names what to remove. */
export interface ListPatching extends FieldPatching {
  readonly deletes?: boolean;
}

/**
 * Merges a patch's list into a target's by merge key, or as sets of scalars. Items that only the patch has come before the
 * target's items unless the target's order says otherwise (see orderItems). Both lists are used up.
 */
export function mergeLists(
  target: JsonValue[],
  patch: JsonValue[],
  field: ListPatching,
  merging: Merging,
): JsonValue[] {
  if (target.length === 0 && patch.length === 0) return target;
  const { mergeKey } = field;
  if (itemKind(target, patch) !== 'map') {
    const order = { objects: false, mergeKey };
    if (merging.onto === 'object' && field.deletes) return without(target, patch);
    return orderItems(distinct([...target, ...patch]), patch, target, order);
  }
  if (mergeKey === '') {
    throw new PatchError('Internal', `cannot merge lists without merge key for ${field.schema.kindName}`);
  }
  const { kept, changes } = actOnDirectives(target.filter(isJsonObject), patch.filter(isJsonObject), mergeKey);
  const merged = mergeItems(kept, changes, field, merging);
  return orderItems(merged, changes, kept, { objects: true, mergeKey });
}

function without(list: JsonValue[], removed: JsonValue[]): JsonValue[] {
  const gone = new Set(removed.map(identity));
  return list.filter((item) => !gone.has(identity(item)));
}

/** Every scalar once, at its first place. */
function distinct(list: JsonValue[]): JsonValue[] {
  const seen = new Map<string, JsonValue>();
  for (const item of list) {
    const name = identity(item);
    if (!seen.has(name)) seen.set(name, item);
  }
  return [...seen.values()];
}

interface Acted {
  /** What is left of the target. */
  readonly kept: JsonObject[];
  /** The patch's items that are no directives. */
  readonly changes: JsonObject[];
}

function actOnDirectives(target: JsonObject[], patch: JsonObject[], mergeKey: string): Acted {
  const changes: JsonObject[] = [];
  const deleted = new Set<string>();
  let replaces = false;
  for (const item of patch) {
    const directive = ownField(item, PATCH);
    if (directive === undefined) changes.push(item);
    else if (directive === 'replace') replaces = true;
    else if (directive === 'delete') {
      const key = ownField(item, mergeKey);
      if (key === undefined) throw noMergeKey(item, mergeKey);
      deleted.add(identity(key));
    } else if (directive === 'merge') {
      throw new PatchError('Internal', 'merging lists cannot yet be specified in the patch');
    } else throw unknownDirective(directive, item);
  }
  if (replaces) return { kept: changes, changes: [] };
  if (deleted.size === 0) return { kept: target, changes };
  const survives = (item: JsonObject) => {
    const key = ownField(item, mergeKey);
    return key === undefined || !deleted.has(identity(key));
  };
  return { kept: target.filter(survives), changes };
}

function mergeItems(target: JsonObject[], changes: JsonObject[], field: ListPatching, merging: Merging): JsonObject[] {
  const merged = [...target];
  const places = new Map<string, number>();
  for (const [place, item] of target.entries()) notePlace(places, ownField(item, field.mergeKey), place);
  for (const change of changes) {
    const key = ownField(change, field.mergeKey);
    if (key === undefined) throw noMergeKey(change, field.mergeKey);
    const place = places.get(identity(key));
    const current = place === undefined ? undefined : merged[place];
    if (place === undefined || !current) {
      notePlace(places, key, merged.length);
      merged.push(change);
    } else merged[place] = merging.mergeObjects(current, change, field.schema);
  }
  return merged;
}

function notePlace(places: Map<string, number>, key: JsonValue | undefined, place: number): void {
  if (key === undefined) return;
  const name = identity(key);
  if (!places.has(name)) places.set(name, place);
}
