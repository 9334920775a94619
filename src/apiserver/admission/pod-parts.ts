import { type Fields, objectsIn, partOf, textIn } from '../kinds/fields.ts';

/** What the checks of a pod's security look at. */
export interface PodParts {
  readonly spec: Fields;
  /** The pod's own securityContext; empty when there is none. */
  readonly context: Fields;
  /** Containers of all kinds, init containers first. */
  readonly containers: readonly ContainerParts[];
  readonly volumes: readonly Fields[];
}

export interface ContainerParts {
  readonly name: string;
  readonly container: Fields;
  readonly context: Fields;
}

/** One rule of a level of the Pod Security Standards. */
export interface SecurityCheck {
  readonly id: string;
  readonly reason: string;
  /** Rules of the level below that this one says more strictly. */
  readonly overrides?: readonly string[];
  /** What violates the rule; '' says nothing more than the reason, undefined is no violation. */
  readonly violation: (pod: PodParts) => string | undefined;
}

export function podParts(spec: Fields): PodParts {
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    objectsIn(spec, list).map((container) => ({
      name: textIn(container, 'name'),
      container,
      context: partOf(container, 'securityContext'),
    })),
  );
  return { spec, context: partOf(spec, 'securityContext'), containers, volumes: objectsIn(spec, 'volumes') };
}

/** `container "a"`, `containers "a", "b"`. */
export function named(word: string, names: readonly string[]): string {
  return `${word}${names.length === 1 ? '' : 's'} ${quoted(names)}`;
}

export function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(', ');
}

/** The names of the containers for which something holds. */
export function namesOf({ containers }: PodParts, holds: (container: ContainerParts) => boolean): string[] {
  return containers.filter(holds).map(({ name }) => name);
}
