import { FieldSet } from './field-set.ts';
import type { MergeType } from './merge-type.ts';
import { typeBelow } from './named-fields.ts';

/**
 * A set that was written when parts of a type that are merged as one now were merged by their fields: who owned some of
 * them owns the whole.
 */
export function reconcileFields(set: FieldSet, type: MergeType): FieldSet {
  return set.map((element, child) => {
    const below = typeBelow(type, element);
    if (below === undefined) return child;
    if (isAtomic(below) && child.hasBelow) {
      const whole = new FieldSet();
      whole.insert([]);
      return whole;
    }
    return reconcileFields(child, below);
  });
}

/** Whether values are only ever merged as one; of a type with several forms nothing is said. */
function isAtomic({ map, list, scalar }: MergeType): boolean {
  if (scalar !== undefined) return false;
  return map?.atomic === true || list?.items === 'atomic';
}
