import type { JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, flagIn, isSet, numberIn, objectsIn, partOf, textIn } from '../fields.ts';
import { ageOf, nameOf } from './cells.ts';

export function namespaceCells(object: KubeObject, now: Date): JsonValue[] {
  return [nameOf(object), textIn(partOf(object, 'status'), 'phase'), ageOf(object, now)];
}

export function componentStatusCells(object: KubeObject): JsonValue[] {
  const healthy = objectsIn(object, 'conditions').find((condition) => textIn(condition, 'type') === 'Healthy');
  if (healthy === undefined) return [nameOf(object), 'Unknown', '', ''];
  const state = textIn(healthy, 'status') === 'True' ? 'Healthy' : 'Unhealthy';
  return [nameOf(object), state, textIn(healthy, 'message'), textIn(healthy, 'error')];
}

export function nodeCells(object: KubeObject, now: Date): JsonValue[] {
  const info = partOf(object, 'status', 'nodeInfo');
  const orUnknown = (key: string) => textIn(info, key) || '<unknown>';
  return [
    nameOf(object),
    nodeState(object),
    nodeRoles(object),
    ageOf(object, now),
    textIn(info, 'kubeletVersion'),
    nodeAddress(object, 'InternalIP'),
    nodeAddress(object, 'ExternalIP'),
    orUnknown('osImage'),
    orUnknown('kernelVersion'),
    orUnknown('containerRuntimeVersion'),
  ];
}

function nodeState(object: KubeObject): string {
  const conditions = objectsIn(partOf(object, 'status'), 'conditions');
  const ready = conditions.findLast((condition) => textIn(condition, 'type') === 'Ready');
  const states = [readiness(ready)];
  if (flagIn(partOf(object, 'spec'), 'unschedulable')) states.push('SchedulingDisabled');
  return states.join(',');
}

function readiness(ready: Fields | undefined): string {
  if (ready === undefined) return 'Unknown';
  return textIn(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
}

const ROLE_PREFIX = 'node-role.kubernetes.io/';

function nodeRoles(object: KubeObject): string {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(object.metadata.labels ?? {})) {
    if (key.startsWith(ROLE_PREFIX) && key !== ROLE_PREFIX) roles.add(key.slice(ROLE_PREFIX.length));
    else if (key === 'kubernetes.io/role' && value !== '') roles.add(value);
  }
  return roles.size === 0 ? '<none>' : [...roles].sort().join(',');
}

function nodeAddress(object: KubeObject, type: string): string {
  const found = objectsIn(partOf(object, 'status'), 'addresses').find((address) => textIn(address, 'type') === type);
  return found === undefined ? '<none>' : textIn(found, 'address');
}

function quantityText(list: Fields, name: string): string {
  const value = list[name];
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '0';
}

/** Hard limits and what is used of them: requests and counts in one column, limits in the other. */
export function resourceQuotaCells(object: KubeObject, now: Date): JsonValue[] {
  const hard = partOf(object, 'status', 'hard');
  const used = partOf(object, 'status', 'used');
  const requests: string[] = [];
  const limits: string[] = [];
  for (const name of Object.keys(hard).sort()) {
    const text = `${name}: ${quantityText(used, name)}/${quantityText(hard, name)}`;
    (name.startsWith('limits.') ? limits : requests).push(text);
  }
  return [nameOf(object), requests.join(', '), limits.join(', '), ageOf(object, now)];
}

export function priorityClassCells(object: KubeObject, now: Date): JsonValue[] {
  const value = numberIn(object, 'value') ?? 0;
  const policy = textIn(object, 'preemptionPolicy');
  return [nameOf(object), value, flagIn(object, 'globalDefault'), ageOf(object, now), policy];
}

export function runtimeClassCells(object: KubeObject, now: Date): JsonValue[] {
  return [nameOf(object), textIn(object, 'handler'), ageOf(object, now)];
}

export function leaseCells(object: KubeObject, now: Date): JsonValue[] {
  return [nameOf(object), textIn(partOf(object, 'spec'), 'holderIdentity'), ageOf(object, now)];
}

export function disruptionBudgetCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const orNone = (key: string) => (isSet(spec, key) ? String(spec[key]) : 'N/A');
  const allowed = numberIn(partOf(object, 'status'), 'disruptionsAllowed') ?? 0;
  return [nameOf(object), orNone('minAvailable'), orNone('maxUnavailable'), allowed, ageOf(object, now)];
}

export function resourceClaimCells(object: KubeObject, now: Date): JsonValue[] {
  const status = partOf(object, 'status');
  const deleted = object.metadata.deletionTimestamp !== undefined;
  const states = deleted ? ['deleted'] : [];
  if (isSet(status, 'allocation')) {
    states.push('allocated');
    if (objectsIn(status, 'reservedFor').length > 0) states.push('reserved');
  } else if (!deleted) {
    states.push('pending');
  }
  return [nameOf(object), states.join(','), ageOf(object, now)];
}

export function resourceSliceCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const pool = textIn(partOf(spec, 'pool'), 'name');
  return [nameOf(object), textIn(spec, 'nodeName'), textIn(spec, 'driver'), pool, ageOf(object, now)];
}
