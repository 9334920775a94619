import type { ResourceScope, WriteOptions } from '../../client/client.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { scopeOf } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import { lastAppliedAnnotation, lastAppliedOf } from '../last-applied.ts';
import { serverSideManager } from '../server-side-flags.ts';
import type { NamedTarget } from '../target.ts';
import type { ApplyOptions } from './apply-options.ts';
import type { Applied } from './applied.ts';
import { managedFieldsMigration, ownsLastApplied } from './managed-fields-migration.ts';
import { warnIfDeleting } from './warn-if-deleting.ts';

/** Keeps the annotation of client-side apply from being dropped when an object goes over to server-side apply. */
const LAST_APPLIED_MANAGER = 'kubectl-last-applied';
const MOST_RETRIES = 5;

const CONFLICT_ADVICE = `
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

/** Sends one object as an apply patch, and moves what client-side apply owned over to the new manager. */
export async function applyServerSide(target: NamedTarget, options: ApplyOptions, context: Context): Promise<Applied> {
  return new ServerSideApply(target, options, context).apply();
}

class ServerSideApply {
  readonly #target: NamedTarget;
  readonly #options: ApplyOptions;
  readonly #context: Context;
  readonly #write: WriteOptions;

  constructor(target: NamedTarget, options: ApplyOptions, context: Context) {
    this.#target = target;
    this.#options = options;
    this.#context = context;
    const { fieldManager, fieldValidation } = options;
    this.#write = { dryRun: options.dryRun === 'server', fieldManager, fieldValidation, signal: context.signal };
  }

  async apply(): Promise<Applied> {
    let object: KubeObject;
    try {
      object = await this.#send();
    } catch (error) {
      throw applyError(error);
    }
    object = await this.#migrated(object);
    warnIfDeleting(object, this.#context);
    return { object, operation: 'serverside-applied' };
  }

  get #scope(): ResourceScope {
    return scopeOf(this.#target, this.#options.subresource);
  }

  async #send(): Promise<KubeObject> {
    const client = await this.#context.client();
    const body = this.#target.manifest?.object;
    const options = { ...this.#write, force: this.#options.forceConflicts };
    return client.patch(this.#scope, this.#target.name, { type: 'application/apply-patch+yaml', body }, options);
  }

  /** What goes wrong here is a warning: the object was applied, and the next apply tries again. */
  async #migrated(applied: KubeObject): Promise<KubeObject> {
    let object: KubeObject;
    try {
      object = await this.#keepLastApplied(applied);
    } catch (error) {
      this.#warn('failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply', error);
      return applied;
    }
    try {
      const upgraded = await this.#upgradeManagedFields(object);
      if (upgraded === undefined) return object;
      object = upgraded;
    } catch (error) {
      this.#warn('server rejected managed fields migration to Server-Side Apply', error);
      return object;
    }
    try {
      return await this.#send();
    } catch (error) {
      this.#warn('failed to re-apply configuration after performing Server-Side Apply migration', error);
      return object;
    }
  }

  async #keepLastApplied(object: KubeObject): Promise<KubeObject> {
    const recorded = lastAppliedOf(object);
    const { name = '', namespace, managedFields = [] } = object.metadata;
    const owned = managedFields.some((entry) => entry.operation === 'Apply' && ownsLastApplied(entry));
    if (this.#options.fieldManager !== serverSideManager || recorded === undefined || owned) return object;
    const client = await this.#context.client();
    const body = {
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        annotations: { [lastAppliedAnnotation]: recorded },
      },
    };
    const patch = { type: 'application/apply-patch+yaml' as const, body };
    return client.patch(this.#scope, this.#target.name, patch, { ...this.#write, fieldManager: LAST_APPLIED_MANAGER });
  }

  /** The object after its client-side entries became the manager's; undefined when there was nothing to do. */
  async #upgradeManagedFields(applied: KubeObject): Promise<KubeObject | undefined> {
    const client = await this.#context.client();
    const { name } = this.#target;
    let object = applied;
    for (let tries = 1; ; tries++) {
      const body = managedFieldsMigration(object, this.#options.fieldManager);
      if (body === undefined) return undefined;
      try {
        return await client.patch(this.#scope, name, { type: 'application/json-patch+json', body }, this.#write);
      } catch (error) {
        if (!(error instanceof StatusError) || error.reason !== 'Conflict' || tries === MOST_RETRIES) throw error;
      }
      object = await client.get(scopeOf(this.#target), name, { signal: this.#context.signal });
    }
  }

  #warn(what: string, error: unknown): void {
    if (!(error instanceof StatusError)) throw error;
    this.#context.streams.err.write(
      `Warning: ${what}. This is non-fatal and will be retried next time you apply. Error: ${error.message}\n`,
    );
  }
}

function applyError(error: unknown): unknown {
  if (!(error instanceof StatusError)) return error;
  if (error.code === 415) {
    return new UserError(`Server-side apply not available on the server: (${error.message})`, { cause: error });
  }
  return error.reason === 'Conflict' ? new UserError(`${error.message}${CONFLICT_ADVICE}`, { cause: error }) : error;
}
