import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import { waveRank } from '../waves/wave-rank.ts';

/** Owners among workloads, before what they own. */
const OWNERS_FIRST = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'cronjobs.batch',
  'replicasets.apps',
  'replicationcontrollers',
  'jobs.batch',
  'services',
  'controllerrevisions.apps',
  'pods',
  'endpoints',
  'endpointslices.discovery.k8s.io',
];

/** Resources in the order in which an import can create their objects: what others need first, owners before what they own. */
export function inImportOrder(
  resources: readonly ResourceInfo[],
  builtIn: (resource: ResourceInfo) => boolean,
): ResourceInfo[] {
  const custom = new Set(resources.filter((each) => !builtIn(each)).map(({ kind, group }) => `${kind}.${group}`));
  const ranked = resources.map((resource, index) => {
    const { wave, place } = waveRank(resource.kind, resource.group, custom);
    const owner = OWNERS_FIRST.indexOf(
      resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`,
    );
    return { resource, wave, place, owner, index };
  });
  return ranked
    .toSorted((a, b) => a.wave - b.wave || a.place - b.place || a.owner - b.owner || a.index - b.index)
    .map(({ resource }) => resource);
}
