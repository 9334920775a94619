import type { PatchBody, WriteOptions } from '../../client/client.ts';
import { goSyntax } from '../../model/go-text.ts';
import { compactJson } from '../../model/json-printer.ts';
import type { JsonObject, JsonValue } from '../../model/json-value.ts';
import { deepClone } from '../../model/deep-clone.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { createMergePatch } from '../../model/patch/merge-patch.ts';
import { PatchError } from '../../model/patch/patch-error.ts';
import { requirePreconditions, SAME_OBJECT } from '../../model/patch/patch-precondition.ts';
import { createStrategicPatch } from '../../model/patch/strategic-diff.ts';
import { typeForKind } from '../../model/schema/schema.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { annotationPatch } from '../apply/annotation-patch.ts';
import { scopeOf } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import type { FoundObject } from '../find-objects.ts';
import { objectText, withLastApplied } from '../last-applied.ts';
import type { PrintChange } from '../print-change.ts';
import { withoutResourceVersion } from '../without-resource-version.ts';
import type { SaveEdit } from './edit-session.ts';

export interface SaveOptions {
  readonly write: WriteOptions;
  readonly print: PrintChange;
  readonly saveConfig: boolean;
  readonly subresource: string;
  /** Whether to print the patch that was sent. */
  readonly outputPatch: boolean;
}

/** Sends what was changed of each object as a patch. */
export function patchEdited(options: SaveOptions, context: Context): SaveEdit {
  return async (edited, originals, results) => {
    const client = await context.client();
    for (const { target, object: changed } of edited) {
      const original = originalOf(changed, originals);
      const object = options.saveConfig ? withLastApplied(changed) : changed;
      if (objectText(original.object) === objectText(object)) {
        options.print(object, 'skipped');
        continue;
      }
      const patch = editPatch(original.object, object);
      if (options.outputPatch) context.streams.out.write(`Patch: ${compactJson(patch.body, { sortKeys: true })}\n`);
      try {
        const scope = scopeOf(target, options.subresource);
        options.print(await client.patch(scope, target.name, patch, options.write), 'edited');
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        context.streams.err.write(`${results.add(error, target)}\n`);
      }
    }
  };
}

/** Records what was edited as what was applied last. */
export function recordEdited({ write, print }: SaveOptions, context: Context): SaveEdit {
  return async (edited, originals) => {
    const client = await context.client();
    const { name: namespace } = await context.namespace();
    for (const { target, object } of edited) {
      const original = originalOf(object, originals);
      if (objectText(original.object) === objectText(object)) {
        print(object, 'skipped');
        continue;
      }
      const scope = target.resource.namespaced
        ? { resource: target.resource, namespace }
        : { resource: target.resource };
      await client.patch(scope, target.name, annotationPatch(object).patch, write);
      print(object, 'edited');
    }
  };
}

/** Creates what was edited. */
export function createEdited({ write, print, saveConfig }: SaveOptions, context: Context): SaveEdit {
  return async (edited) => {
    const client = await context.client();
    for (const { target, object } of edited) {
      const whole = withoutResourceVersion(saveConfig ? withLastApplied(object) : object);
      print(await client.create(scopeOf(target), deepClone(whole), write), 'created');
    }
  };
}

/** The object that was edited, known by its uid. */
function originalOf(object: KubeObject, originals: readonly FoundObject[]): FoundObject {
  const original = originals.find((each) => (each.object.metadata.uid ?? '') === (object.metadata.uid ?? ''));
  if (original !== undefined) return original;
  throw new UserError(
    `no original object found for &unstructured.Unstructured{Object:${goSyntax(object as JsonValue)}}`,
  );
}

function editPatch(original: KubeObject, edited: KubeObject): PatchBody & { readonly body: JsonObject } {
  const [before, after] = [original as JsonValue, edited as JsonValue];
  const type = typeForKind(edited.apiVersion, edited.kind);
  try {
    if (type !== undefined) {
      return {
        type: 'application/strategic-merge-patch+json',
        body: createStrategicPatch(before, after, type, SAME_OBJECT),
      };
    }
    const body = createMergePatch(before, after);
    requirePreconditions(body, SAME_OBJECT);
    return { type: 'application/merge-patch+json', body };
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    const changed = error.reason === 'Precondition';
    throw new UserError(changed ? 'At least one of apiVersion, kind and name was changed' : error.message, {
      cause: error,
    });
  }
}
