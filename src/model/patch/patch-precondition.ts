import { goText } from '../go-text.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonObject } from '../json-value.ts';
import { ownField } from './own-fields.ts';
import { PatchError } from './patch-error.ts';

/** Whether a patch that was made may be used. */
export type PatchPrecondition = (patch: JsonObject) => boolean;

/** The patch must not touch a field of the object itself. */
function requireKeyUnchanged(key: string): PatchPrecondition {
  return (patch) => ownField(patch, key) === undefined;
}

/** The patch must not touch a field of the metadata. */
function requireMetadataKeyUnchanged(key: string): PatchPrecondition {
  return (patch) => {
    const metadata = ownField(patch, 'metadata');
    return !isJsonObject(metadata) || ownField(metadata, key) === undefined;
  };
}

/** What `kubectl apply` requires: the same object. */
export const SAME_OBJECT: readonly PatchPrecondition[] = [
  requireKeyUnchanged('apiVersion'),
  requireKeyUnchanged('kind'),
  requireMetadataKeyUnchanged('name'),
];

/** Throws PatchError (Precondition) when one fails. */
export function requirePreconditions(patch: JsonObject, preconditions: readonly PatchPrecondition[]): void {
  if (preconditions.every((holds) => holds(patch))) return;
  throw new PatchError('Precondition', `precondition failed for: ${goText(patch)}`);
}
