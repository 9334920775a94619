import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import type { Strategy } from '../strategy.ts';
import { defineStrategy } from './define-strategy.ts';

/** Kinds without code of their own whose metadata.generation counts changes, as their upstream strategies have it. */
const WITH_GENERATION = new Set(['deviceclasses.resource.k8s.io', 'resourceslices.resource.k8s.io']);

/** `plural` or `plural.group`, the key of the tables of this folder. */
export function resourceKey({ group, plural }: Pick<ResourceInfo, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** The strategy of a kind without code of its own: nothing is defaulted, and nothing but metadata is validated. */
export function genericStrategy(resource: ResourceInfo): Strategy {
  const key = resourceKey(resource);
  return defineStrategy({
    resource: key,
    generation: WITH_GENERATION.has(key),
    ...(resource.subresources.includes('status') ? { initialStatus: () => ({}) } : {}),
  });
}
