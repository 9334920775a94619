import type { JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { TableRow } from '../../../model/table.ts';
import { type Fields, flagIn, numberIn, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { ageSince } from '../age-since.ts';
import { ageOf, nameOf } from './cells.ts';

/** What the containers of a pod make of its row. */
interface Summary {
  reason: string;
  ready: number;
  restarts: number;
  lastRestart: string;
}

/** The row of a pod: what runs, what is wrong with it, and how often it was restarted. */
export function podCells(pod: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(pod, 'spec');
  const status = partOf(pod, 'status');
  const sidecars = objectsIn(spec, 'initContainers').filter(isRestartable);
  const { reason, ready, restarts, lastRestart } = summaryOf(pod, spec, status);
  const total = objectsIn(spec, 'containers').length + sidecars.length;
  const restartsText =
    restarts > 0 && lastRestart !== '' ? `${restarts} (${ageSince(lastRestart, now)} ago)` : `${restarts}`;
  return [
    nameOf(pod),
    `${ready}/${total}`,
    reason,
    restartsText,
    ageOf(pod, now),
    orNone(textIn(objectsIn(status, 'podIPs')[0] ?? {}, 'ip')),
    orNone(textIn(spec, 'nodeName')),
    orNone(textIn(status, 'nominatedNodeName')),
    readinessGates(spec, status),
  ];
}

/** Of a pod that has ended, that it has, and how. */
export function podConditions(pod: KubeObject): NonNullable<TableRow['conditions']> {
  const phase = textIn(partOf(pod, 'status'), 'phase');
  const message = ENDINGS[phase];
  return message === undefined ? [] : [{ type: 'Completed', status: 'True', reason: phase, message }];
}

const ENDINGS: Readonly<Record<string, string>> = {
  Failed: 'The pod failed.',
  Succeeded: 'The pod has completed successfully.',
};

function orNone(text: string): string {
  return text === '' ? '<none>' : text;
}

function isRestartable(container: Fields | undefined): boolean {
  return container !== undefined && textIn(container, 'restartPolicy') === 'Always';
}

function hasCondition(status: Fields, type: string): boolean {
  const found = objectsIn(status, 'conditions').find((condition) => textIn(condition, 'type') === type);
  return found !== undefined && textIn(found, 'status') === 'True';
}

function summaryOf(pod: KubeObject, spec: Fields, status: Fields): Summary {
  const phase = textIn(status, 'phase');
  let reason = textIn(status, 'reason') || phase;
  for (const condition of objectsIn(status, 'conditions')) {
    if (textIn(condition, 'type') === 'PodScheduled' && textIn(condition, 'reason') === 'SchedulingGated') {
      reason = 'SchedulingGated';
    }
  }
  const init = initSummary(spec, status, reason);
  let summary = init.summary;
  if (!init.initializing || hasCondition(status, 'Initialized')) {
    summary = runningSummary(status, { ...init.sidecars, reason: summary.reason, ready: summary.ready });
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (textIn(status, 'reason') === 'NodeLost') summary.reason = 'Unknown';
    else if (phase !== 'Failed' && phase !== 'Succeeded') summary.reason = 'Terminating';
  }
  return summary;
}

function addRestarts(summary: { restarts: number; lastRestart: string }, container: Fields): void {
  summary.restarts += numberIn(container, 'restartCount') ?? 0;
  const finished = textIn(partOf(container, 'lastState', 'terminated'), 'finishedAt');
  if (finished > summary.lastRestart) summary.lastRestart = finished;
}

/** Goes through the init containers up to the first that is not done. */
function initSummary(spec: Fields, status: Fields, reason: string) {
  const summary: Summary = { reason, ready: 0, restarts: 0, lastRestart: '' };
  const sidecars = { restarts: 0, lastRestart: '' };
  const statuses = objectsIn(status, 'initContainerStatuses');
  if (statuses.length === 0) return { summary, sidecars, initializing: false };
  const containers = objectsIn(spec, 'initContainers');
  const byName = new Map(containers.map((container) => [textIn(container, 'name'), container]));
  for (const [index, container] of statuses.entries()) {
    const restartable = isRestartable(byName.get(textIn(container, 'name')));
    addRestarts(summary, container);
    if (restartable) addRestarts(sidecars, container);
    const terminated = objectIn(partOf(container, 'state'), 'terminated');
    if (terminated !== undefined && (numberIn(terminated, 'exitCode') ?? 0) === 0) continue;
    if (restartable && flagIn(container, 'started')) {
      if (flagIn(container, 'ready')) summary.ready++;
      continue;
    }
    const waiting = textIn(partOf(container, 'state', 'waiting'), 'reason');
    if (terminated !== undefined) summary.reason = `Init:${terminationReason(terminated)}`;
    else if (waiting !== '' && waiting !== 'PodInitializing') summary.reason = `Init:${waiting}`;
    else summary.reason = `Init:${index}/${containers.length}`;
    return { summary, sidecars, initializing: true };
  }
  return { summary, sidecars, initializing: false };
}

function terminationReason(terminated: Fields): string {
  const reason = textIn(terminated, 'reason');
  if (reason !== '') return reason;
  const signal = numberIn(terminated, 'signal') ?? 0;
  return signal === 0 ? `ExitCode:${numberIn(terminated, 'exitCode') ?? 0}` : `Signal:${signal}`;
}

function runningSummary(status: Fields, start: Summary): Summary {
  const summary = { ...start };
  let hasRunning = false;
  for (const container of objectsIn(status, 'containerStatuses').reverse()) {
    addRestarts(summary, container);
    const state = partOf(container, 'state');
    const waiting = textIn(partOf(state, 'waiting'), 'reason');
    const terminated = objectIn(state, 'terminated');
    if (waiting !== '') summary.reason = waiting;
    else if (terminated !== undefined) summary.reason = terminationReason(terminated);
    else if (flagIn(container, 'ready') && objectIn(state, 'running') !== undefined) {
      hasRunning = true;
      summary.ready++;
    }
  }
  if (summary.reason === 'Completed' && hasRunning) {
    summary.reason = hasCondition(status, 'Ready') ? 'Running' : 'NotReady';
  }
  return summary;
}

function readinessGates(spec: Fields, status: Fields): string {
  const gates = objectsIn(spec, 'readinessGates');
  if (gates.length === 0) return '<none>';
  const open = gates.filter((gate) => hasCondition(status, textIn(gate, 'conditionType')));
  return `${open.length}/${gates.length}`;
}
