import type { ResourceClient } from '../../client/client.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import type { CreateOperation, IfExists } from '../create/if-exists.ts';
import { differences } from './differences.ts';
import { OwnersMissing, placeObject, type Placing, scopeOfObject, subject } from './place-object.ts';

/** What became of an object. `deferred`: something that it needs is not there yet, as `error` says. */
export type Imported =
  | { readonly object: KubeObject; readonly operation: CreateOperation }
  | { readonly deferred: KubeObject; readonly error: unknown };

/** Creates an object, or leaves one that is there and the same; otherwise it is as `ifExists` says. Rejects when it cannot. */
export async function importObject(object: KubeObject, placing: Placing): Promise<Imported> {
  const ifExists: IfExists = placing.ifExists === 'update' ? 'update' : 'fail';
  try {
    return await placeObject(object, { ...placing, ifExists });
  } catch (error) {
    if (await isEarly(error, object, placing.client)) return { deferred: object, error };
    if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') throw error;
  }
  const { signal, client } = placing;
  const live = await client.get(await scopeOfObject(client, object), object.metadata.name ?? '', { signal });
  const paths = await differencesOnServer(object, live, client, signal);
  if (paths.length === 0) return { object: live, operation: 'unchanged' };
  if (placing.ifExists === 'skip') return { object: live, operation: 'exists, skipped' };
  throw new UserError(
    `${subject(object)} exists and differs in ${paths.join(', ')} (--if-exists=skip leaves it, update replaces it)`,
  );
}

/** Whether an object may be created when others are there. */
async function isEarly(error: unknown, object: KubeObject, client: ResourceClient): Promise<boolean> {
  if (error instanceof OwnersMissing) return true;
  if (error instanceof StatusError) return error.reason === 'NotFound' && error.message.startsWith('namespaces ');
  const served = await client.mapper.resourceForKind(object.apiVersion, object.kind);
  return error instanceof UserError && served === undefined;
}

/** As `differences`, without what only the defaults of this server make of the wanted object. */
export async function differencesOnServer(
  wanted: KubeObject,
  live: KubeObject,
  client: ResourceClient,
  signal: AbortSignal,
): Promise<string[]> {
  const paths = differences(wanted, live);
  if (paths.length === 0) return paths;
  try {
    const { resourceVersion, uid, ownerReferences } = live.metadata;
    const metadata = {
      ...wanted.metadata,
      resourceVersion,
      uid,
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
    };
    const replacing = { ...wanted, metadata } as KubeObject;
    const made = await client.update(await scopeOfObject(client, wanted), replacing, { dryRun: true, signal });
    return differences(made, live);
  } catch {
    // What the server would not even take is different.
    return paths;
  }
}
