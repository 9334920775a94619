import type { KubeObject } from '../../model/kube-object.ts';
import { forbidden, tooManyRequests } from '../../model/status-errors.ts';
import type { StatusError } from '../../model/status.ts';
import { type ApiServer, strategyContext } from '../api-server.ts';
import { ensureObject, type Fields, isSet, numberIn, objectIn, objectsIn, partOf, textIn } from '../kinds/fields.ts';
import { selectorMatches } from '../kinds/label-selector.ts';
import { isTime } from '../metadata/validate-metadata.ts';
import { timestamp } from '../timestamp.ts';

/** How long a pod counts as disrupted whose deletion was allowed and is not seen. */
const DELETION_TIMEOUT = 120_000;
const MOST_DISRUPTED = 2000;
const CAUSE = 'DisruptionBudget';
const VIOLATION = "Cannot evict pod as it would violate the pod's disruption budget.";

/** Whether a pod is Ready. */
export function isPodReady(pod: KubeObject): boolean {
  return objectsIn(partOf(pod, 'status'), 'conditions').some(
    (condition) => textIn(condition, 'type') === 'Ready' && textIn(condition, 'status') === 'True',
  );
}

/**
 * Sets the status of a budget from the pods that there are, as the disruption controller of a cluster does. To be used where
 * no controller manager does it.
 */
export async function computeBudget(server: ApiServer, budget: KubeObject): Promise<void> {
  const { namespace = '' } = budget.metadata;
  const context = strategyContext(server);
  const all = await context.list('pods', namespace);
  const selector = objectIn(partOf(budget, 'spec'), 'selector');
  const pods = all.filter(({ metadata }) => selectorMatches(selector, metadata.labels ?? {}));
  const status = ensureObject(budget, 'status');
  const now = server.now().getTime();
  const disrupted = Object.entries(partOf(status, 'disruptedPods')).filter(
    ([name, time]) =>
      Date.parse(String(time)) + DELETION_TIMEOUT > now &&
      pods.some(({ metadata }) => metadata.name === name && !isTime(metadata.deletionTimestamp)),
  );
  const names = new Set(disrupted.map(([name]) => name));
  const healthy = pods.filter(
    (pod) => !isTime(pod.metadata.deletionTimestamp) && !names.has(pod.metadata.name ?? '') && isPodReady(pod),
  ).length;
  const { expected, desired } = await wantedHealthy(partOf(budget, 'spec'), pods, (resource, name) =>
    context.get(resource, namespace, name),
  );
  if (names.size > 0) status['disruptedPods'] = Object.fromEntries(disrupted);
  else delete status['disruptedPods'];
  status['observedGeneration'] = budget.metadata.generation ?? 0;
  status['expectedPods'] = expected;
  status['currentHealthy'] = healthy;
  status['desiredHealthy'] = desired;
  status['disruptionsAllowed'] = expected > 0 ? Math.max(healthy - desired, 0) : 0;
  setCondition(budget, server.now());
}

type Lookup = (resource: string, name: string) => Promise<KubeObject | undefined>;

async function wantedHealthy(
  spec: Fields,
  pods: readonly KubeObject[],
  get: Lookup,
): Promise<{ expected: number; desired: number }> {
  const { minAvailable } = spec;
  if (typeof minAvailable === 'number') return { expected: pods.length, desired: minAvailable };
  const expected = await expectedPods(pods, get);
  if (typeof minAvailable === 'string') return { expected, desired: scaled(minAvailable, expected) };
  const most = isSet(spec, 'maxUnavailable') ? scaled(spec['maxUnavailable'], expected) : 0;
  return { expected, desired: Math.max(expected - most, 0) };
}

function scaled(value: unknown, total: number): number {
  if (typeof value !== 'string') return Number(value);
  return Math.ceil((Number.parseInt(value, 10) * total) / 100);
}

