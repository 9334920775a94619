import { deepClone } from '../model/deep-clone.ts';
import { deepEqual } from '../model/deep-equal.ts';
import type { KubeObject, ManagedFieldsEntry, ObjectMeta } from '../model/kube-object.ts';
import { type FieldError, invalidValue } from '../model/field-error.ts';
import { invalid, notFound, staleConflict } from '../model/status-errors.ts';
import { StatusError } from '../model/status.ts';
import type { ObjectName, Preconditions, UpdateResult } from '../storage/object-storage.ts';
import { type ChangeVerdict, checkChange } from './admission/change-policy.ts';
import type { StoredHooks } from './admission/admission-hooks.ts';
import { chargesFor } from './admission/charges-for.ts';
import { mutateByHooks, validateByHooks } from './admission/run-hooks.ts';
import { afterRemoval } from './after-removal.ts';
import { strategyContext } from './api-server.ts';
import { createObject } from './create-object.ts';
import { trackFields } from './managed-fields/track-fields.ts';
import { isTime, validateMetadataUpdate } from './metadata/validate-metadata.ts';
import { checkRoleWrite } from './role-write.ts';
import { groupResourceOf } from './served-resource.ts';
import type { WriteRequest, WriteResult } from './write-request.ts';

/** How an update makes its object. */
export interface ObjectUpdate {
  readonly name: ObjectName;
  readonly preconditions?: Preconditions;
  /**
   * Makes the object from the stored one (undefined: there is none), both in the request's version; it may change and
   * return what it is given. It is called again when another writer came first.
   */
  readonly make: (current: KubeObject | undefined) => Promise<KubeObject> | KubeObject;
  /** Whether a missing object may be created: never, where the kind allows it, or always. */
  readonly mayCreate: boolean | 'always';
}

/**
 * Changes a stored object: optimistic lock, defaults, what clients may not change put back, the kind's own preparation,
 * admission and validation, then the write, which is none when nothing changed. Rejects with NotFound, Conflict or Invalid.
 */
export async function updateObject(write: WriteRequest, update: ObjectUpdate): Promise<WriteResult> {
  const { server, served, options } = write;
  const missing = await createInstead(write, update);
  if (missing !== undefined) return missing;
  const hooks = readHooks(write);
  let warnings: readonly string[] = [];
  let deleted = false;
  let recount = false;
  let revision = 0;
  const stored = await server.storage.update(served.stored, update.name, {
    dryRun: options.dryRun,
    preconditions: update.preconditions,
    deletedAt: (at) => {
      revision = at;
    },
    update: async (current): Promise<UpdateResult> => {
      const { name } = update.name;
      if (current === undefined) throw notFound(groupResourceOf(served), name);
      const old = served.fromStored(current);
      const object = await update.make(deepClone(old));
      lock(write, object, old);
      const verdict = await prepare(write, object, old, await hooks);
      ({ warnings, recount } = verdict);
      keepTimes(object, old);
      deleted = isReadyToGo(object, old);
      if (deleted) return { type: 'delete', object: served.toStored(object) };
      return { type: 'write', object: served.toStored(object), also: await chargesFor(server, verdict.charges) };
    },
  });
  const object = served.fromStored(stored);
  if (options.dryRun) return { object, created: false, warnings };
  if (deleted) await afterRemoval(server, { served, object, revision });
  else if (recount) await server.quotas.changed(update.name.namespace);
  return { object, created: false, warnings };
}

/** What is stored is read together with the object. */
function readHooks({ server }: WriteRequest): Promise<StoredHooks | undefined> {
  const hooks = server.hooks.stored();
  // Whether it failed is asked when it is needed, which is not always.
  hooks.catch(() => undefined);
  return hooks;
}

/** A PUT of an object that does not exist, for a kind that is created by it. */
async function createInstead(write: WriteRequest, update: ObjectUpdate): Promise<WriteResult | undefined> {
  const { server, served } = write;
  const mayCreate = update.mayCreate === 'always' || (update.mayCreate && served.strategy.allowCreateOnUpdate);
  if (!mayCreate || write.subresource !== '') return undefined;
  const current = await server.storage.get(served.stored, update.name);
  if (current !== undefined) return undefined;
  const object = await update.make(undefined);
  try {
    return await createObject(write, object);
  } catch (error) {
    // Another writer created it first: it is there to be updated.
    if (error instanceof StatusError && error.reason === 'AlreadyExists') return undefined;
    throw error;
  }
}

/** The optimistic lock: the object must be made from the stored one, or say nothing of a version. */
function lock({ served }: WriteRequest, object: KubeObject, old: KubeObject): void {
  const { info, strategy } = served;
  const name = old.metadata.name ?? '';
  const wanted = object.metadata.resourceVersion ?? '';
  if (wanted !== '' && wanted !== '0') {
    if (!/^\d+$/.test(wanted)) {
      throw invalid(info.kind, info.group, name, [
        invalidValue(
          'metadata.resourceVersion',
          wanted,
          `strconv.ParseUint: parsing ${JSON.stringify(wanted)}: invalid syntax`,
        ),
      ]);
    }
    if (wanted !== old.metadata.resourceVersion) throw staleConflict(groupResourceOf(served), name);
    return;
  }
  if (!strategy.allowUnconditionalUpdate) {
    const error = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update');
    throw invalid(info.kind, info.group, name, [error]);
  }
  if (old.metadata.resourceVersion !== undefined) object.metadata.resourceVersion = old.metadata.resourceVersion;
}

