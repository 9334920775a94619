import type { SortOptions } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';
import type { ResMap } from './res-map.ts';
import { gvkText, type ResId, sameGvk } from './res-id.ts';
import { FIRST_KINDS, kindRanks, LAST_KINDS, sortText } from './transformer-config.ts';

/** Orders objects as `sortOptions` says: as they came, or by kind and name. Throws KustomizeError for options that contradict. */
export function sortResources(objects: ResMap, options: SortOptions): void {
  const { order = '', legacySortOptions } = options;
  if (order !== 'fifo' && order !== 'legacy') {
    throw new KustomizeError("the field 'sortOptions.order' must be one of [fifo, legacy]");
  }
  if (order === 'fifo') {
    if (legacySortOptions === undefined) return;
    throw new KustomizeError(
      "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
    );
  }
  const { orderFirst, orderLast } = legacySortOptions ?? { orderFirst: FIRST_KINDS, orderLast: LAST_KINDS };
  const ranks = kindRanks(orderFirst ?? [], orderLast ?? []);
  const keyed = objects.resources.map((resource) => ({ resource, id: resource.id }));
  keyed.sort((left, right) => compare(left.id, right.id, ranks));
  objects.reset(keyed.map(({ resource }) => resource));
}

function compare(left: ResId, right: ResId, ranks: ReadonlyMap<string, number>): number {
  if (sameGvk(left, right)) return compareText(idSortText(left), idSortText(right));
  const byRank = (ranks.get(left.kind) ?? 0) - (ranks.get(right.kind) ?? 0);
  if (byRank !== 0) return byRank;
  const order = compareText(sortText(left), sortText(right));
  const namespaces = left.kind === 'Namespace' && right.kind === 'Namespace';
  return namespaces && (left.group === '' || right.group === '') ? -order : order;
}

function idSortText(id: ResId): string {
  return `${gvkText(id)}|${id.namespace || '~X'}|${id.name || '~N'}`;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
