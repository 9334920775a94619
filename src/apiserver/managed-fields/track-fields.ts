import type { KubeObject } from '../../model/kube-object.ts';
import type { ApiServer } from '../api-server.ts';
import type { ServedResource } from '../served-resource.ts';

/** A write, seen from metadata.managedFields. Objects are in the request's version. */
export interface TrackedWrite {
  readonly server: ApiServer;
  readonly served: ServedResource;
  /** Changed in place. */
  readonly object: KubeObject;
  /** Undefined for a create. */
  readonly old: KubeObject | undefined;
  readonly manager: string;
  readonly subresource: string;
}

/** Sets metadata.managedFields of a written object: for now what the stored object has. */
export function trackFields({ object, old }: TrackedWrite): void {
  if (old?.metadata.managedFields === undefined) delete object.metadata.managedFields;
  else object.metadata.managedFields = old.metadata.managedFields;
}
