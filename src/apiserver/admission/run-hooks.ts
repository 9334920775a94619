import { ADMINISTRATOR } from '../../model/administrator.ts';
import type { JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { DeleteRequestOptions } from '../delete-options.ts';
import type { WriteOptions } from '../request-options.ts';
import type { ResourceRequest } from '../resource-request.ts';
import type { WriteRequest } from '../write-request.ts';
import { type AdmissionAttributes, kindOf, namespaceOf } from './admission-attributes.ts';
import type { StoredHooks } from './admission-hooks.ts';

/** A write with the object that it is to be, changed in place, and the one that is stored. */
interface HookedWrite {
  readonly write: WriteRequest;
  readonly object: KubeObject;
  readonly old: KubeObject | undefined;
}

/** Lets webhooks change an object before it is prepared. Answers warnings. Throws what refuses the write. */
export async function mutateByHooks(hooks: StoredHooks | undefined, hooked: HookedWrite): Promise<readonly string[]> {
  if (hooks === undefined) return [];
  const { write, object } = hooked;
  const { object: changed, warnings } = await hooks.mutate(attributesOf(hooked));
  if (write.view === undefined && changed !== undefined && changed !== object) {
    for (const field of Object.keys(object)) delete object[field];
    Object.assign(object, changed);
  }
  return warnings;
}

/** Asks policies and webhooks about an object that is valid. Answers warnings. Throws what refuses the write. */
export async function validateByHooks(hooks: StoredHooks | undefined, hooked: HookedWrite): Promise<readonly string[]> {
  return hooks === undefined ? [] : hooks.validate(attributesOf(hooked));
}

function attributesOf({ write, object, old }: HookedWrite): AdmissionAttributes {
  const { view } = write;
  if (view === undefined) return attributesOfWrite(write, object, old);
  const attributes = attributesOfWrite(write, view.of(object), old === undefined ? undefined : view.of(old));
  return { ...attributes, kind: view.kind };
}

/** Asks policies and webhooks about the deletion of an object. Throws what refuses it; answers warnings. */
export async function admitDeletion(
  request: ResourceRequest,
  object: KubeObject,
  options: DeleteRequestOptions,
): Promise<readonly string[]> {
  const { server, served, info } = request;
  const hooks = await server.hooks.stored();
  if (hooks === undefined) return [];
  const { name = '' } = object.metadata;
  const attributes: AdmissionAttributes = {
    served,
    subresource: '',
    operation: 'DELETE',
    namespace: namespaceOf(served.info, object.metadata.namespace ?? info.namespace, name),
    name,
    kind: kindOf(served.info),
    object: undefined,
    old: object,
    options: deleteOptionsJson(options),
    dryRun: options.dryRun,
    user: request.request.user ?? ADMINISTRATOR,
  };
  const { warnings } = await hooks.mutate(attributes);
  return [...warnings, ...(await hooks.validate(attributes))];
}

function deleteOptionsJson(options: DeleteRequestOptions): JsonObject {
  const { gracePeriodSeconds, propagationPolicy, preconditions, dryRun } = options;
  return {
    kind: 'DeleteOptions',
    apiVersion: 'meta.k8s.io/v1',
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(Object.keys(preconditions).length === 0 ? {} : { preconditions: { ...preconditions } }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(dryRun ? { dryRun: ['All'] } : {}),
  };
}

/** Asks policies and webhooks about a subresource that is posted (an Eviction, a Binding). Throws what refuses it. */
export async function admitPosted(request: ResourceRequest): Promise<readonly string[]> {
  const { server, served, info } = request;
  const hooks = await server.hooks.stored();
  if (hooks === undefined) return [];
  const object = structuredClone(request.request.body ?? {}) as KubeObject;
  const [group = '', version = group] = (object.apiVersion ?? '').split('/');
  const attributes: AdmissionAttributes = {
    served,
    subresource: info.subresource,
    operation: 'CREATE',
    namespace: info.namespace,
    name: info.name,
    kind: { group: group === version ? '' : group, version, kind: object.kind ?? '' },
    object,
    old: undefined,
    options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    dryRun: (request.request.query?.get('dryRun') ?? '') !== '',
    user: request.request.user ?? ADMINISTRATOR,
  };
  const { warnings } = await hooks.mutate(attributes);
  return [...warnings, ...(await hooks.validate(attributes))];
}

/** The attributes of a write of an object. */
function attributesOfWrite(write: WriteRequest, object: KubeObject, old: KubeObject | undefined): AdmissionAttributes {
  const { served, subresource, options, user } = write;
  const name = (old ?? object).metadata.name ?? '';
  return {
    served,
    subresource,
    operation: old === undefined ? 'CREATE' : 'UPDATE',
    namespace: namespaceOf(served.info, write.namespace, name),
    name,
    kind: kindOf(served.info),
    object,
    old,
    options: optionsOf(options, old === undefined ? 'CreateOptions' : 'UpdateOptions'),
    dryRun: options.dryRun,
    user: user ?? ADMINISTRATOR,
  };
}

/** Whatever the verb was, admission sees a creation or an update. */
function optionsOf({ sent }: WriteOptions, kind: string): JsonObject {
  if (sent === undefined) return {};
  const { force: _force, ...options } = sent;
  return { ...options, kind };
}
