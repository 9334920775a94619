import type { KubeObject } from '../model/kube-object.ts';
import { badRequest } from '../model/status-errors.ts';
import type { ObjectName } from '../storage/object-storage.ts';

/** Sets the namespace of the request on an object without one. Throws BadRequest when the object says another. */
export function matchNamespace(object: KubeObject, namespace: string): void {
  const { metadata } = object;
  const own = metadata.namespace ?? '';
  if (own === namespace) return;
  if (namespace === '') delete metadata.namespace;
  else if (own === '') object.metadata = insertNamespace(metadata, namespace);
  else throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** Throws BadRequest when the object of an update is not the one that the URL names. */
export function matchName(object: KubeObject, { name }: ObjectName): void {
  const own = object.metadata.name ?? '';
  if (own === '') {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (own !== name) throw badRequest(`the name of the object (${own}) does not match the name on the URL (${name})`);
}

function insertNamespace(metadata: KubeObject['metadata'], namespace: string): KubeObject['metadata'] {
  const { name, generateName, ...rest } = metadata;
  return {
    ...(name === undefined ? {} : { name }),
    ...(generateName === undefined ? {} : { generateName }),
    namespace,
    ...rest,
  };
}
