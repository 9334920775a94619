import type { Pod } from './pod.ts';

const PHASES = ['Running', 'Unknown', 'Pending'];

/** Compares pods; negative: the left one comes first. */
export type PodOrder = (left: Pod, right: Pod) => number;

/** The pods whose logs tell most come first. Mirrors podutils.ByLogging of kubectl. */
export const byLogging: PodOrder = (left, right) =>
  scheduledFirst(left, right) ||
  phase(left, 'Running') - phase(right, 'Running') ||
  Number(ready(right)) - Number(ready(left)) ||
  (ready(left) && ready(right) ? earlierFirst(readyTime(left), readyTime(right)) : 0) ||
  restarts(right) - restarts(left) ||
  earlierFirst(created(left), created(right));

/** The pods that are best to work in come first. Mirrors podutils.ActivePods of kubectl, reversed. */
export const byActivity: PodOrder = (left, right) =>
  scheduledFirst(left, right) ||
  phase(left, 'Pending') - phase(right, 'Pending') ||
  Number(ready(right)) - Number(ready(left)) ||
  Number(deleting(left)) - Number(deleting(right)) ||
  (deleting(left) ? text(right.metadata.deletionTimestamp).localeCompare(text(left.metadata.deletionTimestamp)) : 0) ||
  (ready(left) && ready(right) ? earlierFirst(readyTime(left), readyTime(right)) : 0) ||
  restarts(left) - restarts(right) ||
  earlierFirst(created(left), created(right));

function scheduledFirst(left: Pod, right: Pod): number {
  return Number(Boolean(right.spec.nodeName)) - Number(Boolean(left.spec.nodeName));
}

/** A phase that is none of these (Succeeded, Failed) counts as the one that Go's map has 0 for. */
function phase({ status }: Pod, other: string): number {
  const { phase: name = '' } = status ?? {};
  return PHASES.indexOf(PHASES.includes(name) ? name : other);
}

function readyCondition({ status }: Pod): { lastTransitionTime?: string } | undefined {
  return status?.conditions?.find((each) => each.type === 'Ready' && each.status === 'True');
}

function ready(pod: Pod): boolean {
  return readyCondition(pod) !== undefined;
}

function readyTime(pod: Pod): number {
  return time(readyCondition(pod)?.lastTransitionTime);
}

function deleting({ metadata }: Pod): boolean {
  return text(metadata.deletionTimestamp) !== '';
}

function restarts({ status }: Pod): number {
  return Math.max(0, ...(status?.containerStatuses ?? []).map(({ restartCount = 0 }) => restartCount));
}

function created({ metadata }: Pod): number {
  return time(metadata.creationTimestamp);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Milliseconds; 0 for no time. */
function time(value: unknown): number {
  return Date.parse(text(value)) || 0;
}

/** The earlier time first, and no time after any. */
function earlierFirst(left: number, right: number): number {
  if (left === right) return 0;
  if (left === 0 || right === 0) return right === 0 ? -1 : 1;
  return left - right;
}
