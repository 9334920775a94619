import { goQuote } from '../../model/go-text.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';
import type { Container, Pod } from './pod.ts';

/** Names the container that is meant when none is named. */
export const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** Which list of a pod's spec a container stands in. */
export type ContainerSort = 'containers' | 'initContainers' | 'ephemeralContainers';

/** A pod's container of any sort. */
export function containerNamed(pod: Pod, name: string): { container: Container; sort: ContainerSort } | undefined {
  for (const sort of ['containers', 'initContainers', 'ephemeralContainers'] as const) {
    const container = pod.spec[sort]?.find((each) => each.name === name);
    if (container !== undefined) return { container, sort };
  }
  return undefined;
}

/** `web, debugger (ephem), setup (init)` */
export function containerNames({ spec }: Pod): string {
  return [
    ...spec.containers.map(({ name }) => name),
    ...(spec.ephemeralContainers ?? []).map(({ name }) => `${name} (ephem)`),
    ...(spec.initContainers ?? []).map(({ name }) => `${name} (init)`),
  ].join(', ');
}

/** Whether it has to be said which container of a pod was taken. */
export function isAmbiguous({ spec }: Pod): boolean {
  return (
    spec.containers.length > 1 || Boolean(spec.initContainers?.length) || Boolean(spec.ephemeralContainers?.length)
  );
}

/**
 * The container to work in: the named one, the one that the pod's annotation names where it is there, or the first, which is said on standard error when
 * there are others. Throws UserError when there is none of that name. Mirrors podcmd.FindOrDefaultContainerByName of kubectl.
 */
export function chosenContainer(pod: Pod, wanted: string, quiet: boolean, context: Context): Container {
  const { name: podName = '', namespace = '', annotations = {} } = pod.metadata;
  if (wanted !== '') {
    const named = containerNamed(pod, wanted);
    if (named === undefined) throw new UserError(`container ${wanted} not found in pod ${podName}`);
    return named.container;
  }
  const [first] = pod.spec.containers;
  if (first === undefined) throw new UserError(`pod ${namespace}/${podName} does not have any containers`);
  const preset = containerNamed(pod, annotations[DEFAULT_CONTAINER] ?? '');
  if (preset !== undefined) return preset.container;
  if (!quiet && isAmbiguous(pod)) {
    context.streams.err.write(`Defaulted container ${goQuote(first.name)} out of: ${containerNames(pod)}\n`);
  }
  return first;
}
