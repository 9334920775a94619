import type { KubeObject } from '../model/kube-object.ts';

/** An object as it may be created: a resourceVersion is only that of an object which exists. */
export function withoutResourceVersion(object: KubeObject): KubeObject {
  if (object.metadata.resourceVersion === undefined) return object;
  const { resourceVersion: _version, ...metadata } = object.metadata;
  return { ...object, metadata };
}
