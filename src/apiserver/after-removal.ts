import type { ApiServer } from './api-server.ts';
import type { OwnerChange } from './garbage.ts';
import { isTime } from './metadata/validate-metadata.ts';
import { finishNamespaceOf } from './namespace-finalization.ts';

/** What is to be done when an object is gone: its dependents are garbage, and its namespace may have waited for it. */
export async function afterRemoval(server: ApiServer, change: OwnerChange): Promise<void> {
  await server.garbage.removed(change);
  const { namespace = '' } = change.object.metadata;
  if (namespace !== '') await server.quotas.changed(namespace);
  if (isTime(change.object.metadata.deletionTimestamp)) await finishNamespaceOf(server, change.object);
}
