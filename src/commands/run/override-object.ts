import type { PatchType } from '../../client/client.ts';
import { JsonSyntaxError, parseJson } from '../../model/json-reader.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { PatchError } from '../../model/patch/patch-error.ts';
import { UserError } from '../../model/user-error.ts';
import { patchObject } from '../patch-object.ts';
import { typedObject } from '../typed-object.ts';

const TYPES: ReadonlyMap<string, PatchType> = new Map([
  ['json', 'application/json-patch+json'],
  ['merge', 'application/merge-patch+json'],
  ['strategic', 'application/strategic-merge-patch+json'],
]);

/** A generated object changed by JSON text, and read into its type again. Throws UserError when the text does not fit. */
export async function overrideObject(object: KubeObject, overrides: string, type: string): Promise<KubeObject> {
  const patchType = TYPES.get(type);
  if (patchType === undefined) throw new UserError(`invalid override type: ${type}`);
  try {
    return typedObject(await patchObject(object, parseJson(overrides), patchType));
  } catch (error) {
    if (error instanceof JsonSyntaxError) {
      throw new UserError(type === 'merge' ? 'Invalid JSON Patch' : error.message, { cause: error });
    }
    throw error instanceof PatchError ? new UserError(error.message, { cause: error }) : error;
  }
}
