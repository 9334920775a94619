import type { PatchBody } from '../../client/client.ts';
import { parseJson } from '../../model/json-reader.ts';
import type { JsonObject, JsonValue } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { PatchConflict } from '../../model/patch/patch-conflict.ts';
import { PatchError } from '../../model/patch/patch-error.ts';
import { SAME_OBJECT } from '../../model/patch/patch-precondition.ts';
import { createThreeWayMergePatch, createThreeWayStrategicPatch } from '../../model/patch/three-way-patch.ts';
import { typeForKind } from '../../model/schema/schema.ts';
import type { TypeSchema } from '../../model/schema/type-schema.ts';
import { UserError } from '../../model/user-error.ts';
import { printYaml } from '../../model/yaml-printer.ts';
import { lastAppliedOf, objectText } from '../last-applied.ts';

export interface ApplyPatch extends PatchBody {
  readonly body: JsonObject;
}

export interface ApplyPatchOptions {
  /** Whether to change what somebody else has changed since the last apply. */
  readonly overwrite: boolean;
  /** Told why kubectl would have to do without a server's schema. */
  onSchemaFailure(message: string): void;
}

/**
 * The patch that brings `current` to `modified` and removes what was applied last and is gone from it: a strategic merge
 * patch for a built-in kind, a JSON merge patch for any other. Throws UserError with all three sides when there is none.
 */
export function createApplyPatch(current: KubeObject, modified: KubeObject, options: ApplyPatchOptions): ApplyPatch {
  const recorded = lastAppliedOf(current) ?? '';
  try {
    const sides = { original: originalOf(recorded), modified: modified as JsonValue, current: current as JsonValue };
    const type = typeForKind(modified.apiVersion, modified.kind);
    if (type === undefined) {
      return { type: 'application/merge-patch+json', body: createThreeWayMergePatch(sides, SAME_OBJECT) };
    }
    return { type: 'application/strategic-merge-patch+json', body: strategicPatch(sides, type, options) };
  } catch (error) {
    const message = patchErrorText(error);
    if (message === undefined) throw error;
    const texts = `original:\n${recorded}\nmodified:\n${objectText(modified)}\ncurrent:\n${objectText(current)}`;
    throw new UserError(`creating patch with:\n${texts}\nfor: ${message}`, { cause: error });
  }
}

function originalOf(recorded: string): JsonValue {
  if (recorded === '') return null;
  try {
    return parseJson(recorded);
  } catch {
    throw new PatchError('BadRequest', 'invalid JSON document');
  }
}

type Sides = Parameters<typeof createThreeWayStrategicPatch>[0];

function strategicPatch(sides: Sides, type: TypeSchema, options: ApplyPatchOptions): JsonObject {
  try {
    return createThreeWayStrategicPatch(sides, type, options);
  } catch (error) {
    const message = patchErrorText(error);
    if (message !== undefined) options.onSchemaFailure(message);
    throw error;
  }
}

/** What kubectl says of a patch that could not be made; undefined for an error of another kind. */
function patchErrorText(error: unknown): string | undefined {
  if (!(error instanceof PatchError)) return undefined;
  if (error instanceof PatchConflict) return error.describe(printYaml);
  return error.reason === 'Precondition' ? 'At least one of apiVersion, kind and name was changed' : error.message;
}
