import type { KubeObject } from '../../model/kube-object.ts';
import { compareQuantity, formatQuantity, type Quantity, quantityValue } from '../../model/quantity.ts';
import { forbidden } from '../../model/status-errors.ts';
import { ensureObject, type Fields, isSet, objectsIn, partOf, textIn } from '../kinds/fields.ts';
import { qosClassOf } from '../kinds/pod/pod-amounts.ts';
import { addAmounts, type Amounts, raiseAmounts } from '../../model/resource-amounts.ts';
import { amountsIn } from '../kinds/resource-list.ts';

const ANNOTATION = 'kubernetes.io/limit-ranger';

/** The admission plug-in LimitRanger for a new pod: its containers get what the ranges give by default. */
export function setLimitDefaults(pod: KubeObject, ranges: readonly KubeObject[]): void {
  const spec = ensureObject(pod, 'spec');
  const notes = ranges.flatMap((range) => setDefaults(spec, range));
  if (notes.length === 0) return;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${notes.join('; ')}`,
  };
  ensureObject(pod, 'status')['qosClass'] = qosClassOf(spec);
}

/** The plug-in's word on a new pod or claim of storage: throws Forbidden when it is outside of the ranges. */
export function checkLimits(resource: string, object: KubeObject, ranges: readonly KubeObject[]): void {
  if (resource === 'persistentvolumeclaims') checkClaim(object, ranges);
  if (resource !== 'pods') return;
  const spec = partOf(object, 'spec');
  refuse(
    'pods',
    object,
    limitsIn(ranges).flatMap((limit) => podErrors(spec, limit)),
  );
}

function checkClaim(claim: KubeObject, ranges: readonly KubeObject[]): void {
  const requests = amountsIn(partOf(claim, 'spec', 'resources', 'requests'));
  const own = limitsIn(ranges).filter((limit) => textIn(limit, 'type') === 'PersistentVolumeClaim');
  const errors = own.flatMap((limit) => [
    ...eachOf(limit, 'min', (name, wanted) =>
      least('PersistentVolumeClaim', name, wanted, { requests, limits: new Map() }),
    ),
    ...eachOf(limit, 'max', (name, wanted) =>
      most('PersistentVolumeClaim', name, wanted, { requests, limits: requests }),
    ),
  ]);
  refuse('persistentvolumeclaims', claim, errors);
}

function refuse(resource: string, object: KubeObject, errors: readonly string[]): void {
  if (errors.length === 0) return;
  const text = errors.length === 1 ? (errors[0] ?? '') : `[${errors.join(', ')}]`;
  throw forbidden({ group: '', resource }, object.metadata.name ?? '', text);
}

function limitsIn(ranges: readonly KubeObject[]): Fields[] {
  return ranges.flatMap((range) => objectsIn(partOf(range, 'spec'), 'limits'));
}

/** Fills in what containers do not say; answers what was set, for the annotation. */
function setDefaults(spec: Fields, range: KubeObject): string[] {
  const limits = limitsIn([range]).filter((limit) => textIn(limit, 'type') === 'Container');
  const defaults = {
    requests: Object.assign({}, ...limits.map((limit) => partOf(limit, 'defaultRequest'))) as Fields,
    limits: Object.assign({}, ...limits.map((limit) => partOf(limit, 'default'))) as Fields,
  };
  const lists = [
    ['containers', 'container'],
    ['initContainers', 'init container'],
  ] as const;
  return lists.flatMap(([list, word]) =>
    objectsIn(spec, list).flatMap((container) =>
      (['requests', 'limits'] as const).flatMap((kind) => {
        const set = Object.keys(defaults[kind]).filter((name) => fill(container, kind, name, defaults[kind][name]));
        const what = `${set.sort().join(', ')} ${kind.slice(0, -1)} for ${word} ${textIn(container, 'name')}`;
        return set.length === 0 ? [] : [what];
      }),
    ),
  );
}

function fill(container: Fields, kind: string, name: string, value: unknown): boolean {
  const list = ensureObject(ensureObject(container, 'resources'), kind);
  if (isSet(list, name)) return false;
  list[name] = value;
  return true;
}

interface Resources {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

function podErrors(spec: Fields, limit: Fields): string[] {
  const type = textIn(limit, 'type');
  const lists = ['containers', 'initContainers'];
  const containers = (list: string): Resources[] => objectsIn(spec, list).map(resourcesOf);
  if (type === 'Container') {
    return lists.flatMap(containers).flatMap((resources) => boundErrors(type, limit, resources));
  }
  if (type !== 'Pod') return [];
  const whole: Resources = { requests: new Map(), limits: new Map() };
  for (const each of containers('containers')) {
    addAmounts(whole.requests, each.requests);
    addAmounts(whole.limits, each.limits);
  }
  for (const each of containers('initContainers')) {
    raiseAmounts(whole.requests, each.requests);
    raiseAmounts(whole.limits, each.limits);
  }
  return boundErrors(type, limit, whole);
}

function resourcesOf(container: Fields): Resources {
  const resources = partOf(container, 'resources');
  return { requests: amountsIn(partOf(resources, 'requests')), limits: amountsIn(partOf(resources, 'limits')) };
}

function boundErrors(type: string, limit: Fields, resources: Resources): string[] {
  return [
    ...eachOf(limit, 'min', (name, wanted) => least(type, name, wanted, resources)),
    ...eachOf(limit, 'max', (name, wanted) => most(type, name, wanted, resources)),
    ...eachOf(limit, 'maxLimitRequestRatio', (name, wanted) => ratio(type, name, wanted, resources)),
  ];
}

function eachOf(limit: Fields, list: string, check: (name: string, wanted: Quantity) => string | undefined): string[] {
  return [...amountsIn(partOf(limit, list))].flatMap(([name, wanted]) => check(name, wanted) ?? []);
}

function least(type: string, name: string, wanted: Quantity, { requests, limits }: Resources): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const what = `minimum ${name} usage per ${type} is ${formatQuantity(wanted)}`;
  if (request === undefined) return `${what}.  No request is specified`;
  if (compareQuantity(request, wanted) < 0) return `${what}, but request is ${formatQuantity(request)}`;
  if (limit === undefined || compareQuantity(limit, wanted) >= 0) return undefined;
  return `${what}, but limit is ${formatQuantity(limit)}`;
}

function most(type: string, name: string, wanted: Quantity, { requests, limits }: Resources): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const what = `maximum ${name} usage per ${type} is ${formatQuantity(wanted)}`;
  // A claim has requests alone, which are measured by its type's limits.
  const isClaim = type === 'PersistentVolumeClaim';
  if (limit === undefined) return isClaim ? `${what}.  No request is specified` : `${what}.  No limit is specified`;
  if (compareQuantity(limit, wanted) > 0) {
    return `${what}, but ${isClaim ? 'request' : 'limit'} is ${formatQuantity(limit)}`;
  }
  if (request === undefined || compareQuantity(request, wanted) <= 0) return undefined;
  return `${what}, but request is ${formatQuantity(request)}`;
}

function ratio(type: string, name: string, wanted: Quantity, { requests, limits }: Resources): string | undefined {
  const milli = (quantity: Quantity | undefined): number =>
    quantity === undefined ? 0 : Number(quantityValue(quantity, -3));
  const [request, limit] = [milli(requests.get(name)), milli(limits.get(name))];
  const what = `${name} max limit to request ratio per ${type} is ${formatQuantity(wanted)}`;
  if (request === 0) return `${what}, but no request is specified or request is 0`;
  if (limit === 0) return `${what}, but no limit is specified or limit is 0`;
  return limit / request > milli(wanted) / 1000
    ? `${what}, but provided ratio is ${(limit / request).toFixed(6)}`
    : undefined;
}
