import type { ApiResponse } from '../../model/api-message.ts';
import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { badRequest, failure, notFound } from '../../model/status-errors.ts';
import { StatusError } from '../../model/status.ts';
import { type ApiServer, strategyContext } from '../api-server.ts';
import { matchNamespace } from '../check-identity.ts';
import { deleteObject } from '../delete-object.ts';
import { type DeleteRequestOptions, deleteOptions } from '../delete-options.ts';
import { partOf, objectIn, textIn } from '../kinds/fields.ts';
import { selectorIsEmpty, selectorMatches } from '../kinds/label-selector.ts';
import { isLeaseHeld } from '../lease-held.ts';
import { isTime } from '../metadata/validate-metadata.ts';
import { readBody } from '../read-body.ts';
import { requestKind } from '../request-kind.ts';
import { writeOptions } from '../request-options.ts';
import { objectName, type ResourceRequest } from '../resource-request.ts';
import { groupResourceOf } from '../served-resource.ts';
import { updateObject } from '../update-object.ts';
import { beingProcessed, computeBudget, isPodReady, takeDisruption } from './disruption-budget.ts';
import { successResponse } from './success-response.ts';

/** POST to pods/eviction: deletes a pod unless a PodDisruptionBudget protects it (EvictionREST). */
export async function evict(request: ResourceRequest): Promise<ApiResponse> {
  const { server, served, info } = request;
  const options = writeOptions(request.request, 'CreateOptions');
  const { object, warnings } = readBody(requestKind('policy', 'v1', 'Eviction'), request.request.body, options);
  matchNamespace(object, info.namespace);
  if (object.metadata.name !== info.name) throw badRequest('name in URL does not match name in Eviction object');
  const wanted = deletionOf(object, options.dryRun);
  for (;;) {
    const found = await server.storage.get(served.stored, objectName(request));
    if (found === undefined) throw notFound(groupResourceOf(served), info.name);
    try {
      await evictOnce(request, served.fromStored(found.object), wanted);
      return successResponse(warnings);
    } catch (error) {
      const again = error instanceof StatusError && error.reason === 'Conflict';
      if (!again || wanted.preconditions.resourceVersion !== undefined) throw error;
    }
  }
}

/** The options of the deletion, which may be dry though the request does not say so. */
function deletionOf(eviction: KubeObject, dryRun: boolean): DeleteRequestOptions {
  const body = isJsonObject(eviction['deleteOptions']) ? { ...eviction['deleteOptions'] } : undefined;
  const options = deleteOptions({ method: 'DELETE', path: '', ...(body === undefined ? {} : { body }) });
  return { ...options, dryRun: options.dryRun || dryRun };
}

async function evictOnce(request: ResourceRequest, pod: KubeObject, options: DeleteRequestOptions): Promise<void> {
  const { server, served } = request;
  const target = { server, served, name: objectName(request) };
  const { resourceVersion = '' } = pod.metadata;
  const asRead = { ...options, preconditions: { resourceVersion, ...options.preconditions } };
  if (needsNoBudget(pod)) {
    const ended = textIn(partOf(pod, 'status'), 'phase') !== 'Pending' || isTime(pod.metadata.deletionTimestamp);
    await deleteObject(target, ended ? options : asRead);
    return;
  }
  const budget = await budgetOf(server, pod);
  if (budget === undefined) {
    await deleteObject(target, options);
    return;
  }
  const unguarded = await disrupt(server, budget, pod, options.dryRun);
  try {
    await deleteObject(target, unguarded ? asRead : options);
  } catch (error) {
    // The pod may have become ready: whoever evicts it is to try again.
    const stale = error instanceof StatusError && error.reason === 'Conflict' && unguarded;
    throw stale && options.preconditions.resourceVersion === undefined
      ? beingProcessed(budget.metadata.name ?? '')
      : error;
  }
}

/** A pod that does not run yet, or no more, is not disrupted. */
function needsNoBudget(pod: KubeObject): boolean {
  const phase = textIn(partOf(pod, 'status'), 'phase');
  return ['Succeeded', 'Failed', 'Pending'].includes(phase) || isTime(pod.metadata.deletionTimestamp);
}

async function budgetOf(server: ApiServer, pod: KubeObject): Promise<KubeObject | undefined> {
  const { namespace = '', labels = {} } = pod.metadata;
  const all = await strategyContext(server).list('poddisruptionbudgets.policy', namespace);
  const guarding = all.filter((budget) => {
    const selector = objectIn(partOf(budget, 'spec'), 'selector');
    return selector !== undefined && !selectorIsEmpty(selector) && selectorMatches(selector, labels);
  });
  if (guarding.length > 1) {
    const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw failure({ code: 500, reason: '', message });
  }
  return guarding[0];
}

/** Counts a disruption against a budget. Answers true when the pod may go without, as it is not healthy. */
async function disrupt(server: ApiServer, budget: KubeObject, pod: KubeObject, dryRun: boolean): Promise<boolean> {
  const served = await server.catalog.preferred('policy', 'poddisruptionbudgets');
  if (served === undefined) return true;
  const { namespace = '', name = '' } = budget.metadata;
  const controlled = await isLeaseHeld(server, 'kube-system', 'kube-controller-manager');
  let unguarded = false;
  await updateObject(
    {
      server,
      served,
      namespace,
      subresource: 'status',
      options: { dryRun, fieldValidation: 'Ignore', fieldManager: 'kube-apiserver', force: false },
    },
    {
      name: { namespace, name },
      mayCreate: false,
      async make(current) {
        const object = current ?? budget;
        if (!controlled) await computeBudget(server, object);
        unguarded = isUnguarded(object, pod);
        if (!unguarded) takeDisruption(object, pod.metadata.name ?? '', server.now());
        return object;
      },
    },
  );
  return unguarded;
}

function isUnguarded(budget: KubeObject, pod: KubeObject): boolean {
  if (isPodReady(pod)) return false;
  if (textIn(partOf(budget, 'spec'), 'unhealthyPodEvictionPolicy') === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = partOf(budget, 'status') as Record<string, number>;
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}
