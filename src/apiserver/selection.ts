import type { KubeObject } from '../model/kube-object.ts';
import { badRequest } from '../model/status-errors.ts';
import type { ResourceRequest } from './resource-request.ts';

/** Which objects of a collection a request means. */
export interface Selection {
  /** For ObjectStorage: a filter on stored objects, or the one name that is asked for. */
  readonly storageOptions: { filter?: (object: KubeObject) => boolean; name?: string };
}

/** Reads labelSelector and fieldSelector. Throws BadRequest in kube-apiserver's words for what is no selector. */
export async function selection({ request, info }: ResourceRequest): Promise<Selection> {
  const labelText = request.query?.get('labelSelector') ?? '';
  const fieldText = request.query?.get('fieldSelector') ?? '';
  if (labelText === '' && fieldText === '') {
    return { storageOptions: info.name === '' ? {} : { name: info.name } };
  }
  throw badRequest('selectors are not read yet');
}
