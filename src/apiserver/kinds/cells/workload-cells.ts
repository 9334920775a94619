import type { JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { humanDuration } from '../../../model/duration.ts';
import { ageSince } from '../age-since.ts';
import { formatLabels, formatSelector, selectorText } from '../label-selector.ts';
import { ageOf, nameOf } from './cells.ts';

function count(part: Fields, key: string): number {
  return numberIn(part, key) ?? 0;
}

/** Names and images of a pod template's containers, as wide output shows them. */
function containerCells(template: Fields): [string, string] {
  const containers = objectsIn(partOf(template, 'spec'), 'containers');
  const list = (key: string) => containers.map((container) => textIn(container, key)).join(',');
  return [list('name'), list('image')];
}

export function podTemplateCells(object: KubeObject): JsonValue[] {
  const template = partOf(object, 'template');
  return [nameOf(object), ...containerCells(template), formatLabels(partOf(template, 'metadata'), 'labels')];
}

export function replicationControllerCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  return [...replicaCells(object, now), ...containerCells(partOf(spec, 'template')), formatLabels(spec, 'selector')];
}

/** A Scale, of whatever it is that is scaled. */
export function scaleCells(object: KubeObject, now: Date): JsonValue[] {
  const replicas = (part: 'spec' | 'status') => count(partOf(object, part), 'replicas');
  return [nameOf(object), replicas('spec'), replicas('status'), ageOf(object, now)];
}

export function replicaSetCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  return [...replicaCells(object, now), ...containerCells(partOf(spec, 'template')), formatSelector(spec, 'selector')];
}

function replicaCells(object: KubeObject, now: Date): JsonValue[] {
  const status = partOf(object, 'status');
  const desired = count(partOf(object, 'spec'), 'replicas');
  return [nameOf(object), desired, count(status, 'replicas'), count(status, 'readyReplicas'), ageOf(object, now)];
}

export function deploymentCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const status = partOf(object, 'status');
  return [
    nameOf(object),
    `${count(status, 'readyReplicas')}/${count(spec, 'replicas')}`,
    count(status, 'updatedReplicas'),
    count(status, 'availableReplicas'),
    ageOf(object, now),
    ...containerCells(partOf(spec, 'template')),
    selectorText(objectIn(spec, 'selector')),
  ];
}

export function statefulSetCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const ready = `${count(partOf(object, 'status'), 'readyReplicas')}/${count(spec, 'replicas')}`;
  return [nameOf(object), ready, ageOf(object, now), ...containerCells(partOf(spec, 'template'))];
}

export function daemonSetCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const status = partOf(object, 'status');
  return [
    nameOf(object),
    count(status, 'desiredNumberScheduled'),
    count(status, 'currentNumberScheduled'),
    count(status, 'numberReady'),
    count(status, 'updatedNumberScheduled'),
    count(status, 'numberAvailable'),
    formatLabels(partOf(spec, 'template', 'spec'), 'nodeSelector'),
    ageOf(object, now),
    ...containerCells(partOf(spec, 'template')),
    formatSelector(spec, 'selector'),
  ];
}

export function controllerRevisionCells(object: KubeObject, now: Date): JsonValue[] {
  const owner = object.metadata.ownerReferences?.find((reference) => reference.controller === true);
  const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
  const controller = owner === undefined ? '<none>' : `${`${owner.kind}${group}`.toLowerCase()}/${owner.name}`;
  return [nameOf(object), controller, count(object, 'revision'), ageOf(object, now)];
}

export function jobCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  return [
    nameOf(object),
    jobState(object),
    jobCompletions(object),
    jobDuration(partOf(object, 'status'), now),
    ageOf(object, now),
    ...containerCells(partOf(spec, 'template')),
    formatSelector(spec, 'selector'),
  ];
}

function jobCompletions(object: KubeObject): string {
  const spec = partOf(object, 'spec');
  const succeeded = count(partOf(object, 'status'), 'succeeded');
  if (isSet(spec, 'completions')) return `${succeeded}/${count(spec, 'completions')}`;
  const parallelism = count(spec, 'parallelism');
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(status: Fields, now: Date): string {
  const start = textIn(status, 'startTime');
  if (start === '') return '';
  const completion = textIn(status, 'completionTime');
  const end = completion === '' ? now.getTime() : Date.parse(completion);
  return humanDuration(end - Date.parse(start));
}

function jobState(object: KubeObject): string {
  const conditions = objectsIn(partOf(object, 'status'), 'conditions');
  const has = (type: string) => {
    const found = conditions.find((condition) => textIn(condition, 'type') === type);
    return found !== undefined && textIn(found, 'status') === 'True';
  };
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (object.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

export function cronJobCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const status = partOf(object, 'status');
  const jobSpec = partOf(spec, 'jobTemplate', 'spec');
  return [
    nameOf(object),
    textIn(spec, 'schedule'),
    isSet(spec, 'timeZone') ? textIn(spec, 'timeZone') : '<none>',
    suspendText(spec),
    objectsIn(status, 'active').length,
    isSet(status, 'lastScheduleTime') ? ageSince(status['lastScheduleTime'], now) : '<none>',
    ageOf(object, now),
    ...containerCells(partOf(jobSpec, 'template')),
    formatSelector(jobSpec, 'selector'),
  ];
}

function suspendText(spec: Fields): string {
  if (!isSet(spec, 'suspend')) return '<unset>';
  return spec['suspend'] === true ? 'True' : 'False';
}
