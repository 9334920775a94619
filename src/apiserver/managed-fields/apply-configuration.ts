import { deepEqual } from '../../model/deep-equal.ts';
import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import type { KubeObject, ObjectMeta } from '../../model/kube-object.ts';
import { groupVersionOf } from '../../model/schema/resource-info.ts';
import { badRequest } from '../../model/status-errors.ts';
import type { ApiServer } from '../api-server.ts';
import { timestamp } from '../timestamp.ts';
import { DecodeError } from '../../model/decode/decode-error.ts';
import { readPatched } from '../read-body.ts';
import type { ServedResource } from '../served-resource.ts';
import { ApplyConflict } from './apply-conflict.ts';
import { decodeManagers, type FieldManagers, managerKey } from './field-managers.ts';
import { allowedByLastApplied, syncLastApplied } from './last-applied.ts';
import { mergeObjects } from './merge-objects.ts';
import { objectFields } from './object-fields.ts';
import { withoutServerFields, writableFields } from './owned-fields.ts';
import { pruneFields } from './prune-fields.ts';
import { reconcileManagers, settleManagers } from './settle-managers.ts';
import { setManagers, trackUpdate } from './track-fields.ts';
import { typedErrors } from './typed-errors.ts';
import { unknownError } from './unknown-error.ts';
import { comparable, Versions } from './versioned-object.ts';

/** An apply by one manager. */
export interface Application {
  readonly server: Pick<ApiServer, 'catalog' | 'now'>;
  readonly served: ServedResource;
  readonly subresource: string;
  readonly manager: string;
  /** Whether fields of other managers are taken from them. */
  readonly force: boolean;
}

/** The manager that kubectl applies as; it takes over what its client-side apply left. */
const KUBECTL = 'kubectl';
/** Who an object's fields belong to that nobody tracked before. */
const BEFORE_FIRST_APPLY = 'before-first-apply';

/**
 * The stored object after a configuration was applied to it (undefined: there is none), in the request's version, with the
 * managedFields that it then has. Throws BadRequest for what is no configuration of the kind, ApplyConflict, and a Status
 * without reason for values that are not of the kind's types.
 */
export async function applyConfiguration(
  application: Application,
  stored: KubeObject | undefined,
  config: JsonObject,
): Promise<KubeObject> {
  checkConfiguration(application, config);
  const apply = new Apply(application, stored, config);
  const { manager } = application;
  if (manager !== KUBECTL) return apply.run(application.force);
  const object = await apply.run(application.force).catch(async (error: unknown) => {
    if (!(error instanceof ApplyConflict)) throw error;
    const allowed = allowedByLastApplied(apply.versions, apply.live);
    if (allowed === undefined) throw error;
    const conflicts = error.conflicts.filter(({ path }) => !allowed.has(path));
    if (conflicts.length > 0) throw new ApplyConflict(conflicts);
    return apply.run(true);
  });
  syncLastApplied(object, config);
  return object;
}

function checkConfiguration({ served }: Application, config: JsonObject): void {
  const apiVersion = typeof config['apiVersion'] === 'string' ? config['apiVersion'] : '';
  const kind = typeof config['kind'] === 'string' ? config['kind'] : '';
  const { group, version } = groupVersionOf(apiVersion);
  const { info } = served;
  if (group !== info.group || version !== info.version || kind !== info.kind) {
    throw badRequest(`invalid object type: ${group}/${version}, Kind=${kind}`);
  }
  const { metadata } = config;
  if (isJsonObject(metadata) && (metadata['managedFields'] ?? undefined) !== undefined) {
    throw badRequest('metadata.managedFields must be nil');
  }
}

class Apply {
  readonly versions: Versions;
  /** The object before the apply. */
  readonly live: KubeObject;
  readonly #application: Application;
  readonly #stored: KubeObject | undefined;
  readonly #config: JsonObject;

  constructor(application: Application, stored: KubeObject | undefined, config: JsonObject) {
    this.versions = new Versions(application.server, application.served);
    this.live = stored ?? this.versions.empty();
    this.#application = application;
    this.#stored = stored;
    this.#config = config;
  }

  async run(force: boolean): Promise<KubeObject> {
    const { served, subresource, server, manager } = this.#application;
    const { versions, live } = this;
    const managers = await this.#managers();
    const wrong = typedErrors(versions.type, this.#config);
    if (wrong !== undefined) throw unknownError(`failed to create typed patch object (${this.#named()}): ${wrong}`);
    await reconcileManagers(versions, managers);
    const own = { manager, operation: 'Apply', apiVersion: versions.apiVersion, subresource } as const;
    const key = managerKey(own);
    const last = managers.get(key);
    const fields = writableFields(objectFields(versions.type, this.#config), served, subresource);
    managers.set(key, { ...own, fields, ...(last?.time === undefined ? {} : { time: last.time }) });
    const merged = mergeObjects(versions.type, live, this.#config) as KubeObject;
    const next = await pruneFields(versions, { ...merged, metadata: merged.metadata ?? {} }, managers, last);
    await settleManagers({ versions, live, next, subresource }, managers, { own: key, force });
    const changed = !deepEqual(comparable(live), comparable(next));
    const settled = managers.get(key);
    const kept = settled === undefined ? undefined : withoutServerFields(settled.fields);
    if (settled === undefined || kept === undefined || kept.isEmpty) managers.delete(key);
    else managers.set(key, { ...settled, fields: kept, ...(changed ? { time: timestamp(server.now()) } : {}) });
    const object = changed ? this.#decoded(next) : { ...live, metadata: { ...live.metadata } };
    setManagers(object, managers);
    return object;
  }

  /** The managers of the stored object. What nobody tracked until now is told to have been there before. */
  async #managers(): Promise<FieldManagers> {
    const { server, served, subresource } = this.#application;
    const managers = readManagers(this.live.metadata);
    if (managers.size > 0 || this.#stored === undefined) return managers;
    const before = { server, served, old: undefined, manager: BEFORE_FIRST_APPLY, subresource };
    await trackUpdate({ ...before, object: this.#stored }, managers);
    return managers;
  }

  #decoded(merged: KubeObject): KubeObject {
    const { served } = this.#application;
    try {
      return readPatched(served, merged, 'unstructured').object;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const { apiVersion } = this.versions;
      const version = `${apiVersion}, Kind=${served.info.kind}`;
      throw unknownError(
        `failed to convert new object (${this.#named()}) to proper version (${apiVersion}): unable to convert unstructured object to ${version}: ${error.message}`,
      );
    }
  }

  /** Namespace and name as the configuration has them, and its kind. */
  #named(): string {
    const { metadata } = this.#config;
    const { namespace, name } = isJsonObject(metadata) ? metadata : {};
    const { group, version, kind } = this.#application.served.info;
    return `${textOrNone(namespace)}/${textOrNone(name)}; ${group}/${version}, Kind=${kind}`;
  }
}

function textOrNone(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function readManagers({ managedFields = [] }: ObjectMeta): FieldManagers {
  try {
    return decodeManagers(managedFields);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw unknownError(`failed to decode managed fields: ${error.message}`);
  }
}
