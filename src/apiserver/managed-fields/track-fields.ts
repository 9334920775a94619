import type { KubeObject, ManagedFieldsEntry } from '../../model/kube-object.ts';
import type { ApiServer } from '../api-server.ts';
import { timestamp } from '../timestamp.ts';
import type { ServedResource } from '../served-resource.ts';
import { capManagers, decodeManagers, encodeManagers, type FieldManagers, managerKey } from './field-managers.ts';
import { fieldShape } from './field-shape.ts';
import { withoutServerFields, writableFields } from './owned-fields.ts';
import { reconcileManagers, settleManagers } from './settle-managers.ts';
import { Versions } from './versioned-object.ts';

/** A write, seen from metadata.managedFields. Objects are in the request's version. */
export interface TrackedWrite {
  readonly server: Pick<ApiServer, 'catalog' | 'now'>;
  readonly served: ServedResource;
  /** Changed in place. */
  readonly object: KubeObject;
  /** Undefined for a create. */
  readonly old: KubeObject | undefined;
  readonly manager: string;
  readonly subresource: string;
}

/**
 * Sets metadata.managedFields of a written object as an Update operation does: fields that the write adds or changes belong
 * to its manager and to nobody else, fields that it removes to nobody. An entry's time moves when its manager gets a field.
 * An object that has no entries gets none by an update.
 */
export async function trackFields(write: TrackedWrite): Promise<void> {
  const { object, old, subresource } = write;
  const managers = managersOf(write);
  if (old === undefined && managers.size === 0 && subresource === '') {
    await trackCreate(write);
    return;
  }
  if (old === undefined || managers.size > 0) await trackUpdate(write, managers);
  setManagers(object, managers);
}

/** How many shapes of new objects are remembered of a resource. */
const MOST_SHAPES = 8;
// What the creator of an object of a shape owns, by the shape: it says nothing that the resource does not.
const CREATED = new WeakMap<ServedResource, Map<string, ManagedFieldsEntry | undefined>>();

/** Sets the entry of a new object's creator. Of many objects with the same fields, only the first is looked at. */
async function trackCreate(write: TrackedWrite): Promise<void> {
  const { server, served, object, manager } = write;
  const { metadata } = object;
  const shape = fieldShape(object);
  const known = CREATED.get(served) ?? new Map<string, ManagedFieldsEntry | undefined>();
  const key = `${manager.length}:${manager}${shape}`;
  if (shape !== undefined && known.has(key)) {
    const entry = known.get(key);
    if (entry === undefined) delete metadata.managedFields;
    else metadata.managedFields = [{ ...entry, time: timestamp(server.now()) }];
    return;
  }
  const managers: FieldManagers = new Map();
  await trackUpdate(write, managers);
  setManagers(object, managers);
  if (shape === undefined) return;
  const [oldest] = known.keys();
  if (known.size >= MOST_SHAPES && oldest !== undefined) known.delete(oldest);
  known.set(key, metadata.managedFields?.[0]);
  CREATED.set(served, known);
}

/** What trackFields does, to managers that are already read. */
export async function trackUpdate(write: TrackedWrite, managers: FieldManagers): Promise<void> {
  const { server, served, object, old, manager, subresource } = write;
  const versions = new Versions(server, served);
  await reconcileManagers(versions, managers);
  const change = { versions, live: old ?? versions.empty(), next: object, subresource };
  const { added, modified } = await settleManagers(change, managers, { force: true });
  const taken = withoutServerFields(writableFields(added.union(modified), served, subresource));
  if (!taken.isEmpty) {
    const own = { manager, operation: 'Update', apiVersion: versions.apiVersion, subresource } as const;
    const before = managers.get(managerKey(own))?.fields;
    managers.set(managerKey(own), {
      ...own,
      fields: before === undefined ? taken : before.union(taken),
      time: timestamp(server.now()),
    });
  }
  capManagers(managers);
}

/** Writes managers into an object. */
export function setManagers({ metadata }: KubeObject, managers: FieldManagers): void {
  if (managers.size === 0) delete metadata.managedFields;
  else metadata.managedFields = encodeManagers(managers);
}

/** The entries that the client sent back, or those that are stored; one empty entry starts anew. */
function managersOf({ object, old, subresource }: TrackedWrite): FieldManagers {
  const stored = old?.metadata.managedFields ?? [];
  // A subresource is not the place to change entries.
  if (subresource !== '') return readable(stored) ?? new Map();
  const sent = object.metadata.managedFields ?? [];
  const [first] = sent;
  if (sent.length === 1 && first !== undefined && Object.keys(first).length === 0) return new Map();
  return readable(sent) ?? readable(stored) ?? new Map();
}

/** Undefined for no entries, and for some that cannot be read. */
function readable(entries: readonly ManagedFieldsEntry[]): FieldManagers | undefined {
  try {
    return entries.length === 0 ? undefined : decodeManagers(entries);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
