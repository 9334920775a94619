import type { KubeObject } from '../../model/kube-object.ts';
import type { FieldManager, FieldManagers } from './field-managers.ts';
import { FieldSet } from './field-set.ts';
import { withNamedFields } from './named-fields.ts';
import { objectFields } from './object-fields.ts';
import { removeFields } from './remove-fields.ts';
import { comparable, type VersionedObject, type Versions } from './versioned-object.ts';

/**
 * A merged object without the fields and items that a manager applied the last time and does not apply any more, unless
 * another manager has them. `managers` has what the manager applies now.
 */
export async function pruneFields(
  versions: Versions,
  merged: KubeObject,
  managers: FieldManagers,
  last: FieldManager | undefined,
): Promise<KubeObject> {
  if (last === undefined || last.fields.isEmpty) return merged;
  const before = await inVersion(versions, merged, last.apiVersion);
  if (before === undefined) return merged;
  let pruned = without(before, withNamedFields(last.fields, before.type));
  for (const [apiVersion, owned] of ownedByVersion(managers, last.apiVersion)) {
    const [all, left] = [
      await inVersion(versions, before.object, apiVersion),
      await inVersion(versions, pruned.object, apiVersion),
    ];
    // What is owned in a version that is not served any more is nobody's.
    if (all !== undefined && left !== undefined) pruned = withOwned(all, left, owned);
  }
  const left = await inVersion(versions, pruned.object, last.apiVersion);
  if (left === undefined) return merged;
  const { type } = before;
  const gone = fieldsIn(before).difference(fieldsIn(left));
  const result = without(before, gone.intersection(withNamedFields(last.fields, type)));
  return (await versions.convert(result.object, versions.apiVersion)) ?? merged;
}

/** What all managers own, by version; the one that is pruned in first. */
function ownedByVersion(managers: FieldManagers, first: string): Map<string, FieldSet> {
  const owned = new Map<string, FieldSet>([[first, new FieldSet()]]);
  for (const { apiVersion, fields } of managers.values()) {
    owned.set(apiVersion, owned.get(apiVersion)?.union(fields) ?? fields);
  }
  return owned;
}

/** The pruned object with those of the pruned fields that somebody owns. */
function withOwned(all: VersionedObject, pruned: VersionedObject, owned: FieldSet): VersionedObject {
  const kept = fieldsIn(pruned).union(withNamedFields(owned, all.type));
  return without(all, fieldsIn(all).difference(kept));
}

function fieldsIn({ object, type }: VersionedObject): FieldSet {
  return withNamedFields(objectFields(type, comparable(object)), type);
}

function without({ object, type }: VersionedObject, fields: FieldSet): VersionedObject {
  const left = (removeFields(type, object, fields) ?? {}) as Partial<KubeObject>;
  const { apiVersion, kind } = object;
  return { object: { ...left, apiVersion, kind, metadata: left.metadata ?? {} }, type };
}

async function inVersion(
  versions: Versions,
  object: KubeObject,
  apiVersion: string,
): Promise<VersionedObject | undefined> {
  const [type, converted] = [await versions.typeIn(apiVersion), await versions.convert(object, apiVersion)];
  return type === undefined || converted === undefined ? undefined : { object: converted, type };
}
