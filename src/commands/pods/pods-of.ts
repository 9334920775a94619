import type { ResourceScope } from '../../client/client.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { labelSelectorOfObject, type LabelSelectorObject } from '../../model/selectors/label-selector-object.ts';
import { labelSelectorText, selectorFromSet } from '../../model/selectors/label-selector.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';
import type { Flag } from '../flag.ts';
import type { FlagValues } from '../flag-values.ts';
import { resourceOf } from '../resource-of.ts';
import { durationSeconds } from '../timeout.ts';
import { goTypeOf } from '../typed-object.ts';
import { asPod, type Pod } from './pod.ts';
import type { PodOrder } from './pod-order.ts';

/** Kinds whose pods are found by a label selector of the kind's own sort. */
const SELECTING = new Set(['ReplicaSet.apps', 'StatefulSet.apps', 'DaemonSet.apps', 'Deployment.apps', 'Job.batch']);

/** How pods of an object are looked for. */
export interface PodSearch {
  readonly order: PodOrder;
  /** How long to wait for the first pod. */
  readonly timeoutMilliseconds: number;
  /** Says what could not be done, for an object that has no pods: `cannot attach to`. */
  readonly failing: string;
}

/** `--pod-running-timeout` with the default of the command. */
export function podRunningTimeoutFlag(value: string): Flag {
  return {
    name: 'pod-running-timeout',
    type: 'duration',
    default: value,
    usage: 'How long to wait (like 5s, 2m or 3h, higher than zero) until at least one pod is there.',
  };
}

/** The flag in milliseconds. Throws `Wrong` (UsageError where the usage is shown too) when it is not above zero. */
export function podRunningTimeoutOf(flags: FlagValues, Wrong: new (message: string) => Error = UserError): number {
  const seconds = durationSeconds(flags.string('pod-running-timeout'));
  if (seconds <= 0) throw new Wrong('--pod-running-timeout must be higher than zero');
  // A timer has no more than 2^31 milliseconds.
  return Math.min(seconds * 1000, 2 ** 31 - 1);
}

/** Where pods are, in one namespace. */
export async function podScope(namespace: string, context: Context): Promise<ResourceScope> {
  return { resource: await resourceOf('v1', 'Pod', context), namespace };
}

/**
 * The pods of an object, best first; the pod itself when it is one. Waits for the first pod when there is none yet. Throws
 * UserError for a kind without pods. Mirrors kubectl's polymorphichelpers.
 */
export async function podsOf(object: KubeObject, search: PodSearch, context: Context): Promise<[Pod, ...Pod[]]> {
  if (object.kind === 'Pod' && object.apiVersion === 'v1') return [asPod(object)];
  const labelSelector = selectorOf(object, search.failing);
  const scope = await podScope(object.metadata.namespace ?? 'default', context);
  const client = await context.client();
  const { items, metadata } = await client.list(scope, { labelSelector, signal: context.signal });
  const [first, ...others] = items.map(asPod).toSorted(search.order);
  if (first !== undefined) return [first, ...others];
  const limit = AbortSignal.timeout(search.timeoutMilliseconds);
  const signal = AbortSignal.any([context.signal, limit]);
  const from = { labelSelector, resourceVersion: metadata.resourceVersion ?? '' };
  try {
    for await (const { type, object: pod } of client.watch(scope, { ...from, signal })) {
      if (type === 'ADDED' || type === 'MODIFIED') return [asPod(pod as KubeObject)];
    }
  } catch (error) {
    if (!limit.aborted || context.signal.aborted) throw error;
    throw new UserError('timed out waiting for the condition', { cause: error });
  }
  throw new UserError('watch closed before UntilWithoutRetry timeout');
}

function selectorOf(object: KubeObject, failing: string): string {
  const { apiVersion, kind, metadata } = object;
  const { selector } = (object['spec'] ?? {}) as { selector?: Record<string, string> & LabelSelectorObject };
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  if (SELECTING.has(`${kind}.${group}`)) return labelSelectorText(labelSelectorOfObject(selector));
  if (group === '' && kind === 'ReplicationController') return labelSelectorText(selectorFromSet(selector ?? {}));
  if (group === '' && kind === 'Service') {
    if (selector !== undefined && Object.keys(selector).length > 0) return labelSelectorText(selectorFromSet(selector));
    throw new UserError(
      `${failing} ${goTypeOf(object)}: invalid service '${metadata.name ?? ''}': Service is defined without a selector`,
    );
  }
  throw new UserError(`${failing} ${goTypeOf(object)}: selector for ${goTypeOf(object)} not implemented`);
}
