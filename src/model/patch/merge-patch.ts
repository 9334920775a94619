import { deepEqual } from '../deep-equal.ts';
import { goKind } from '../go-text.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import { isContainer, isEmpty, ownField, ownFields, plainCopy, plainObject, setOwnField } from './own-fields.ts';
import { PatchError } from './patch-error.ts';

/**
 * Applies an RFC 7386 merge patch the way kube-apiserver does (gopkg.in/evanphx/json-patch.v4). Where the RFC takes a list
 * as it is, that library drops the null fields of the objects in it, unless the list replaces an object; so does this.
 * Neither argument is changed, nor shared with the result. Throws PatchError (BadRequest) when the patch is a scalar.
 */
export function applyMergePatch(document: JsonValue, patch: JsonValue): JsonValue {
  const changes = plainCopy(patch);
  if (!isContainer(changes)) throw new PatchError('BadRequest', 'Invalid JSON Patch');
  const target = plainCopy(document);
  if (target === null) throw new PatchError('BadRequest', 'Invalid JSON Document');
  if (!isJsonObject(target) || !isJsonObject(changes)) return withoutNulls(changes);
  mergeInto(target, changes);
  return target;
}

/**
 * The merge patch that turns one object into another: what is gone becomes null, a changed list is sent whole. What is null
 * in `modified` reads as a deletion, so only an object without nulls is always reached. Changes neither argument.
 */
export function createMergePatch(original: JsonValue, modified: JsonValue): JsonObject {
  return difference(plainObject(original), plainObject(modified));
}

function mergeInto(target: JsonObject, changes: JsonObject): void {
  for (const [key, change] of ownFields(changes)) {
    if (change === null) delete target[key];
    else setOwnField(target, key, merged(ownField(target, key), change));
  }
}

function merged(current: JsonValue | undefined, change: JsonValue): JsonValue {
  if (!isJsonObject(current)) return withoutNulls(change);
  if (!isJsonObject(change)) return change;
  mergeInto(current, change);
  return current;
}

/** Null items of a list stay; null fields go. */
function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  for (const [key, field] of ownFields(value)) {
    if (field === null) delete value[key];
    else setOwnField(value, key, withoutNulls(field));
  }
  return value;
}

function difference(original: JsonObject, modified: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const [key, target] of ownFields(modified)) {
    const current = ownField(original, key);
    if (current === undefined || goKind(current) !== goKind(target)) setOwnField(patch, key, target);
    else if (isJsonObject(current) && isJsonObject(target)) {
      const nested = difference(current, target);
      if (!isEmpty(nested)) setOwnField(patch, key, nested);
    } else if (!deepEqual(current, target)) setOwnField(patch, key, target);
  }
  for (const [key] of ownFields(original)) {
    if (ownField(modified, key) === undefined) setOwnField(patch, key, null);
  }
  return patch;
}
