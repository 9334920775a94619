import type { JsonObject } from '../json-value.ts';
import type { PatchSchema } from './patch-schema.ts';

/**
 * Onto what a strategic merge patch is merged: onto an `object`, where directives act and disappear and nulls delete; or
 * onto another `patch`, where both are kept for whoever applies the result.
 */
export type MergeTarget = 'object' | 'patch';

/** One merge, as its parts need it: lists hold objects, and objects hold lists. */
export interface Merging {
  readonly onto: MergeTarget;
  /** Merges a patch into a target; both are used up. The result is the target, or what the patch replaces it with. */
  mergeObjects(target: JsonObject, patch: JsonObject, schema: PatchSchema): JsonObject;
}
