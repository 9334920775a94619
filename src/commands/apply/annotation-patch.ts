import type { PatchBody } from '../../client/client.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { createMergePatch } from '../../model/patch/merge-patch.ts';
import type { JsonValue } from '../../model/json-value.ts';
import { lastAppliedAnnotation, objectText } from '../last-applied.ts';

/**
 * The merge patch that records a manifest, as it is written, in the annotation of its object, and the text that it records.
 * Unlike apply it adds no empty annotations to the record (kubectl's GetApplyPatch).
 */
export function annotationPatch(object: KubeObject): { readonly patch: PatchBody; readonly text: string } {
  const text = objectText(object);
  const annotations = { ...object.metadata.annotations, [lastAppliedAnnotation]: text };
  const annotated = { ...object, metadata: { ...object.metadata, annotations } };
  const body = createMergePatch(object as JsonValue, annotated as unknown as JsonValue);
  return { patch: { type: 'application/merge-patch+json', body }, text };
}
