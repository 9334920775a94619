import type { ApiResponse } from '../../model/api-message.ts';
import { failure, methodNotAllowed, notFound } from '../../model/status-errors.ts';
import { objectName, type ResourceRequest } from '../resource-request.ts';
import { groupResourceOf } from '../served-resource.ts';

/** What a kubelet is asked for, and what is therefore not to be had. */
const WISHES: Readonly<Record<string, string>> = {
  attach: 'cannot attach to',
  exec: 'cannot execute a command in',
  log: 'there are no logs of',
  portforward: 'cannot forward ports to',
};

/** Whether a pod's subresource is answered by the kubelet of its node. */
export function needsKubelet(subresource: string): boolean {
  return Object.hasOwn(WISHES, subresource);
}

/**
 * The answer of an API server that no kubelet belongs to: 404 for a pod that is not there, and a Status that names the pod
 * for one that is.
 */
export async function answerWithoutKubelet(request: ResourceRequest): Promise<ApiResponse> {
  const { server, served, info } = request;
  const { method } = request.request;
  if (method !== 'GET' && (method !== 'POST' || info.subresource === 'log')) throw methodNotAllowed();
  const found = await server.storage.get(served.stored, objectName(request));
  if (found === undefined) throw notFound(groupResourceOf(served), info.name);
  const message = `${WISHES[info.subresource] ?? ''} pod ${JSON.stringify(info.name)}: there is no kubelet behind this store, so that no container ever runs`;
  throw failure({ code: 501, reason: '', message, details: { name: info.name, kind: 'pods' } });
}
