import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import type { Strategy } from '../strategy.ts';

/**
 * The strategy of a built-in kind, by its group and plural. Asynchronous, because the code of a kind is loaded when it is
 * first asked for; the promise only fails when that code cannot be loaded. The answer holds no state: it may be kept, and
 * asking twice gives equal behaviour. A kind without code of its own gets the generic strategy, so there is an answer for
 * any resource of the API server; custom resources have a strategy of their own elsewhere.
 */
export async function strategyFor(resource: ResourceInfo): Promise<Strategy> {
  const { genericStrategy } = await import('./generic-strategy.ts');
  return genericStrategy(resource);
}
