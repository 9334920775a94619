import { compareBytes } from '../byte-order.ts';
import { deepEqual } from '../deep-equal.ts';
import { goText } from '../go-text.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonObject, JsonValue } from '../json-value.ts';
import { identity, itemKind } from './merge-key.ts';
import { ownField, ownFields } from './own-fields.ts';
import { PatchError } from './patch-error.ts';
import type { FieldPatching, PatchSchema } from './patch-schema.ts';
import { PATCH, RETAIN_KEYS } from './strategic-directives.ts';

/** Whether two strategic merge patches of the same type give a field different values. */
export function hasStrategicConflict(left: JsonObject, right: JsonObject, schema: PatchSchema): boolean {
  return valuesConflict(left, right, { schema, strategy: '', mergeKey: '' });
}

/** What is known of the two values; no schema below scalars and lists that replace each other. */
interface Known extends Pick<FieldPatching, 'strategy' | 'mergeKey'> {
  readonly schema: PatchSchema | undefined;
}

function valuesConflict(left: JsonValue, right: JsonValue, known: Known): boolean {
  if (isJsonObject(left)) return !isJsonObject(right) || objectsConflict(left, right, known);
  if (Array.isArray(left)) return !Array.isArray(right) || listsConflict(left, right, known);
  return !deepEqual(left, right);
}

function objectsConflict(left: JsonObject, right: JsonObject, known: Known): boolean {
  const [mine, theirs] = [ownField(left, PATCH), ownField(right, PATCH)];
  if (!deepEqual(mine, theirs)) return true;
  if (known.strategy === 'replace') return false;
  return ownFields(left).some(([key, value]) => {
    if (key === PATCH || key === RETAIN_KEYS) return false;
    const other = ownField(right, key);
    return other !== undefined && valuesConflict(value, other, knownOf(key, value, known.schema));
  });
}

function knownOf(key: string, value: JsonValue, schema: PatchSchema | undefined): Known {
  if (schema && Array.isArray(value)) return schema.forList(key);
  if (schema && isJsonObject(value)) return schema.forObject(key);
  return { schema: undefined, strategy: '', mergeKey: '' };
}

function listsConflict(left: JsonValue[], right: JsonValue[], { schema, strategy, mergeKey }: Known): boolean {
  const objects = itemKind(left, right) === 'map';
  const items: Known = { schema, strategy: '', mergeKey: '' };
  if (strategy === 'merge') {
    if (!objects) return false;
    const theirs = byMergeKey(right, mergeKey);
    return [...byMergeKey(left, mergeKey)].some(([key, item]) => {
      const other = theirs.get(key);
      return other !== undefined && valuesConflict(item, other, items);
    });
  }
  if (left.length !== right.length) return true;
  if (objects) return left.some((item, index) => valuesConflict(item, right[index] ?? null, items));
  return !deepEqual(sortedSet(left), sortedSet(right));
}

function byMergeKey(list: JsonValue[], mergeKey: string): Map<string, JsonObject> {
  const items = new Map<string, JsonObject>();
  for (const item of list) {
    if (!isJsonObject(item)) throw new PatchError('Internal', `invalid element type in merging list:${goText(list)}`);
    const key = ownField(item, mergeKey);
    if (key === undefined) {
      throw new PatchError('Internal', `cannot find merge key \`${mergeKey}\` in merging list element:${goText(item)}`);
    }
    items.set(goText(key), item);
  }
  return items;
}

function sortedSet(list: JsonValue[]): JsonValue[] {
  const items = new Map(list.map((item) => [identity(item), item]));
  return [...items.values()].sort((a, b) => compareBytes(goText(a), goText(b)));
}
