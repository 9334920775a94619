import { goQuote } from '../../model/go-text.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';
import { asPod, type Pod } from './pod.ts';
import { containerNamed, containerNames, DEFAULT_CONTAINER, isAmbiguous } from './pod-containers.ts';
import { byLogging } from './pod-order.ts';
import { podsOf } from './pods-of.ts';

/** Which logs of an object are wanted. */
export interface LogChoice {
  /** Empty: the default one. */
  readonly container: string;
  readonly allContainers: boolean;
  readonly allPods: boolean;
  readonly timeoutMilliseconds: number;
}

/** The log of one container. */
export interface LogRequest {
  readonly pod: string;
  readonly namespace: string;
  readonly container: string;
}

/**
 * The logs to print for objects, in the order of pods and of their init, plain and ephemeral containers. What was chosen of
 * several is said on standard error. Throws UserError for a container that a pod lacks. Mirrors kubectl's logsforobject.go.
 */
export async function logRequests(
  objects: readonly KubeObject[],
  choice: LogChoice,
  context: Context,
): Promise<LogRequest[]> {
  const requests: LogRequest[] = [];
  for (const object of objects) {
    const pods = await chosenPods(object, choice, context);
    for (const pod of pods) requests.push(...requestsOf(pod, choice, context));
  }
  return requests;
}

async function chosenPods(object: KubeObject, choice: LogChoice, context: Context): Promise<Pod[]> {
  if (object.kind === 'Pod' && object.apiVersion === 'v1') return [asPod(object)];
  const { timeoutMilliseconds } = choice;
  const search = { order: byLogging, timeoutMilliseconds, failing: 'cannot get the logs from' };
  const pods = await podsOf(object, search, context);
  if (pods.length === 1 || choice.allPods) return pods;
  const [pod] = pods;
  context.streams.err.write(`Found ${pods.length} pods, using pod/${pod.metadata.name ?? ''}\n`);
  return [pod];
}

function requestsOf(pod: Pod, choice: LogChoice, context: Context): LogRequest[] {
  const { name = '', namespace = 'default' } = pod.metadata;
  const { spec } = pod;
  const names = choice.allContainers
    ? [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].map((each) => each.name)
    : [containerOf(pod, choice, context)];
  return names.map((container) => ({ pod: name, namespace, container }));
}

function containerOf(pod: Pod, { container, allPods }: LogChoice, context: Context): string {
  const { err } = context.streams;
  const { name: podName = '' } = pod.metadata;
  let name = container;
  const preset = pod.metadata.annotations?.[DEFAULT_CONTAINER] ?? '';
  if (name === '' && preset !== '') {
    if (containerNamed(pod, preset) !== undefined) name = preset;
    else err.write(`Default container name ${goQuote(preset)} not found in pod ${podName}\n`);
  }
  const [first] = pod.spec.containers;
  if (name === '' && first !== undefined) {
    name = first.name;
    if (isAmbiguous(pod) && !allPods) {
      err.write(`Defaulted container ${goQuote(name)} out of: ${containerNames(pod)}\n`);
    }
  }
  if (containerNamed(pod, name) === undefined) {
    throw new UserError(`container ${name} is not valid for pod ${podName}`);
  }
  return name;
}
