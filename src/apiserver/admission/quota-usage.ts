import type { KubeObject } from '../../model/kube-object.ts';
import { parseQuantity } from '../../model/quantity.ts';
import { type Fields, isSet, numberIn, objectsIn, partOf, stringsIn, textIn } from '../kinds/fields.ts';
import { containerRequests, qosClassOf } from '../kinds/pod/pod-amounts.ts';
import { addAmounts, type Amounts, raiseAmounts } from '../../model/resource-amounts.ts';
import { amountsIn } from '../kinds/resource-list.ts';

const ONE = parseQuantity('1');
const CLASS = '.storageclass.storage.k8s.io/';
const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

/** Resources of the core group that a quota counts by their plain names too. */
const PLAIN: readonly string[] = [
  'configmaps',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
];

/** `pods`, `deployments.apps`: how quotas name a resource. */
export function quotaResource(group: string, plural: string): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** What an object uses of a quota, by the names that quotas have for it. */
export function usageOf(resource: string, object: KubeObject): Amounts {
  const usage: Amounts = new Map([[`count/${resource}`, ONE]]);
  if (PLAIN.includes(resource)) usage.set(resource, ONE);
  if (resource === 'pods') addAmounts(usage, podUsage(object));
  if (resource === 'services') addAmounts(usage, serviceUsage(object));
  if (resource === 'persistentvolumeclaims') addAmounts(usage, claimUsage(object));
  return usage;
}

/** Which resources of the cluster a name in a quota counts; undefined for a name that counts nothing here. */
export function countedBy(name: string): string | undefined {
  if (name.startsWith('count/')) return name.slice('count/'.length);
  if (PLAIN.includes(name)) return name;
  if (name.startsWith('services.')) return 'services';
  if (name === 'requests.storage' || name.includes(CLASS)) return 'persistentvolumeclaims';
  return isPodName(name) ? 'pods' : undefined;
}

/** Whether a name counts objects and nothing of what is in them. */
export function isPlainCount(name: string): boolean {
  return name.startsWith('count/') || PLAIN.includes(name);
}

function isPodName(name: string): boolean {
  return (
    ['pods', 'cpu', 'memory', 'ephemeral-storage'].includes(name) || /^(?:requests\.|limits\.|hugepages-)/.test(name)
  );
}

/** A pod that has ended uses nothing but its place among all pods. */
function isOver(pod: KubeObject): boolean {
  return ['Failed', 'Succeeded'].includes(textIn(partOf(pod, 'status'), 'phase'));
}

function podUsage(pod: KubeObject): Amounts {
  const usage: Amounts = new Map();
  if (isOver(pod)) return usage;
  const spec = partOf(pod, 'spec');
  usage.set('pods', ONE);
  for (const [name, quantity] of containerRequests(spec)) {
    usage.set(`requests.${name}`, quantity);
    if (!name.includes('/')) usage.set(name, quantity);
  }
  const limits: Amounts = new Map();
  for (const container of objectsIn(spec, 'containers')) addAmounts(limits, limitsOf(container));
  for (const container of objectsIn(spec, 'initContainers')) raiseAmounts(limits, limitsOf(container));
  for (const [name, quantity] of limits) usage.set(`limits.${name}`, quantity);
  return usage;
}

function limitsOf(container: Fields): Amounts {
  return amountsIn(partOf(container, 'resources', 'limits'));
}

function serviceUsage(service: KubeObject): Amounts {
  const spec = partOf(service, 'spec');
  const type = textIn(spec, 'type');
  const ports = objectsIn(spec, 'ports');
  const usage: Amounts = new Map();
  if (type === 'LoadBalancer') usage.set('services.loadbalancers', ONE);
  const open =
    type === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] === false
      ? ports.filter((port) => (numberIn(port, 'nodePort') ?? 0) !== 0).length
      : ports.length;
  if (type === 'NodePort' || type === 'LoadBalancer') usage.set('services.nodeports', parseQuantity(String(open)));
  return usage;
}

function claimUsage(claim: KubeObject): Amounts {
  const storage = amountsIn(partOf(claim, 'spec', 'resources', 'requests')).get('storage');
  const usage: Amounts = new Map();
  const storageClass =
    claim.metadata.annotations?.[CLASS_ANNOTATION] ?? textIn(partOf(claim, 'spec'), 'storageClassName');
  if (storage !== undefined) usage.set('requests.storage', storage);
  if (storageClass === '') return usage;
  usage.set(`${storageClass}${CLASS}persistentvolumeclaims`, ONE);
  if (storage !== undefined) usage.set(`${storageClass}${CLASS}requests.storage`, storage);
  return usage;
}

/** Whether a quota is for an object: all its scopes must fit. Only pods have scopes. */
export function isInScope(quota: KubeObject, resource: string, object: KubeObject): boolean {
  const spec = partOf(quota, 'spec');
  const expressions = objectsIn(partOf(spec, 'scopeSelector'), 'matchExpressions');
  const scopes = stringsIn(spec, 'scopes').map((scopeName): Fields => ({ scopeName, operator: 'Exists' }));
  const all = [...scopes, ...expressions];
  return all.length === 0 || (resource === 'pods' && all.every((each) => scopeFits(each, object)));
}

function scopeFits(expression: Fields, pod: KubeObject): boolean {
  const spec = partOf(pod, 'spec');
  const operator = textIn(expression, 'operator');
  switch (textIn(expression, 'scopeName')) {
    case 'Terminating':
      return isSet(spec, 'activeDeadlineSeconds');
    case 'NotTerminating':
      return !isSet(spec, 'activeDeadlineSeconds');
    case 'BestEffort':
      return qosClassOf(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClassOf(spec) !== 'BestEffort';
    case 'PriorityClass': {
      const name = textIn(spec, 'priorityClassName');
      if (operator === 'Exists') return name !== '';
      if (operator === 'DoesNotExist') return name === '';
      return stringsIn(expression, 'values').includes(name) === (operator === 'In');
    }
    default:
      return false;
  }
}

const COMPUTE: readonly string[] = [
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
];

/** What the containers of a pod must say and do not, for the quota to be held to: `limits.cpu for: a,b; …`, or ''. */
export function missingOf(pod: KubeObject, names: readonly string[]): string {
  const spec = partOf(pod, 'spec');
  const containers = [...objectsIn(spec, 'containers'), ...objectsIn(spec, 'initContainers')];
  return names
    .filter((name) => COMPUTE.includes(name))
    .sort()
    .flatMap((name) => {
      const [kind, resource] = name.includes('.')
        ? (name.split('.') as [string, string])
        : (['requests', name] as const);
      const silent = containers.filter((container) => !isSet(partOf(container, 'resources', kind), resource));
      if (silent.length === 0) return [];
      return [
        `${name} for: ${silent
          .map((container) => textIn(container, 'name'))
          .sort()
          .join(',')}`,
      ];
    })
    .join('; ');
}
