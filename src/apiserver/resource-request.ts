import type { ApiRequest } from '../model/api-message.ts';
import type { ObjectName } from '../storage/object-storage.ts';
import type { ApiServer } from './api-server.ts';
import type { ResourceRequestInfo } from '../model/request-info.ts';
import type { ServedResource } from './served-resource.ts';

/** A request for a resource that is served. */
export interface ResourceRequest {
  readonly server: ApiServer;
  readonly request: ApiRequest;
  readonly info: ResourceRequestInfo;
  readonly served: ServedResource;
}

/** The object that a request names. */
export function objectName({ info }: ResourceRequest): ObjectName {
  return { namespace: info.namespace, name: info.name };
}

/** Makes sure of the objects of a fresh cluster before a read that could see them. */
export async function bootstrapForRead({ server, served, info }: ResourceRequest): Promise<void> {
  const { group, plural } = served.info;
  if (group !== '') return;
  const sees = plural === 'namespaces' || (plural === 'services' && ['', 'default'].includes(info.namespace));
  if (sees) await server.bootstrap.ensureForRead();
}
