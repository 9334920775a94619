import { deepEqual } from '../deep-equal.ts';
import { goText } from '../go-text.ts';
import type { JsonObject } from '../json-value.ts';
import { identity } from './merge-key.ts';
import { ownField, ownFields, setOwnField } from './own-fields.ts';
import { PatchError } from './patch-error.ts';
import { DELETE_FROM_LIST, RETAIN_KEYS, SET_ORDER, badFormat } from './strategic-directives.ts';
import type { MergeTarget } from './strategic-merging.ts';

/** Acts on a patch's `$retainKeys` and takes it out of the patch: removes the target's other fields, or hands the directive on. */
export function retainKeys(target: JsonObject, patch: JsonObject, onto: MergeTarget): void {
  const wanted = ownField(patch, RETAIN_KEYS);
  if (wanted === undefined) return;
  delete patch[RETAIN_KEYS];
  if (onto === 'patch') {
    const present = ownField(target, RETAIN_KEYS);
    if (present === undefined) setOwnField(target, RETAIN_KEYS, wanted);
    else if (!deepEqual(present, wanted)) {
      throw new PatchError(
        'Internal',
        `${goText(present)} and ${goText(wanted)} are not deep equal: this may happen when calculating the 3-way diff patch`,
      );
    }
    return;
  }
  if (!Array.isArray(wanted)) throw badFormat(RETAIN_KEYS);
  const retained = new Set(wanted.map(identity));
  for (const [key, change] of ownFields(patch)) {
    if (change === null || key.startsWith(DELETE_FROM_LIST) || key.startsWith(SET_ORDER)) continue;
    if (!retained.has(identity(key))) throw badFormat(RETAIN_KEYS);
  }
  for (const [key] of ownFields(target)) if (!retained.has(identity(key))) delete target[key];
}
