import { failure, notFound } from '../model/status-errors.ts';
import type { ApiServer } from './api-server.ts';
import { SYSTEM_NAMESPACES } from './bootstrap.ts';
import type { NamespaceGuard } from './known-namespaces.ts';
import { isTime } from './metadata/validate-metadata.ts';
import { groupResourceOf, type ServedResource } from './served-resource.ts';

/**
 * The NamespaceLifecycle admission of a create: rejects with NotFound for a namespace that does not exist and with
 * Forbidden for one that is being deleted. The guard lets the create fail if the namespace changes before it is written.
 */
export async function checkNamespace(
  server: ApiServer,
  served: ServedResource,
  where: { namespace: string; name: string },
): Promise<NamespaceGuard | undefined> {
  if (!served.info.namespaced) return undefined;
  const namespaces = await server.catalog.preferred('', 'namespaces');
  if (namespaces === undefined) return undefined;
  const name = { namespace: '', name: where.namespace };
  let found = await server.storage.get(namespaces.stored, name);
  if (found === undefined && SYSTEM_NAMESPACES.includes(where.namespace)) {
    await server.bootstrap.ensure();
    found = await server.storage.get(namespaces.stored, name);
  }
  if (found === undefined) throw notFound(groupResourceOf(namespaces), where.namespace);
  if (isTime(found.object.metadata.deletionTimestamp)) throw terminating(served, where);
  const { labels = {} } = found.object.metadata;
  const guard = { kind: namespaces.stored, name, revision: found.revision, labels };
  server.knownNamespaces.remember(where.namespace, guard);
  return guard;
}

function terminating(served: ServedResource, { namespace, name }: { namespace: string; name: string }): Error {
  const { group, plural } = served.info;
  const what = group === '' ? plural : `${plural}.${group}`;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  return failure({
    code: 403,
    reason: 'Forbidden',
    message: `${what} ${JSON.stringify(name)} is forbidden: ${why}`,
    details: {
      name,
      ...(group === '' ? {} : { group }),
      kind: plural,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  });
}