async function prepare(
  write: WriteRequest,
  object: KubeObject,
  old: KubeObject,
  hooks: StoredHooks | undefined,
): Promise<ChangeVerdict> {
  const { server, served, subresource, options } = write;
  const { strategy, info } = served;
  const context = strategyContext(server, write.user);
  const own = strategy.subresources?.[subresource];
  strategy.defaults(object);
  keepSystemFields(object.metadata, old.metadata);
  if (write.tracked !== true) {
    await trackFields({ server, served, object, old, manager: options.fieldManager, subresource });
  }
  const changes = await mutateByHooks(hooks, { write, object, old });
  if (hooks !== undefined) keepSystemFields(object.metadata, old.metadata);
  if (own === undefined) prepareFor(write, object, old);
  else own.prepare(object, old, context);
  if (subresource === '' || subresource === 'scale') await strategy.admit?.(object, old, context);
  await checkRoleWrite(write, object, old);
  const wrong = own === undefined ? errorsFor(write, object, old) : own.validate(object, old);
  const errors = [...validateMetadataUpdate(object, old), ...wrong];
  if (errors.length > 0) throw invalid(info.kind, info.group, old.metadata.name ?? '', errors);
  const warnings = subresource === '' ? (strategy.warnings?.(object, old) ?? []) : [];
  const change = await checkChange(write, object, old);
  const asked = await validateByHooks(hooks, { write, object, old });
  return { ...change, warnings: [...warnings, ...changes, ...change.warnings, ...asked] };
}

/** Puts back what a write to the object, or to one of the subresources that every kind has alike, may not change. */
function prepareFor(write: WriteRequest, object: KubeObject, old: KubeObject): void {
  if (write.subresource === 'status') prepareStatus(write, object, old);
  else if (write.subresource === 'finalize') keepAllButFinalizers(object, old);
  else write.served.strategy.prepareForUpdate(object, old);
}

function errorsFor({ served, subresource }: WriteRequest, object: KubeObject, old: KubeObject): FieldError[] {
  if (subresource === 'finalize') return [];
  if (subresource === 'status') return served.strategy.validateStatusUpdate?.(object, old) ?? [];
  return served.strategy.validateUpdate(object, old);
}

/** Nothing but the times of managedFields is no change. */
function keepTimes(object: KubeObject, old: KubeObject): void {
  const entries = object.metadata.managedFields ?? [];
  const before = old.metadata.managedFields ?? [];
  if (entries.length === 0 || !deepEqual(timeless(entries), timeless(before))) return;
  const { managedFields: _new, ...metadata } = object.metadata;
  const { managedFields: _old, ...oldMetadata } = old.metadata;
  if (deepEqual({ ...object, metadata }, { ...old, metadata: oldMetadata })) object.metadata.managedFields = before;
}

function timeless(entries: readonly ManagedFieldsEntry[]): unknown {
  return entries.map(({ time: _time, ...entry }) => entry);
}

/** What a client may leave out is what it was, and what the server owns stays. */
function keepSystemFields(metadata: ObjectMeta, old: ObjectMeta): void {
  keep(metadata, old, 'generation');
  if ((metadata.uid ?? '') === '') keep(metadata, old, 'uid');
  if (isTime(old.creationTimestamp)) metadata.creationTimestamp = old.creationTimestamp;
  if (isTime(old.deletionTimestamp)) metadata.deletionTimestamp = old.deletionTimestamp;
  else delete metadata.deletionTimestamp;
  keep(metadata, old, 'deletionGracePeriodSeconds');
  delete metadata['selfLink'];
}

function keep(metadata: ObjectMeta, old: ObjectMeta, field: string): void {
  if (old[field] === undefined) delete metadata[field];
  else metadata[field] = old[field];
}

function prepareStatus({ served }: WriteRequest, object: KubeObject, old: KubeObject): void {
  const { strategy } = served;
  if (strategy.prepareForStatusUpdate !== undefined) {
    strategy.prepareForStatusUpdate(object, old);
    return;
  }
  for (const field of Object.keys({ ...object, ...old })) {
    if (['status', 'metadata', 'kind', 'apiVersion'].includes(field)) continue;
    if (old[field] === undefined) delete object[field];
    else object[field] = old[field];
  }
  for (const field of ['labels', 'ownerReferences', 'finalizers']) keep(object.metadata, old.metadata, field);
}

function keepAllButFinalizers(object: KubeObject, old: KubeObject): void {
  const finalizers = (object['spec'] as { finalizers?: string[] } | undefined)?.finalizers ?? [];
  const spec = { ...(old['spec'] as object | undefined), finalizers };
  const { metadata } = object;
  for (const field of Object.keys(object)) delete object[field];
  Object.assign(object, old, { metadata, spec });
}

/** Whether the update took the last finalizer of an object that is being deleted (ShouldDeleteDuringUpdate). */
function isReadyToGo(object: KubeObject, old: KubeObject): boolean {
  if (!isTime(old.metadata.deletionTimestamp)) return false;
  if ((object.metadata.finalizers ?? []).length > 0 || (object.metadata.deletionGracePeriodSeconds ?? 0) > 0) {
    return false;
  }
  if (object.kind !== 'Namespace') return true;
  return ((object['spec'] as { finalizers?: string[] } | undefined)?.finalizers ?? []).length === 0;
}
