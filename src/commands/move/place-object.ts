import type { ResourceClient, ResourceScope } from '../../client/client.ts';
import { deepClone } from '../../model/deep-clone.ts';
import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { type CreateResult, createOr, type IfExists } from '../create/if-exists.ts';
import { objectsIn } from '../objects-in.ts';
import type { OwnerLinks } from './owner-links.ts';

export interface Placing {
  readonly client: ResourceClient;
  readonly links: OwnerLinks;
  readonly ifExists: IfExists;
  /** Creates an object also when owners that it names are not there, without the references to them. */
  readonly orphans: boolean;
  readonly fieldManager: string;
  readonly signal: AbortSignal;
  warn(text: string): void;
}

/** An object whose owners are not there: created with them, it would be collected as garbage. */
export class OwnersMissing extends UserError {
  override readonly name = 'OwnersMissing';
}

/**
 * Creates an object that comes from another place (see portableObject): its owner references are linked to the owners that are
 * there, and a Service keeps its cluster IPs and node ports where they are free. Rejects with OwnersMissing, UserError for a kind
 * that is not served, and StatusError.
 */
export async function placeObject(object: KubeObject, placing: Placing): Promise<CreateResult> {
  const { client, links, ifExists, fieldManager, signal } = placing;
  const scope = await scopeOfObject(client, object);
  const { object: linked, missing } = await links.link(object);
  if (missing.length > 0 && !placing.orphans) {
    const owners = missing.map(({ kind, name }) => `${kind} ${name}`).join(', ');
    throw new OwnersMissing(
      `${subject(object)}: its owner ${owners} is not there, and without it the object would be collected as garbage (--orphans brings it without that reference)`,
    );
  }
  const write = { fieldManager, fieldValidation: 'Warn', signal };
  try {
    return await createOr({ client, scope, object: linked, ifExists }, write);
  } catch (error) {
    const freed = object.kind === 'Service' ? withoutTaken(linked, error) : undefined;
    if (freed === undefined) throw error;
    placing.warn(`${subject(object)} gets new addresses: ${error instanceof Error ? error.message : String(error)}`);
    return createOr({ client, scope, object: freed, ifExists }, write);
  }
}

/** Where an object belongs. Rejects with UserError for a kind that is not served. */
export async function scopeOfObject(client: ResourceClient, object: KubeObject): Promise<ResourceScope> {
  const { apiVersion, kind, metadata } = object;
  const resource = await client.mapper.resourceForKind(apiVersion, kind);
  if (resource === undefined) {
    throw new UserError(
      `${subject(object)}: no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`,
    );
  }
  if (!resource.namespaced) return { resource };
  if (!metadata.namespace) throw new UserError(`${subject(object)} has no namespace`);
  return { resource, namespace: metadata.namespace };
}

/** `Deployment shop/web`, for messages. */
export function subject({ kind, metadata: { namespace, name = '' } }: KubeObject): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

/** A Service without the addresses that are taken; undefined when the error is about something else. */
function withoutTaken(service: KubeObject, error: unknown): KubeObject | undefined {
  if (!(error instanceof StatusError) || error.reason !== 'Invalid') return undefined;
  const copy = deepClone(service);
  const spec = copy['spec'];
  if (!isJsonObject(spec)) return undefined;
  const fields = error.status.details?.causes?.map(({ field = '' }) => field) ?? [];
  let changed = false;
  if (fields.some((field) => field.startsWith('spec.clusterIP')) && spec['clusterIP'] !== 'None') {
    changed = remove(spec, ['clusterIP', 'clusterIPs']) || changed;
  }
  if (fields.some((field) => field.endsWith('.nodePort'))) {
    for (const port of objectsIn(spec, 'ports')) changed = remove(port, ['nodePort']) || changed;
  }
  if (fields.includes('spec.healthCheckNodePort')) changed = remove(spec, ['healthCheckNodePort']) || changed;
  return changed ? copy : undefined;
}

function remove(from: JsonObject, fields: readonly string[]): boolean {
  const present = fields.filter((field) => from[field] !== undefined);
  for (const field of present) delete from[field];
  return present.length > 0;
}