/** What the controllers of pods are scaled to, each counted once. */
async function expectedPods(pods: readonly KubeObject[], get: Lookup): Promise<number> {
  const replicas = new Map<string, number>();
  for (const pod of pods) {
    const controller = await controllerOf(pod, get);
    if (controller === undefined) continue;
    replicas.set(controller.metadata.uid ?? '', numberIn(partOf(controller, 'spec'), 'replicas') ?? 1);
  }
  return [...replicas.values()].reduce((sum, each) => sum + each, 0);
}

const CONTROLLERS: Readonly<Record<string, string>> = {
  ReplicationController: 'replicationcontrollers',
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  Deployment: 'deployments.apps',
};

async function controllerOf(object: KubeObject, get: Lookup): Promise<KubeObject | undefined> {
  const reference = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const resource = reference === undefined ? undefined : CONTROLLERS[reference.kind];
  if (reference === undefined || resource === undefined) return undefined;
  const found = await get(resource, reference.name);
  if (found === undefined || found.metadata.uid !== reference.uid) return undefined;
  return (await controllerOf(found, get)) ?? found;
}

/**
 * Takes one of the disruptions that a budget allows, for a pod. Throws what kube-apiserver answers when it allows none:
 * TooManyRequests, or Forbidden for a budget that makes no sense.
 */
export function takeDisruption(budget: KubeObject, podName: string, now: Date): void {
  const { name = '', generation = 0 } = budget.metadata;
  const status = ensureObject(budget, 'status');
  const allowed = numberIn(status, 'disruptionsAllowed') ?? 0;
  if ((numberIn(status, 'observedGeneration') ?? 0) < generation) throw beingProcessed(name);
  const refuse = (why: string): StatusError =>
    forbidden({ group: 'policy', resource: 'poddisruptionbudget' }, name, why);
  if (allowed < 0) throw refuse('pdb disruptions allowed is negative');
  if (Object.keys(partOf(status, 'disruptedPods')).length > MOST_DISRUPTED) {
    throw refuse('DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  }
  if (allowed === 0) throw notAllowed(name, status);
  status['disruptionsAllowed'] = allowed - 1;
  status['disruptedPods'] = { ...partOf(status, 'disruptedPods'), [podName]: timestamp(now) };
  if (allowed === 1) setCondition(budget, now);
}

/** The answer while nobody knows what a budget allows. */
export function beingProcessed(name: string): StatusError {
  const message = `The disruption budget ${name} is still being processed by the server.`;
  return tooManyRequests(VIOLATION, { causes: [{ reason: CAUSE, message }], retryAfterSeconds: 10 });
}

function notAllowed(name: string, status: Fields): StatusError {
  const condition = objectsIn(status, 'conditions').find((each) => textIn(each, 'type') === 'DisruptionAllowed');
  const failed = condition !== undefined && textIn(condition, 'reason') === 'SyncFailed';
  const counts = `needs ${numberIn(status, 'desiredHealthy') ?? 0} healthy pods and has ${numberIn(status, 'currentHealthy') ?? 0} currently`;
  const why = failed
    ? `does not allow evicting pods currently because it failed sync: ${textIn(condition, 'message')}`
    : counts;
  return tooManyRequests(VIOLATION, { causes: [{ reason: CAUSE, message: `The disruption budget ${name} ${why}` }] });
}

function setCondition(budget: KubeObject, now: Date): void {
  const status = ensureObject(budget, 'status');
  const enough = (numberIn(status, 'disruptionsAllowed') ?? 0) > 0;
  const others = objectsIn(status, 'conditions').filter((each) => textIn(each, 'type') !== 'DisruptionAllowed');
  const before = objectsIn(status, 'conditions').find((each) => textIn(each, 'type') === 'DisruptionAllowed');
  const state = enough ? 'True' : 'False';
  const since = before !== undefined && textIn(before, 'status') === state ? before['lastTransitionTime'] : undefined;
  status['conditions'] = [
    ...others,
    {
      type: 'DisruptionAllowed',
      status: state,
      observedGeneration: numberIn(status, 'observedGeneration') ?? 0,
      lastTransitionTime: since ?? timestamp(now),
      reason: enough ? 'SufficientPods' : 'InsufficientPods',
      message: '',
    },
  ];
}
