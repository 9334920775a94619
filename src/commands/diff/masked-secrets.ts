import { deepEqual } from '../../model/deep-equal.ts';
import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';

const MASK = '***';
const MASK_BEFORE = '*** (before)';
const MASK_AFTER = '*** (after)';

/**
 * Both sides with asterisks for the values of `data`, which still tell equal values from different ones. Null stands for a
 * Secret that is not there: kubectl prints that, where it leaves the file of any other missing object empty.
 */
export function maskedSecrets(before: KubeObject | undefined, after: KubeObject): [KubeObject | null, KubeObject] {
  const left = dataOf(before);
  const right = dataOf(after);
  const changed = (key: string): boolean =>
    Object.hasOwn(left, key) && Object.hasOwn(right, key) && !deepEqual(left[key], right[key]);
  const mask = (object: KubeObject, data: JsonObject, word: string): KubeObject =>
    isJsonObject(object['data'])
      ? { ...object, data: Object.fromEntries(Object.keys(data).map((key) => [key, changed(key) ? word : MASK])) }
      : object;
  return [before === undefined ? null : mask(before, left, MASK_BEFORE), mask(after, right, MASK_AFTER)];
}

function dataOf(object: KubeObject | undefined): JsonObject {
  const data = object?.['data'];
  return isJsonObject(data) ? data : {};
}
