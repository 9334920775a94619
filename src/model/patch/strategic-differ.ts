import type { JsonObject } from '../json-value.ts';
import type { PatchSchema } from './patch-schema.ts';

/** What a diff leaves out or adds. Nothing given: all changes, and no orders. */
export interface DiffOptions {
  readonly elementOrder?: boolean;
  readonly ignoreChangesAndAdditions?: boolean;
  readonly ignoreDeletions?: boolean;
}

/** One diff, as its parts need it. */
export interface Differ {
  readonly options: DiffOptions;
  readonly diffObjects: (original: JsonObject, modified: JsonObject, schema: PatchSchema) => JsonObject;
}
