import type { KubeObject } from '../../model/kube-object.ts';
import { ApplyConflict, type FieldConflict } from './apply-conflict.ts';
import { type Comparison, compareObjects } from './compare-objects.ts';
import type { FieldManagers } from './field-managers.ts';
import { writableFields } from './owned-fields.ts';
import { reconcileFields } from './reconcile-fields.ts';
import { comparable, type Versions } from './versioned-object.ts';

/** A change of an object, both sides in the request's version. */
export interface ObjectChange {
  readonly versions: Versions;
  readonly live: KubeObject;
  readonly next: KubeObject;
  readonly subresource: string;
}

/**
 * Takes from every manager but `own` the fields that a change adds, changes or removes; managers without fields, and those
 * of versions that are not served any more, go. Answers what the change does in the request's version. Unless `force`,
 * throws ApplyConflict when a manager has a field that is added or changed.
 */
export async function settleManagers(
  change: ObjectChange,
  managers: FieldManagers,
  { own, force }: { own?: string; force: boolean },
): Promise<Comparison> {
  const { versions } = change;
  const comparisons = new Map<string, Comparison | undefined>();
  const comparisonIn = async (apiVersion: string): Promise<Comparison | undefined> => {
    if (!comparisons.has(apiVersion)) comparisons.set(apiVersion, await compareIn(change, apiVersion));
    return comparisons.get(apiVersion);
  };
  const conflicts: FieldConflict[] = [];
  const settled: FieldManagers = new Map();
  for (const [key, manager] of managers) {
    if (key === own) {
      settled.set(key, manager);
      continue;
    }
    const comparison = await comparisonIn(manager.apiVersion);
    if (comparison === undefined) continue;
    const taken = manager.fields.intersection(comparison.modified.union(comparison.added));
    for (const path of taken.paths()) conflicts.push({ key, manager, path });
    settled.set(key, { ...manager, fields: manager.fields.difference(taken).difference(comparison.removed) });
  }
  if (!force && conflicts.length > 0) throw new ApplyConflict(conflicts);
  managers.clear();
  for (const [key, manager] of settled) if (!manager.fields.isEmpty) managers.set(key, manager);
  const comparison = await comparisonIn(versions.apiVersion);
  if (comparison === undefined) throw new Error(`${versions.apiVersion} is not served`);
  return comparison;
}

async function compareIn(
  { versions, live, next, subresource }: ObjectChange,
  apiVersion: string,
): Promise<Comparison | undefined> {
  const type = await versions.typeIn(apiVersion);
  const [left, right] = [await versions.convert(live, apiVersion), await versions.convert(next, apiVersion)];
  if (type === undefined || left === undefined || right === undefined) return undefined;
  const { added, removed, modified } = compareObjects(type, comparable(left), comparable(right));
  return {
    added: writableFields(added, versions.served, subresource),
    removed: writableFields(removed, versions.served, subresource),
    modified: writableFields(modified, versions.served, subresource),
  };
}

/** Brings what managers own up to the types as they are now. */
export async function reconcileManagers(versions: Versions, managers: FieldManagers): Promise<void> {
  for (const [key, manager] of managers) {
    const type = await versions.typeIn(manager.apiVersion);
    if (type === undefined) managers.delete(key);
    else managers.set(key, { ...manager, fields: reconcileFields(manager.fields, type) });
  }
}
