import type { FieldSet } from './field-set.ts';
import { fieldType, type MergeType } from './merge-type.ts';
import type { PathElement } from './path-element.ts';

/**
 * A set with the declared fields that something is owned in as members too (EnsureNamedFieldsAreMembers): with
 * `spec.replicas` also `spec`, but with `data.x` no item of a map.
 */
export function withNamedFields(set: FieldSet, type: MergeType | undefined): FieldSet {
  return set.map((element, child) => {
    const result = withNamedFields(child, typeBelow(type, element));
    if (child.hasBelow && isDeclared(type, element)) result.insert([]);
    return result;
  });
}

/** The type of what a path element leads to; undefined where that is not known. */
export function typeBelow(type: MergeType | undefined, element: PathElement): MergeType | undefined {
  if (element.startsWith('f:')) return type?.map === undefined ? undefined : fieldType(type.map, element.slice(2));
  return element.startsWith('k:') ? type?.list?.element : undefined;
}

function isDeclared(type: MergeType | undefined, element: PathElement): boolean {
  return element.startsWith('f:') && type?.map?.field(element.slice(2)) !== undefined;
}
