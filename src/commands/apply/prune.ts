import type { KubeObject } from '../../model/kube-object.ts';
import { apiVersionOf, type ResourceInfo } from '../../model/schema/resource-info.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { collectionObjects, scopeOf } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import { lastAppliedOf } from '../last-applied.ts';
import type { CollectionTarget, NamedTarget } from '../target.ts';
import type { ApplyOptions } from './apply-options.ts';

export interface PruneRequest {
  readonly kinds: readonly ResourceInfo[];
  readonly targets: readonly NamedTarget[];
  /** Objects that stay, by their uid. */
  readonly kept: readonly KubeObject[];
}

/**
 * Deletes the objects of the kinds that an apply made before and that are not among those applied now; gives out each that
 * was deleted. Namespaced ones are looked for where an object was applied, and in the namespace that a flag named.
 */
export async function* prune(
  request: PruneRequest,
  options: ApplyOptions,
  context: Context,
): AsyncGenerator<KubeObject> {
  const client = await context.client();
  for await (const { object, resource } of prunable(request, options.request.labelSelector ?? '', context)) {
    const { namespace, name = '' } = object.metadata;
    const scope = scopeOf({ resource, ...(namespace === undefined ? {} : { namespace }) });
    if (options.dryRun !== 'client') {
      await client
        .delete(scope, name, {
          propagationPolicy: options.cascade,
          dryRun: options.dryRun === 'server',
          ...(options.gracePeriod < 0 ? {} : { gracePeriodSeconds: options.gracePeriod }),
          signal: context.signal,
        })
        .catch((error: unknown) => {
          throw pruneError(error, resource);
        });
    }
    yield object;
  }
}

/** What a prune would delete. */
export async function* prunable(
  { kinds, targets, kept }: PruneRequest,
  labelSelector: string,
  context: Context,
): AsyncGenerator<{ readonly object: KubeObject; readonly resource: ResourceInfo }> {
  const uids = new Set(kept.map(({ metadata }) => metadata.uid));
  const { name: chosen, explicit } = await context.namespace();
  const namespaces = new Set(explicit ? [chosen] : []);
  for (const { namespace } of targets) if (namespace !== undefined) namespaces.add(namespace);
  const searches = [
    ...[...namespaces].flatMap((namespace) =>
      kinds.filter(({ namespaced }) => namespaced).map((resource) => ({ resource, namespace })),
    ),
    ...kinds.filter(({ namespaced }) => !namespaced).map((resource) => ({ resource })),
  ];
  for (const search of searches) {
    for (const item of await listed({ kind: 'collection', ...search, labelSelector, fieldSelector: '' }, context)) {
      if (lastAppliedOf(item) === undefined || uids.has(item.metadata.uid)) continue;
      // The items of a list do not repeat what they are.
      const object = { ...item, apiVersion: apiVersionOf(search.resource), kind: search.resource.kind };
      yield { object, resource: search.resource };
    }
  }
}

async function listed(target: CollectionTarget, context: Context): Promise<KubeObject[]> {
  const items: KubeObject[] = [];
  try {
    for await (const item of collectionObjects(target, context)) items.push(item);
  } catch (error) {
    throw pruneError(error, target.resource);
  }
  return items;
}

function pruneError(error: unknown, { namespaced, group, version, kind }: ResourceInfo): unknown {
  if (!(error instanceof StatusError)) return error;
  const scope = namespaced ? 'namespaced' : 'nonNamespaced';
  return new UserError(`error pruning ${scope} object ${group}/${version}, Kind=${kind}: ${error.message}`, {
    cause: error,
  });
}
