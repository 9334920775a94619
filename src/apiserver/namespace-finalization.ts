import type { KubeObject } from '../model/kube-object.ts';
import { StatusError } from '../model/status.ts';
import type { ApiServer } from './api-server.ts';
import { inParallel } from './in-parallel.ts';
import { isTime } from './metadata/validate-metadata.ts';
import type { DeleteContent, ServedResource } from './served-resource.ts';

/** How many deletions are under way at once. */
const AT_ONCE = 16;

/**
 * What the namespace controller of a cluster does, at once: deletes all that is in a namespace that is being deleted, and
 * then the namespace. Objects with finalizers or a grace period are marked and keep the namespace. Answers whether it went.
 */
export async function finalizeNamespace(
  server: ApiServer,
  name: string,
  deleteContent: DeleteContent,
): Promise<boolean> {
  let kept = false;
  for (const served of await namespacedResources(server)) {
    const { objects } = await server.storage.list(served.stored, name);
    await inParallel(objects, AT_ONCE, async (object) => {
      if (!(await isGone(deleteContent(served, object)))) kept = true;
    });
  }
  return !kept && removeNamespace(server, name);
}

/** Whether a deletion left nothing; somebody else may have come first. */
async function isGone(deletion: Promise<{ gone: boolean }>): Promise<boolean> {
  try {
    return (await deletion).gone;
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') return true;
    throw error;
  }
}

/**
 * To be called when the last finalizer of an object let it go: the namespace that waited for it may now be empty, and then
 * goes too. It looks at nothing when the object's namespace is not being deleted.
 */
export async function finishNamespaceOf(server: ApiServer, { metadata }: KubeObject): Promise<void> {
  const name = metadata.namespace ?? '';
  if (name === '') return;
  const namespaces = await server.catalog.preferred('', 'namespaces');
  if (namespaces === undefined) return;
  const found = await server.storage.get(namespaces.stored, { namespace: '', name });
  if (!isTime(found?.object.metadata.deletionTimestamp)) return;
  for (const served of await namespacedResources(server)) {
    if ((await server.storage.count(served.stored, name)) > 0) return;
  }
  await removeNamespace(server, name);
}

/** Each stored kind of namespaced objects once, whatever the versions that it is served in. */
async function namespacedResources({ catalog }: ApiServer): Promise<ServedResource[]> {
  const found = new Map<string, ServedResource>();
  for (const info of await catalog.all()) {
    if (!info.namespaced) continue;
    const served = await catalog.find(info.group, info.version, info.plural);
    if (served !== undefined && !found.has(served.stored.path)) found.set(served.stored.path, served);
  }
  return [...found.values()];
}

/** Takes the namespace's own finalizer, and the namespace with it when no other is left. */
async function removeNamespace(server: ApiServer, name: string): Promise<boolean> {
  const namespaces = await server.catalog.preferred('', 'namespaces');
  if (namespaces === undefined) return false;
  let gone = false;
  let revision = 0;
  const object = await server.storage.update(
    namespaces.stored,
    { namespace: '', name },
    {
      deletedAt: (at) => {
        revision = at;
      },
      update(current) {
        if (current === undefined) {
          return { type: 'delete', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } };
        }
        const spec = (current['spec'] ?? {}) as { finalizers?: string[] };
        const finalizers = (spec.finalizers ?? []).filter((each) => each !== 'kubernetes');
        current['spec'] = finalizers.length === 0 ? {} : { ...spec, finalizers };
        gone = finalizers.length === 0 && (current.metadata.finalizers ?? []).length === 0;
        return { type: gone ? 'delete' : 'write', object: current };
      },
    },
  );
  if (revision > 0) await server.garbage.removed({ served: namespaces, object, revision });
  return gone;
}
