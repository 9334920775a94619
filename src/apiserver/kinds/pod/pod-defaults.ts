import type { KubeObject } from '../../../model/kube-object.ts';
import {
  type Fields,
  ensureObject,
  fillAbsent,
  fillEmpty,
  flagIn,
  numberIn,
  objectIn,
  objectsIn,
  partOf,
} from '../fields.ts';
import { formatQuantity } from '../../../model/quantity.ts';
import { isHugePage } from '../resource-list.ts';
import { containerRequests } from './pod-amounts.ts';
import { defaultPodSpec } from './pod-spec-defaults.ts';

/** Defaults of a pod, which has some that a template has not (core/v1 SetDefaults_Pod). */
export function defaultPod(pod: KubeObject): void {
  const spec = ensureObject(pod, 'spec');
  defaultPodSpec(spec);
  const containers = [...objectsIn(spec, 'containers'), ...objectsIn(spec, 'initContainers')];
  for (const container of containers) requestWhatIsLimited(partOf(container, 'resources'));
  defaultPodLevelRequests(spec);
  fillAbsent(spec, 'enableServiceLinks', true);
  if (flagIn(spec, 'hostNetwork')) for (const container of containers) bindHostPorts(container);
}

/** A limit without a request is requested too. */
function requestWhatIsLimited(resources: Fields): void {
  const limits = objectIn(resources, 'limits');
  if (limits === undefined) return;
  const requests = ensureObject(resources, 'requests');
  for (const [name, quantity] of Object.entries(limits)) fillAbsent(requests, name, quantity);
  if (Object.keys(requests).length === 0) delete resources['requests'];
}

/** A pod with limits of its own requests what its containers request together, or else what it is limited to. */
function defaultPodLevelRequests(spec: Fields): void {
  const resources = objectIn(spec, 'resources');
  const limits = Object.entries(partOf(resources ?? {}, 'limits'));
  if (resources === undefined || limits.length === 0) return;
  const requests = ensureObject(resources, 'requests');
  for (const [name, quantity] of containerRequests(spec)) {
    if (name === 'cpu' || name === 'memory') fillAbsent(requests, name, formatQuantity(quantity));
  }
  for (const [name, quantity] of limits) {
    if (name === 'cpu' || name === 'memory' || isHugePage(name)) fillAbsent(requests, name, quantity);
  }
  if (Object.keys(requests).length === 0) delete resources['requests'];
}

function bindHostPorts(container: Fields): void {
  for (const port of objectsIn(container, 'ports')) fillEmpty(port, 'hostPort', numberIn(port, 'containerPort'));
}
