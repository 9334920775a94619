import type { ResourceInfo, SubresourceInfo } from '../../model/schema/resource-info.ts';
import type { ResourceCatalog } from '../served-resource.ts';
import { groupVersionsOf } from './discovery.ts';

type DiscoveredResource = ResourceInfo & { readonly subresourceInfos: readonly SubresourceInfo[] };

/** All of a server's resources in one answer (apidiscovery.k8s.io/v2): those of `/api` (core), or those of `/apis`. */
export async function aggregatedDiscovery(catalog: ResourceCatalog, which: 'core' | 'named'): Promise<unknown> {
  const all = await catalog.all();
  const groups = (await groupVersionsOf(catalog)).filter(({ group }) => (group === '') === (which === 'core'));
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
      versions: versions.map((version) => ({
        version,
        resources: all.filter((each) => each.group === group && each.version === version).map(resourceDiscovery),
        freshness: 'Current',
      })),
    })),
  };
}

function resourceDiscovery(info: DiscoveredResource): unknown {
  const { group, version, kind } = info;
  const subresources = info.subresourceInfos.map((sub) => ({
    subresource: sub.name,
    responseKind: { group: sub.group, version: sub.version, kind: sub.kind },
    verbs: sub.verbs,
  }));
  return {
    resource: info.plural,
    responseKind: { group, version, kind },
    scope: info.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: info.singular,
    verbs: info.verbs,
    ...(info.shortNames.length === 0 ? {} : { shortNames: info.shortNames }),
    ...(info.categories.length === 0 ? {} : { categories: info.categories }),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}
