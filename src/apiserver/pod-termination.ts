import type { KubeObject } from '../model/kube-object.ts';
import type { ApiServer } from './api-server.ts';
import { partOf, textIn } from './kinds/fields.ts';
import { isLeaseHeld } from './lease-held.ts';
import type { ServedResource } from './served-resource.ts';

/**
 * Whether nobody will end a pod that is being deleted: it is on a node whose kubelet does not renew its lease. The grace
 * period is then over at once, as when the kubelet has stopped the pod. Pods of a node that lives wait for its kubelet.
 */
export async function nobodyEndsPod(server: ApiServer, { info }: ServedResource, pod: KubeObject): Promise<boolean> {
  if (info.group !== '' || info.plural !== 'pods') return false;
  return !(await isLeaseHeld(server, 'kube-node-lease', textIn(partOf(pod, 'spec'), 'nodeName')));
}
