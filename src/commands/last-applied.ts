import { compactJson } from '../model/json-printer.ts';
import type { KubeObject } from '../model/kube-object.ts';

/** The annotation in which client-side apply keeps the configuration that it applied. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** What was applied to the object last, as it was recorded; undefined when nothing was. */
export function lastAppliedOf(object: KubeObject): string | undefined {
  return object.metadata.annotations?.[lastAppliedAnnotation];
}

/** The object without the annotation; what remains of the annotations is there even when it is empty. */
export function withoutLastApplied(object: KubeObject): KubeObject {
  const { [lastAppliedAnnotation]: _recorded, ...annotations } = object.metadata.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** What kubectl records of an object: its JSON on one line with sorted keys and a line feed, without the record itself. */
export function lastAppliedText(object: KubeObject): string {
  return objectText(withoutLastApplied(object));
}

/** The object with its own configuration recorded in the annotation. */
export function withLastApplied(object: KubeObject): KubeObject {
  const bare = withoutLastApplied(object);
  const annotations = { ...bare.metadata.annotations, [lastAppliedAnnotation]: objectText(bare) };
  return { ...bare, metadata: { ...bare.metadata, annotations } };
}

/** An object as kubectl encodes it before it makes a patch: sorted keys on one line, and a line feed. */
export function objectText(object: KubeObject): string {
  return `${compactJson(object, { sortKeys: true })}\n`;
}
