import { compareBytes } from '../byte-order.ts';
import { deepEqual } from '../deep-equal.ts';
import { goKind } from '../go-text.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import type { TypeSchema } from '../schema/type-schema.ts';
import { isEmpty, ownField, ownFields, plainObject, setOwnField } from './own-fields.ts';
import { PatchError } from './patch-error.ts';
import { requirePreconditions } from './patch-precondition.ts';
import type { PatchPrecondition } from './patch-precondition.ts';
import { PatchSchema } from './patch-schema.ts';
import { DELETE_FROM_LIST, PATCH, RETAIN_KEYS, SET_ORDER } from './strategic-directives.ts';
import type { Differ, DiffOptions } from './strategic-differ.ts';
import { diffLists } from './strategic-list-diff.ts';

/**
 * The strategic merge patch that turns one object of a built-in type into another, as apimachinery's
 * `strategicpatch.CreateTwoWayMergePatch` makes it. Null in `modified` reads as a deletion. Changes neither argument.
 * Throws PatchError: Precondition when one fails, Internal when a field of the type is unknown.
 */
export function createStrategicPatch(
  original: JsonValue,
  modified: JsonValue,
  type: TypeSchema,
  preconditions: readonly PatchPrecondition[] = [],
): JsonObject {
  const patch = diffObjects(plainObject(original), plainObject(modified), PatchSchema.of(type), { elementOrder: true });
  requirePreconditions(patch, preconditions);
  return patch;
}

/**
 * The difference of two objects, in parts shared with `modified`. Sorts the lists of scalars that merge in `original`, as
 * upstream does; a list that was not sorted therefore always gets its order sent.
 */
export function diffObjects(
  original: JsonObject,
  modified: JsonObject,
  schema: PatchSchema,
  options: DiffOptions,
): JsonObject {
  return diff({ original, modified, schema, options, retainKeys: false });
}

interface Diffing {
  readonly original: JsonObject;
  readonly modified: JsonObject;
  readonly schema: PatchSchema;
  readonly options: DiffOptions;
  readonly retainKeys: boolean;
}

function diff(diffing: Diffing): JsonObject {
  const { original, modified, options } = diffing;
  const patch: JsonObject = {};
  for (const [key, target] of ownFields(modified)) diffField(patch, key, target, diffing);
  if (!options.ignoreDeletions) {
    for (const [key] of ownFields(original)) if (ownField(modified, key) === undefined) setOwnField(patch, key, null);
  }
  if (diffing.retainKeys) addRetainKeys(patch, original, modified);
  return patch;
}

function diffField(patch: JsonObject, key: string, target: JsonValue, diffing: Diffing): void {
  const { schema, options } = diffing;
  const current = ownField(diffing.original, key);
  if (current !== undefined && key === PATCH) return diffDirective(patch, current, target);
  if (current === undefined || goKind(current) !== goKind(target)) {
    if (!options.ignoreChangesAndAdditions) setOwnField(patch, key, target);
  } else if (isJsonObject(current) && isJsonObject(target)) diffObjectField(patch, key, [current, target], diffing);
  else if (Array.isArray(current) && Array.isArray(target)) {
    diffListField(patch, key, [current, target], { schema, options });
  } else setIfChanged(patch, key, [current, target], options);
}

function diffDirective(patch: JsonObject, current: JsonValue, target: JsonValue): void {
  if (typeof current !== 'string' || typeof target !== 'string') {
    throw new PatchError('Internal', `invalid value for special key: ${PATCH}`);
  }
  if (current !== target) setOwnField(patch, PATCH, target);
}

function diffObjectField(
  patch: JsonObject,
  key: string,
  [original, modified]: [JsonObject, JsonObject],
  { schema, options }: Diffing,
): void {
  const field = lookUp(() => schema.forObject(key), original, modified);
  if (!field) return;
  if (field.strategy === 'replace') {
    if (!options.ignoreChangesAndAdditions) setOwnField(patch, key, modified);
    return;
  }
  const nested = diff({ original, modified, schema: field.schema, options, retainKeys: field.retainKeys });
  if (!isEmpty(nested)) setOwnField(patch, key, nested);
}

function diffListField(
  patch: JsonObject,
  key: string,
  [original, modified]: [JsonValue[], JsonValue[]],
  { schema, options }: Pick<Diffing, 'schema' | 'options'>,
): void {
  const field = lookUp(() => schema.forList(key), original, modified);
  if (!field) return;
  if (field.strategy !== 'merge') return setIfChanged(patch, key, [original, modified], options);
  const { retainKeys } = field;
  const differ: Differ = {
    options,
    diffObjects: (original, modified, schema) => diff({ original, modified, schema, options, retainKeys }),
  };
  const { changes, deletions, order } = diffLists(original, modified, field, differ);
  if (changes.length > 0) setOwnField(patch, key, changes);
  if (deletions.length > 0) setOwnField(patch, `${DELETE_FROM_LIST}/${key}`, deletions);
  if (order.length > 0) setOwnField(patch, `${SET_ORDER}/${key}`, order);
}

/** What the type says of a field; undefined when it says nothing and nothing was changed, for then it does not matter. */
function lookUp<Field>(look: () => Field, original: JsonValue, modified: JsonValue): Field | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof PatchError && deepEqual(original, modified)) return undefined;
    throw error;
  }
}

function setIfChanged(
  patch: JsonObject,
  key: string,
  [original, modified]: [JsonValue, JsonValue],
  options: DiffOptions,
): void {
  if (!options.ignoreChangesAndAdditions && !deepEqual(original, modified)) setOwnField(patch, key, modified);
}

function addRetainKeys(patch: JsonObject, original: JsonObject, modified: JsonObject): void {
  const retained = ownFields(modified).filter(([, value]) => value !== null);
  const clears = ownFields(original).some(([key, value]) => value !== null && ownField(modified, key) === undefined);
  if (retained.length === 0 || (isEmpty(patch) && !clears)) return;
  const keys = retained.map(([key]) => key).sort(compareBytes);
  setOwnField(patch, RETAIN_KEYS, keys);
}
