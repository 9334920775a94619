import { deepClone } from '../model/deep-clone.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { failure, groupResourceText, invalid } from '../model/status-errors.ts';
import { StatusError } from '../model/status.ts';
import { type CreateOptions, GuardChanged } from '../storage/object-storage.ts';
import { checkPolicy, isCounted, type NamespacePolicy, readPolicy, setPolicyDefaults } from './admission/admission.ts';
import type { StoredHooks } from './admission/admission-hooks.ts';
import { chargesFor } from './admission/charges-for.ts';
import type { QuotaCharge } from './admission/resource-quota.ts';
import { mutateByHooks, validateByHooks } from './admission/run-hooks.ts';
import { strategyContext } from './api-server.ts';
import { trackFields } from './managed-fields/track-fields.ts';
import { isTime, subdomainName, validateMetadata } from './metadata/validate-metadata.ts';
import { checkNamespace } from './namespace-check.ts';
import { checkRoleWrite } from './role-write.ts';
import { groupResourceOf } from './served-resource.ts';
import { timestamp } from './timestamp.ts';
import type { WriteRequest, WriteResult } from './write-request.ts';

const NAME_ATTEMPTS = 8;
const LONGEST_GENERATED = 63;
const RANDOM_LETTERS = 5;
/** What a client may not say of a new object. */
const NOT_GIVEN = ['resourceVersion', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink'] as const;

/**
 * Stores a new object: namespace check, defaults, system metadata, the kind's own preparation, admission and validation,
 * then the write. The object is in the request's version and is changed. A generated name is tried again when it is taken.
 */
export async function createObject(write: WriteRequest, object: KubeObject): Promise<WriteResult> {
  const { metadata } = object;
  const generated = (metadata.name ?? '') === '' && (metadata.generateName ?? '') !== '';
  if (!generated) return createOnce(write, object);
  for (let attempt = 1; ; attempt++) {
    const candidate = deepClone(object);
    const base = (metadata.generateName ?? '').slice(0, LONGEST_GENERATED - RANDOM_LETTERS);
    const name = `${base}${write.server.randomness.letters(RANDOM_LETTERS)}`;
    candidate.metadata = { ...candidate.metadata, name };
    try {
      return await createOnce(write, candidate);
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') throw error;
      if (attempt === NAME_ATTEMPTS) throw generatedNameTaken(write, name);
    }
  }
}

async function createOnce(write: WriteRequest, object: KubeObject): Promise<WriteResult> {
  const { server, served, namespace } = write;
  // Most namespaces have no quota, and most stores no policies: that is not asked beforehand, but made a condition of the write.
  let none = write.options.dryRun ? undefined : await quotaCollection(write);
  let noKeys = write.options.dryRun ? undefined : server.hooks.unseen();
  // Nor is the namespace read again by each of many creates; with webhooks, who might be called twice then, it is.
  let known = served.info.namespaced && noKeys !== undefined ? server.knownNamespaces.get(namespace) : undefined;
  for (;;) {
    const name = object.metadata.name ?? '';
    const [guard, policy, hooks] = await Promise.all([
      known ?? checkNamespace(server, served, { namespace, name }),
      readPolicy({ server, served }, namespace, none === undefined),
      noKeys === undefined ? server.hooks.stored() : undefined,
    ]);
    const candidate = deepClone(object);
    try {
      const { warnings, charges } = await prepare(write, candidate, {
        policy: { ...policy, labels: guard?.labels ?? {} },
        hooks,
      });
      const created = await server.storage.create(served.stored, { namespace, name }, served.toStored(candidate), {
        dryRun: write.options.dryRun,
        guard,
        also: await chargesFor(server, charges),
        none,
        noKeys,
      });
      return { object: served.fromStored(created), created: true, warnings };
    } catch (error) {
      // A refusal counts only when the namespace was read for it.
      if (known !== undefined && isRefusal(error)) {
        server.knownNamespaces.forget(namespace);
        known = undefined;
        continue;
      }
      if (error instanceof GuardChanged) {
        none = undefined;
        noKeys = undefined;
        continue;
      }
      throw await existingError(write, name, error);
    }
  }
}

/** Whether an error says that nothing was written, and why the object cannot be. */
function isRefusal(error: unknown): boolean {
  return error instanceof GuardChanged || (error instanceof StatusError && error.code >= 400 && error.code < 500);
}

/** Where the quotas are that could count a new object. */
async function quotaCollection({ server, served, namespace }: WriteRequest): Promise<CreateOptions['none']> {
  if (!isCounted(served)) return undefined;
  const kind = await server.catalog.storedKind('', 'resourcequotas');
  return kind === undefined ? undefined : { kind, namespace };
}

/** Makes of what a client sent what is stored; answers warnings, and what the object takes of quotas. Throws Invalid or Forbidden. */
async function prepare(
  write: WriteRequest,
  object: KubeObject,
  { policy, hooks }: { policy: NamespacePolicy; hooks: StoredHooks | undefined },
): Promise<{ warnings: string[]; charges: QuotaCharge[] }> {
  const { server, served, options } = write;
  const { strategy } = served;
  strategy.defaults(object);
  for (const field of NOT_GIVEN) delete object.metadata[field];
  if (write.tracked !== true) {
    const { subresource } = write;
    await trackFields({ server, served, object, old: undefined, manager: options.fieldManager, subresource });
  }
  if (hooks !== undefined && strategy.admitsBeforeHooks === true) {
    await admitNew(write, object, policy);
  }
  const changes = await mutateByHooks(hooks, { write, object, old: undefined });
  const { metadata } = object;
  metadata.uid = server.randomness.uuid();
  metadata.creationTimestamp = timestamp(server.now());
  strategy.prepareForCreate(object);
  await admitNew(write, object, policy);
  await checkRoleWrite(write, object, undefined);
  const validateName = strategy.validateName?.bind(strategy) ?? subdomainName;
  const errors = [...validateMetadata(object, served.info.namespaced, validateName), ...strategy.validate(object)];
  const { kind, group } = served.info;
  if (errors.length > 0) throw invalid(kind, group, object.metadata.name ?? '', errors);
  const own = strategy.warnings?.(object, undefined) ?? [];
  const { warnings, charge } = await checkPolicy(write, object, policy);
  const asked = await validateByHooks(hooks, { write, object, old: undefined });
  return { charges: await charge(), warnings: [...own, ...changes, ...warnings, ...asked] };
}

/** What admission plug-ins make of a new object. */
async function admitNew(write: WriteRequest, object: KubeObject, policy: NamespacePolicy): Promise<void> {
  const { server, served, namespace } = write;
  if (server.serviceAccounts && served.info.plural === 'pods' && served.info.group === '') {
    const { admitServiceAccount } = await import('./admission/service-account.ts');
    await admitServiceAccount(server, namespace, object);
  }
  await served.strategy.admit?.(object, undefined, strategyContext(server, write.user));
  await setPolicyDefaults(served, object, policy);
}

/** An AlreadyExists tells when what exists is being deleted, as it will soon be free. */
async function existingError(
  { server, served, namespace }: WriteRequest,
  name: string,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') return error;
  const existing = await server.storage.get(served.stored, { namespace, name });
  if (!isTime(existing?.object.metadata.deletionTimestamp)) return error;
  return new StatusError({ ...error.status, message: `object is being deleted: ${error.message}` });
}

function generatedNameTaken({ served }: WriteRequest, name: string): StatusError {
  const resource = groupResourceOf(served);
  const message = `${groupResourceText(resource)} ${JSON.stringify(name)} already exists, the server was not able to generate a unique name for the object`;
  const group = resource.group === '' ? {} : { group: resource.group };
  return failure({
    code: 409,
    reason: 'AlreadyExists',
    message,
    details: { name, ...group, kind: resource.resource, retryAfterSeconds: 1 },
  });
}
