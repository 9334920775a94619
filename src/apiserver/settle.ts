import type { ObjectName } from '../storage/object-storage.ts';
import type { ApiServer } from './api-server.ts';
import { CONTENT_OPTIONS } from './delete-options.ts';
import type { ServedResource } from './served-resource.ts';

/** Does what the controllers of a cluster would do about an object that was just written, marked or deleted. */
export async function settle(
  { server, served }: { server: ApiServer; served: ServedResource },
  name: ObjectName,
): Promise<void> {
  if (served.info.plural === 'clusterroles') {
    const { aggregateRoles, mayAggregate } = await import('./access/aggregate-roles.ts');
    if (mayAggregate(served)) await aggregateRoles(server);
  }
  if (served.info.group === 'certificates.k8s.io' && server.certificateSigner !== undefined) {
    const { signApproved } = await import('./sign-approved.ts');
    await signApproved(server, served, name);
  }
  if (served.lifecycle === undefined) return;
  const { deleteObject } = await import('./delete-object.ts');
  await served.lifecycle.settle(name, (content, object) => {
    const { metadata } = object;
    const target = { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
    const cached = { object, revision: Number(metadata.resourceVersion) };
    return deleteObject({ server, served: content, name: target, cached }, CONTENT_OPTIONS);
  });
}
