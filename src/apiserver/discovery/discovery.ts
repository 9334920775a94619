import { apiVersionOf, type ResourceInfo, type SubresourceInfo } from '../../model/schema/resource-info.ts';
import { storageVersionHash } from './storage-version-hash.ts';
import type { DiscoveredResource, ResourceCatalog } from '../served-resource.ts';

/** A group with its versions, the preferred one first. */
export interface GroupVersions {
  readonly group: string;
  readonly versions: readonly string[];
}

/** The groups of a catalog in discovery order. */
export async function groupVersionsOf(catalog: ResourceCatalog): Promise<GroupVersions[]> {
  const groups = new Map<string, Set<string>>();
  for (const { group, version } of await catalog.all()) {
    const versions = groups.get(group) ?? new Set();
    groups.set(group, versions.add(version));
  }
  return [...groups].map(([group, versions]) => ({ group, versions: [...versions] }));
}

/** `/api` (metav1.APIVersions). */
export async function apiVersions(catalog: ResourceCatalog): Promise<unknown> {
  const core = (await groupVersionsOf(catalog)).find(({ group }) => group === '');
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: '' }];
  return { kind: 'APIVersions', versions: core?.versions ?? [], serverAddressByClientCIDRs };
}

/** `/apis` (metav1.APIGroupList). */
export async function apiGroupList(catalog: ResourceCatalog): Promise<unknown> {
  const groups = (await groupVersionsOf(catalog)).filter(({ group }) => group !== '').map(groupOf);
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

/** `/apis/G` (metav1.APIGroup); undefined when there is no such group. */
export async function apiGroup(catalog: ResourceCatalog, group: string): Promise<unknown> {
  const found = (await groupVersionsOf(catalog)).find((each) => each.group === group && group !== '');
  return found === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(found) };
}

function groupOf({ group, versions }: GroupVersions): { name: string; versions: unknown[]; preferredVersion: unknown } {
  const all = versions.map((version) => ({ groupVersion: apiVersionOf({ group, version }), version }));
  return { name: group, versions: all, preferredVersion: all[0] };
}

/** `/api/V` and `/apis/G/V` (metav1.APIResourceList); undefined when there is no such version. */
export async function apiResourceList(catalog: ResourceCatalog, group: string, version: string): Promise<unknown> {
  const found = (await catalog.all()).filter((each) => each.group === group && each.version === version);
  if (found.length === 0) return undefined;
  const resources = found.flatMap((each) => [
    resourceOf(each),
    ...each.subresourceInfos.map((sub) => subresourceOf(each, sub)),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf({ group, version }), resources };
}

function resourceOf(info: DiscoveredResource): unknown {
  return {
    name: info.plural,
    singularName: info.singular,
    namespaced: info.namespaced,
    kind: info.kind,
    verbs: info.verbs,
    ...(info.shortNames.length === 0 ? {} : { shortNames: info.shortNames }),
    ...(info.categories.length === 0 ? {} : { categories: info.categories }),
    storageVersionHash: storageVersionHash(info),
  };
}

function subresourceOf(parent: ResourceInfo, { name, group, version, kind, verbs }: SubresourceInfo): unknown {
  const own = group !== parent.group || version !== parent.version;
  return {
    name: `${parent.plural}/${name}`,
    singularName: '',
    namespaced: parent.namespaced,
    ...(own ? { group, version } : {}),
    kind,
    verbs,
  };
}
