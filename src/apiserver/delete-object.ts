import { deepClone } from '../model/deep-clone.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { conflict, forbidden, notFound } from '../model/status-errors.ts';
import { StatusError } from '../model/status.ts';
import type { ObjectName, StoredObject } from '../storage/object-storage.ts';
import { afterRemoval } from './after-removal.ts';
import type { ApiServer } from './api-server.ts';
import type { DeleteRequestOptions } from './delete-options.ts';
import { deletionFinalizers } from './deletion-finalizers.ts';
import { isTime } from './metadata/validate-metadata.ts';
import { groupResourceOf, type ServedResource } from './served-resource.ts';
import { nobodyEndsPod } from './pod-termination.ts';
import { timestamp } from './timestamp.ts';

/** What a delete left: the object is gone, or waits for finalizers or its grace period. In the request's version. */
export interface DeleteResult {
  readonly object: KubeObject;
  readonly gone: boolean;
}

/** Namespaces that may not be deleted (the NamespaceLifecycle admission). */
const IMMORTAL = ['default', 'kube-system', 'kube-public'];

interface DeleteTarget {
  readonly server: ApiServer;
  readonly served: ServedResource;
  readonly name: ObjectName;
  /** What the caller read just now, which saves a read. */
  readonly cached?: StoredObject;
  /** Asks policies and webhooks about the object, which is about to be deleted or marked. */
  readonly admit?: (object: KubeObject) => Promise<void>;
}

/**
 * Deletes an object, or marks it as being deleted when it has finalizers or a grace period. Rejects with NotFound, with
 * Conflict when a precondition fails, and with Forbidden for a namespace that may not go.
 */
export async function deleteObject(target: DeleteTarget, options: DeleteRequestOptions): Promise<DeleteResult> {
  const { server, served, name } = target;
  if (isNamespace(served) && IMMORTAL.includes(name.name)) {
    throw forbidden(groupResourceOf(served), name.name, 'this namespace may not be deleted');
  }
  const found = target.cached ?? (await readTarget(target));
  const object = served.fromStored(deepClone(found.object));
  checkPreconditions(served, object, options);
  await target.admit?.(object);
  const grace = graceOf(served, object, options);
  const kept = isNamespace(served) || served.lifecycle?.markDeleting !== undefined;
  if (kept || deletionFinalizers(served, object, options).length > 0 || grace > 0) return markDeleting(target, options);
  const preconditions = { ...options.preconditions, uid: object.metadata.uid ?? '' };
  const deleted = await server.storage.delete(served.stored, name, {
    dryRun: options.dryRun,
    cached: found,
    preconditions: object.metadata.uid === undefined ? options.preconditions : preconditions,
  });
  const result = { object: served.fromStored(deleted), gone: true };
  if (!options.dryRun && options.ownsNothing !== true) {
    await afterRemoval(server, { served, object: result.object, revision: revisionOf(deleted) });
  }
  return result;
}

async function readTarget({ server, served, name }: DeleteTarget): Promise<StoredObject> {
  let found = await server.storage.get(served.stored, name);
  if (found === undefined && isNamespace(served)) {
    await server.bootstrap.ensure();
    found = await server.storage.get(served.stored, name);
  }
  if (found === undefined) throw notFound(groupResourceOf(served), name.name);
  return found;
}

/** Whether a resource is core namespaces. */
function isNamespace({ info }: ServedResource): boolean {
  return info.group === '' && info.plural === 'namespaces';
}

async function markDeleting(
  { server, served, name }: DeleteTarget,
  options: DeleteRequestOptions,
): Promise<DeleteResult> {
  let gone = false;
  let revision = 0;
  const stored = await server.storage.update(served.stored, name, {
    dryRun: options.dryRun,
    deletedAt: (at) => {
      revision = at;
    },
    async update(current) {
      if (current === undefined) throw notFound(groupResourceOf(served), name.name);
      const object = served.fromStored(current);
      checkPreconditions(served, object, options);
      if (served.lifecycle?.markDeleting !== undefined) {
        await served.lifecycle.markDeleting(object);
        return { type: 'write', object: served.toStored(object) };
      }
      const grace = graceOf(served, object, options);
      const { metadata } = object;
      const finalizers = deletionFinalizers(served, object, options);
      if (finalizers.length > 0) metadata.finalizers = [...finalizers];
      else delete metadata.finalizers;
      gone = finalizers.length === 0 && grace === 0 && !isNamespace(served);
      if (gone) return { type: 'delete', object: served.toStored(object) };
      markMetadata(object, server.now(), grace);
      if (isNamespace(served)) object['status'] = { ...(object['status'] as object | undefined), phase: 'Terminating' };
      return { type: 'write', object: served.toStored(object) };
    },
  });
  const result = { object: served.fromStored(stored), gone };
  if (options.dryRun) return result;
  if (gone) await afterRemoval(server, { served, object: result.object, revision });
  else await afterMarking({ server, served, name }, result.object, options);
  return result;
}

/** Does at once what others do in a cluster about an object that was marked: the garbage collector, and a pod's kubelet. */
async function afterMarking(target: DeleteTarget, object: KubeObject, options: DeleteRequestOptions): Promise<void> {
  const { server, served } = target;
  await server.garbage.marked({ served, object, revision: revisionOf(object) });
  const { deletionGracePeriodSeconds: grace = 0, uid } = object.metadata;
  if (grace === 0 || !(await nobodyEndsPod(server, served, object))) return;
  const preconditions = uid === undefined ? {} : { uid };
  try {
    const { admit: _asked, ...again } = target;
    await deleteObject(again, { ...options, preconditions, gracePeriodSeconds: 0, propagationPolicy: undefined });
  } catch (error) {
    // Somebody else ended it, or made another one of the name.
    if (!(error instanceof StatusError) || !['NotFound', 'Conflict'].includes(error.reason)) throw error;
  }
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.resourceVersion ?? 0);
}

/** Sets the deletion's time; a time that is set only moves to an earlier one. */
function markMetadata({ metadata }: KubeObject, now: Date, grace: number): void {
  const before = metadata.deletionGracePeriodSeconds;
  if (isTime(metadata.deletionTimestamp)) {
    if (before === undefined || grace >= before) return;
    const requested = Date.parse(metadata.deletionTimestamp) - before * 1000;
    metadata.deletionTimestamp = timestamp(new Date(requested + grace * 1000));
    metadata.deletionGracePeriodSeconds = grace;
    return;
  }
  metadata.deletionTimestamp = timestamp(new Date(now.getTime() + grace * 1000));
  metadata.deletionGracePeriodSeconds = grace;
  if ((metadata.generation ?? 0) > 0) metadata.generation = (metadata.generation ?? 0) + 1;
}

function graceOf({ strategy }: ServedResource, object: KubeObject, options: DeleteRequestOptions): number {
  return Math.max(strategy.gracePeriod?.(object, options.gracePeriodSeconds) ?? 0, 0);
}

function checkPreconditions(
  served: ServedResource,
  { metadata }: KubeObject,
  { preconditions }: DeleteRequestOptions,
): void {
  const { uid, resourceVersion } = preconditions;
  const name = metadata.name ?? '';
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid ?? ''}). The object might have been deleted and then recreated`;
    throw conflict(groupResourceOf(served), name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ''}). The object might have been modified`;
    throw conflict(groupResourceOf(served), name, why);
  }
}
