import type { KubeObject } from '../../model/kube-object.ts';

/** What the admission plug-in StorageObjectInUseProtection gives new objects, so that none goes while it is in use. */
export function addFinalizer(object: KubeObject, finalizer: string): void {
  const { metadata } = object;
  if (metadata.finalizers?.includes(finalizer) === true) return;
  metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
}
