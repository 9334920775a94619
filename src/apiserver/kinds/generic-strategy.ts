import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import type { Strategy } from '../strategy.ts';
import { defineStrategy } from './define-strategy.ts';

/** `plural` or `plural.group`, the key of the tables of this folder. */
export function resourceKey({ group, plural }: Pick<ResourceInfo, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** The strategy of a kind without code of its own: nothing is defaulted, and nothing but metadata is validated. */
export function genericStrategy(resource: ResourceInfo): Strategy {
  return defineStrategy({
    resource: resourceKey(resource),
    ...(resource.subresources.includes('status') ? { initialStatus: () => ({}) } : {}),
  });
}
