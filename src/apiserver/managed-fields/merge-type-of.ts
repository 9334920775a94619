import type { ServedResource } from '../served-resource.ts';
import { builtInMergeType } from './built-in-merge-type.ts';
import { customMergeType } from './custom-merge-type.ts';
import { DEDUCED, type MergeType } from './merge-type.ts';

/** How the objects of a resource are merged; by their values alone where nothing is known of them. */
export function mergeTypeOf({ type, openApiSchema }: Pick<ServedResource, 'type' | 'openApiSchema'>): MergeType {
  if (type !== undefined) return builtInMergeType(type);
  return openApiSchema === undefined ? DEDUCED : customMergeType(openApiSchema);
}
