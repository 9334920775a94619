import type { JsonObject } from '../json-value.ts';
import { PatchError } from './patch-error.ts';

/** A three-way patch that changes what somebody else has changed in another way. */
export class PatchConflict extends PatchError {
  override readonly name: string = 'PatchConflict';
  readonly patch: JsonObject;
  /** What the patch conflicts with: the changes from original to current (strategic), or the deletions (JSON merge). */
  readonly changes: JsonObject;

  constructor(patch: JsonObject, changes: JsonObject) {
    super('Conflict', 'patch conflicts with changes made from original to current');
    this.patch = patch;
    this.changes = changes;
  }

  /** The message as kubectl prints it, with both patches in YAML (whose lines end with a line feed). */
  describe(toYaml: (value: JsonObject) => string): string {
    return `patch:\n${toYaml(this.patch)}\nconflicts with changes made from original to current:\n${toYaml(this.changes)}\n`;
  }
}
