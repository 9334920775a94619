import { deepEqual } from '../deep-equal.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import type { TypeSchema } from '../schema/type-schema.ts';
import { applyMergePatch, createMergePatch } from './merge-patch.ts';
import { isEmpty, ownField, ownFields, plainCopy, plainObject, setOwnField } from './own-fields.ts';
import { PatchConflict } from './patch-conflict.ts';
import { requirePreconditions } from './patch-precondition.ts';
import type { PatchPrecondition } from './patch-precondition.ts';
import { PatchSchema } from './patch-schema.ts';
import { hasStrategicConflict } from './strategic-conflict.ts';
import { diffObjects } from './strategic-diff.ts';
import { mergeStrategicPatch } from './strategic-merge-patch.ts';

/** The three sides of `kubectl apply`: what was applied last, what shall be, and what there is. Null stands for nothing. */
export interface ThreeWay {
  readonly original: JsonValue;
  readonly modified: JsonValue;
  readonly current: JsonValue;
}

export interface ThreeWayOptions {
  /** Whether to change what somebody else has changed since; otherwise that is a PatchConflict. */
  readonly overwrite: boolean;
  readonly preconditions?: readonly PatchPrecondition[];
}

/**
 * The strategic merge patch that brings `current` to `modified` but keeps what only others have set, as apimachinery's
 * `strategicpatch.CreateThreeWayMergePatch` makes it: changes from current to modified, deletions from original to
 * modified. `{}` when there is nothing to do. Changes no argument.
 * Throws PatchError: Precondition, Conflict (a PatchConflict), or Internal when a field of the type is unknown.
 */
export function createThreeWayStrategicPatch(sides: ThreeWay, type: TypeSchema, options: ThreeWayOptions): JsonObject {
  const schema = PatchSchema.of(type);
  const original = plainObject(sides.original);
  const current = plainObject(sides.current);
  const changes = diffObjects(current, plainObject(sides.modified), schema, {
    elementOrder: true,
    ignoreDeletions: true,
  });
  const deletions = diffObjects(original, plainObject(sides.modified), schema, {
    elementOrder: true,
    ignoreChangesAndAdditions: true,
  });
  const patch = mergeStrategicPatch(deletions, plainObject(changes), schema, 'patch');
  requirePreconditions(patch, options.preconditions ?? []);
  if (!options.overwrite) {
    const changed = diffObjects(original, current, schema, {});
    if (hasStrategicConflict(patch, changed, schema)) throw new PatchConflict(patch, changed);
  }
  return patch;
}

/**
 * The same as a JSON merge patch, for types without a schema, as apimachinery's `jsonmergepatch.CreateThreeWayJSONMergePatch`
 * makes it. Throws PatchError: Precondition, or Conflict when a key is deleted on one way and changed on the other.
 */
export function createThreeWayMergePatch(
  { original, modified, current }: ThreeWay,
  preconditions: readonly PatchPrecondition[] = [],
): JsonObject {
  const changes = onlyNulls(createMergePatch(current, modified), false);
  const deletions = onlyNulls(createMergePatch(original, modified), true);
  if (hasConflict(changes, deletions)) throw new PatchConflict(changes, deletions);
  const patch = plainObject(applyMergePatch(deletions, changes));
  requirePreconditions(patch, preconditions);
  return patch;
}

/** Either only the deletions of a merge patch, or all but them; an empty object that was set is a value. */
function onlyNulls(patch: JsonObject, wanted: boolean): JsonObject {
  const filtered: JsonObject = {};
  for (const [key, value] of ownFields(patch)) {
    if (isJsonObject(value) && !isEmpty(value)) {
      const nested = onlyNulls(value, wanted);
      if (!isEmpty(nested)) setOwnField(filtered, key, nested);
    } else if ((value === null) === wanted) setOwnField(filtered, key, plainCopy(value));
  }
  return filtered;
}

function hasConflict(left: JsonValue, right: JsonValue): boolean {
  if (isJsonObject(left) && isJsonObject(right)) {
    return ownFields(left).some(([key, value]) => {
      const other = ownField(right, key);
      return other !== undefined && hasConflict(value, other);
    });
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length !== right.length || left.some((item, index) => hasConflict(item, right[index] ?? null));
  }
  return !deepEqual(left, right);
}
