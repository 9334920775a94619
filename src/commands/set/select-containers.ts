import type { JsonObject } from '../../model/json-value.ts';
import { objectsIn } from '../objects-in.ts';

/** The containers of a pod spec, then its init containers, whose names a pattern with `*` matches. */
export function selectContainers(podSpec: JsonObject, pattern: string): JsonObject[] {
  const containers = [...objectsIn(podSpec, 'containers'), ...objectsIn(podSpec, 'initContainers')];
  return containers.filter(({ name }) => matchesWildcard(typeof name === 'string' ? name : '', pattern));
}

/** Whether `*` can stand for text so that the pattern is the name. */
export function matchesWildcard(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}
