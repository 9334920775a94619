import type { ApiServer } from './api-server.ts';
import { numberIn, partOf, textIn } from './kinds/fields.ts';

/**
 * Whether somebody holds a lease: a kubelet its node's in kube-node-lease, a controller manager its own in kube-system. It is
 * how a store that a real cluster lives on is told from one where nobody else will do what such a component does.
 */
export async function isLeaseHeld(
  { catalog, storage, now }: ApiServer,
  namespace: string,
  name: string,
): Promise<boolean> {
  const leases = await catalog.preferred('coordination.k8s.io', 'leases');
  const found = leases && (await storage.get(leases.stored, { namespace, name }));
  if (found === undefined) return false;
  const spec = partOf(found.object, 'spec');
  const renewed = Date.parse(textIn(spec, 'renewTime'));
  const seconds = numberIn(spec, 'leaseDurationSeconds') ?? 0;
  return textIn(spec, 'holderIdentity') !== '' && renewed + seconds * 1000 > now().getTime();
}
