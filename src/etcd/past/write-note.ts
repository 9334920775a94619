import { deepEqual } from '../../model/deep-equal.ts';
import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../model/kube-object.ts';

/** Who made a revision of an object and when, as far as the object itself tells. */
export interface WriteNote {
  /** RFC 3339 */
  readonly time?: string;
  readonly manager?: string;
}

/**
 * Reads it from what is new in managedFields: an entry that is there since this revision, or whose time is. Then from a
 * renewed Lease, a new deletionTimestamp, or, of the first revision, the creation.
 */
export function writeNote(before: KubeObject | undefined, after: KubeObject): WriteNote {
  const entry = newestEntry(before, after);
  const time = entry?.time ?? ownTime(before, after);
  return {
    ...(time === undefined ? {} : { time }),
    ...(entry?.manager === undefined ? {} : { manager: entry.manager }),
  };
}

function newestEntry(before: KubeObject | undefined, after: KubeObject): ManagedFieldsEntry | undefined {
  const old = before?.metadata?.managedFields ?? [];
  // Entries mostly stay as they are, and mostly where they are.
  const news = (after.metadata?.managedFields ?? []).filter(
    (each, index) => !deepEqual(each, old[index]) && !old.some((other) => deepEqual(each, other)),
  );
  let newest: ManagedFieldsEntry | undefined;
  for (const each of news) if (newest === undefined || (each.time ?? '') >= (newest.time ?? '')) newest = each;
  return newest;
}

function ownTime(before: KubeObject | undefined, after: KubeObject): string | undefined {
  const renewed = renewTime(after);
  if (renewed !== undefined && renewed !== (before === undefined ? undefined : renewTime(before))) return renewed;
  const { deletionTimestamp, creationTimestamp, uid } = after.metadata ?? {};
  const asked = deletionTimestamp ?? undefined;
  if (before !== undefined && asked !== undefined && before.metadata?.deletionTimestamp === undefined) return asked;
  return before === undefined || before.metadata?.uid !== uid ? (creationTimestamp ?? undefined) : undefined;
}

function renewTime(object: KubeObject): string | undefined {
  const spec = object['spec'];
  const time = object.kind === 'Lease' && isJsonObject(spec) ? spec['renewTime'] : undefined;
  return typeof time === 'string' ? time : undefined;
}
