import type { ManagedFieldsEntry } from '../../model/kube-object.ts';
import { decodeManagers, encodeManagers, type FieldManager, type FieldManagers, managerKey } from './field-managers.ts';
import { FieldSet } from './field-set.ts';
import type { PathElement } from './path-element.ts';

const SCALE_VERSION = 'autoscaling/v1';
const SCALE_PATH: readonly PathElement[] = ['f:spec', 'f:replicas'];

/** Where an object keeps the replicas that its Scale shows, and the version that its fields are of. */
export interface ScaledObject {
  readonly entries: readonly ManagedFieldsEntry[];
  readonly path: readonly PathElement[];
  readonly apiVersion: string;
}

/** The entries of a Scale: who manages the replicas of its object (apimachinery's ScaleHandler.ToSubresource). */
export function scaleEntries({ entries, path }: ScaledObject): ManagedFieldsEntry[] {
  const managers: FieldManagers = new Map();
  for (const manager of decodeManagers(entries).values()) {
    if (!manager.fields.has(path)) continue;
    const shown = { ...manager, apiVersion: SCALE_VERSION, fields: setOf(SCALE_PATH) };
    managers.set(managerKey(shown), shown);
  }
  return encodeManagers(managers);
}

/**
 * The entries of an object after its Scale was written: whoever manages the replicas there manages them here, and nobody else
 * does (ScaleHandler.ToParent).
 */
export function scaledEntries(
  { entries, path, apiVersion }: ScaledObject,
  scale: readonly ManagedFieldsEntry[],
): ManagedFieldsEntry[] {
  const owners = new Map([...decodeManagers(scale).values()].map((owner) => [identity(owner), owner]));
  const managers: FieldManagers = new Map();
  for (const [key, manager] of decodeManagers(entries)) {
    if (!manager.fields.has(path) || owners.delete(identity(manager))) {
      managers.set(key, manager);
      continue;
    }
    const fields = manager.fields.difference(setOf(path));
    if (!fields.isEmpty) managers.set(key, { ...manager, fields });
  }
  for (const owner of owners.values()) {
    if (!owner.fields.has(SCALE_PATH)) continue;
    const own = { ...owner, apiVersion, fields: setOf(path) };
    const before = managers.get(managerKey(own))?.fields;
    managers.set(managerKey(own), before === undefined ? own : { ...own, fields: before.union(own.fields) });
  }
  return encodeManagers(managers);
}

/** What tells a manager apart whatever version its fields are in. */
function identity({ manager, operation, subresource }: FieldManager): string {
  return JSON.stringify([manager, operation, subresource]);
}

function setOf(path: readonly PathElement[]): FieldSet {
  const set = new FieldSet();
  set.insert(path);
  return set;
}
