import type { ResourceClient } from '../client/client.ts';
import type { ResourceInfo } from '../model/schema/resource-info.ts';

/** Resources that show what another one shows already. */
const SAME: ReadonlyMap<string, string> = new Map([['events.events.k8s.io', 'events.']]);

/** A report on the server's parts, made when it is asked for; nothing that is kept. */
const NOT_KEPT = 'componentstatuses.';

/** Every resource whose objects can be listed, each in the version that the server prefers, and no objects twice. */
export async function listableResources({ mapper }: ResourceClient, namespacedOnly: boolean): Promise<ResourceInfo[]> {
  const found = new Map<string, ResourceInfo>();
  for (const resource of await mapper.all()) {
    const name = `${resource.plural}.${resource.group}`;
    if (!resource.verbs.includes('list') || found.has(name) || name === NOT_KEPT) continue;
    if (namespacedOnly && !resource.namespaced) continue;
    found.set(name, resource);
  }
  return [...found].filter(([name]) => !found.has(SAME.get(name) ?? '')).map(([, resource]) => resource);
}
