import { goKind } from '../go-text.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import type { TypeSchema } from '../schema/type-schema.ts';
import { ownField, ownFields, plainObject, setOwnField } from './own-fields.ts';
import { PatchSchema } from './patch-schema.ts';
import {
  DELETE_FROM_LIST,
  PATCH,
  directiveField,
  unknownDirective,
  withoutDirectives,
} from './strategic-directives.ts';
import { mergeLists } from './strategic-lists.ts';
import type { MergeTarget, Merging } from './strategic-merging.ts';
import { applyElementOrders } from './strategic-order.ts';
import { retainKeys } from './strategic-retain-keys.ts';

/**
 * Applies a strategic merge patch to an object of a built-in type, as apimachinery's `strategicpatch.StrategicMergePatch`
 * does: with `$patch`, `$retainKeys`, `$setElementOrder/…` and `$deleteFromPrimitiveList/…`, its order of merged lists, and
 * its oddities (a directive inside something that the object did not have stays in the result, unless it is `$patch`).
 * Neither argument is changed, nor shared with the result. Throws PatchError: BadRequest, Unprocessable or Internal, as
 * kube-apiserver answers that failure.
 */
export function applyStrategicMergePatch(object: JsonValue, patch: JsonValue, type: TypeSchema): JsonObject {
  return mergeStrategicPatch(plainObject(object), plainObject(patch), PatchSchema.of(type), 'object');
}

/**
 * Merges a strategic merge patch into an object, or into another patch (as three-way patches are made). Both are used up;
 * the result is the target, or what the patch replaces it with.
 */
export function mergeStrategicPatch(
  target: JsonObject,
  patch: JsonObject,
  schema: PatchSchema,
  onto: MergeTarget,
): JsonObject {
  const merging: Merging = {
    onto,
    mergeObjects: (target, patch, schema) => mergeFields(target, patch, schema, merging),
  };
  return mergeFields(target, patch, schema, merging);
}

function mergeFields(target: JsonObject, patch: JsonObject, schema: PatchSchema, merging: Merging): JsonObject {
  const directive = ownField(patch, PATCH);
  if (directive !== undefined) return replaced(directive, patch);
  retainKeys(target, patch, merging.onto);
  applyElementOrders({ target, patch, schema, merging });
  const fields = ownFields(patch);
  const isDeletion = ([key]: [string, JsonValue]) => key.startsWith(DELETE_FROM_LIST);
  // Upstream leaves the order to chance. Deletions first: what is both deleted and added is there.
  for (const [key, change] of fields.filter(isDeletion)) mergeDeletions(target, key, change, { schema, merging });
  for (const [key, change] of fields) {
    if (!isDeletion([key, change])) mergeField(target, key, change, { schema, merging });
  }
  return target;
}

interface FieldMerging {
  readonly schema: PatchSchema;
  readonly merging: Merging;
}

function replaced(directive: JsonValue, patch: JsonObject): JsonObject {
  if (directive === 'delete') return {};
  if (directive !== 'replace') throw unknownDirective(directive, patch);
  delete patch[PATCH];
  return patch;
}

function mergeField(target: JsonObject, key: string, change: JsonValue, { schema, merging }: FieldMerging): void {
  if (change === null) {
    delete target[key];
    if (merging.onto === 'patch') setOwnField(target, key, null);
    return;
  }
  const current = ownField(target, key);
  const sameKind = current !== undefined && goKind(current) === goKind(change);
  if (sameKind && isJsonObject(current) && isJsonObject(change)) {
    const field = schema.forObject(key);
    setOwnField(
      target,
      key,
      field.strategy === 'replace' ? change : mergeFields(current, change, field.schema, merging),
    );
  } else if (sameKind && Array.isArray(current) && Array.isArray(change)) {
    const field = schema.forList(key);
    setOwnField(target, key, field.strategy === 'merge' ? mergeLists(current, change, field, merging) : change);
  } else {
    setFresh(target, key, change, merging.onto);
  }
}

/** Takes a patch's value as it is, where there is nothing to merge it with. */
function setFresh(target: JsonObject, key: string, change: JsonValue, onto: MergeTarget): void {
  if (onto === 'object') discardNulls(change);
  const value = withoutDirectives(change);
  if (value === undefined) delete target[key];
  else setOwnField(target, key, value);
}

function mergeDeletions(
  target: JsonObject,
  directive: string,
  toDelete: JsonValue,
  { schema, merging }: FieldMerging,
): void {
  if (merging.onto === 'patch') return setOwnField(target, directive, toDelete);
  const key = directiveField(directive, DELETE_FROM_LIST);
  const current = ownField(target, key);
  if (toDelete === null) delete target[key];
  else if (current === undefined || goKind(current) !== goKind(toDelete)) return;
  else if (Array.isArray(current) && Array.isArray(toDelete)) {
    const field = schema.forList(key);
    setOwnField(target, key, mergeLists(current, toDelete, { ...field, deletes: true }, merging));
  } else if (isJsonObject(current) && isJsonObject(toDelete)) {
    const field = schema.forObject(key);
    setOwnField(
      target,
      key,
      field.strategy === 'replace' ? toDelete : mergeFields(current, toDelete, field.schema, merging),
    );
  } else {
    setFresh(target, key, toDelete, merging.onto);
  }
}

function discardNulls(value: JsonValue): void {
  if (Array.isArray(value)) value.forEach(discardNulls);
  else if (isJsonObject(value)) {
    for (const [key, field] of ownFields(value)) {
      if (field === null) delete value[key];
      else discardNulls(field);
    }
  }
}
