import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json-value.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../model/kube-object.ts';
import { RawJson } from '../../model/raw-json.ts';
import { lastAppliedAnnotation } from '../last-applied.ts';

/** The way to the annotation in a fieldsV1 trie. */
const LAST_APPLIED_PATH = ['f:metadata', 'f:annotations', `f:${lastAppliedAnnotation}`];

/** Whether the entry's manager owns the annotation in which client-side apply keeps what it applied. */
export function ownsLastApplied(entry: ManagedFieldsEntry): boolean {
  let fields: JsonValue | undefined = fieldsOf(entry);
  for (const key of LAST_APPLIED_PATH) {
    fields = isJsonObject(fields) && Object.hasOwn(fields, key) ? fields[key] : undefined;
  }
  return fields !== undefined;
}

/**
 * The JSON patch that hands what client-side apply owns (entries of operation Update that own the annotation) over to a
 * manager of server-side apply, for this version of the object only; undefined when there is nothing to hand over.
 * Mirrors client-go's csaupgrade.
 */
export function managedFieldsMigration(object: KubeObject, manager: string): JsonObject[] | undefined {
  const { managedFields = [], resourceVersion = '' } = object.metadata;
  const clientSide = managedFields.filter((entry) => entry.operation === 'Update' && ownsLastApplied(entry));
  const names = new Set(clientSide.map((entry) => entry.manager ?? ''));
  let migrated: readonly ManagedFieldsEntry[] = managedFields;
  for (const name of names) migrated = handOver(migrated, name, manager);
  if (migrated === managedFields) return undefined;
  return [
    { op: 'replace', path: '/metadata/managedFields', value: migrated.map((entry) => ({ ...entry }) as JsonObject) },
    // A replacement of the version, not a test of it: the server then answers a stale one with a conflict.
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
  ];
}

function handOver(entries: readonly ManagedFieldsEntry[], from: string, to: string): readonly ManagedFieldsEntry[] {
  const isOld = (entry: ManagedFieldsEntry): boolean =>
    entry.manager === from && entry.operation === 'Update' && !entry.subresource;
  const present = entries.find((entry) => entry.manager === to && entry.operation === 'Apply' && !entry.subresource);
  const heir = present ?? entries.find(isOld);
  if (heir === undefined) return entries;
  const source = entries.find((entry) => isOld(entry) && entry.apiVersion === heir.apiVersion);
  const fields = source === undefined ? fieldsOf(heir) : union(fieldsOf(heir), fieldsOf(source));
  const merged: ManagedFieldsEntry = { ...heir, manager: to, operation: 'Apply', fieldsV1: fields };
  return entries.flatMap((entry) => {
    if (entry === heir) return [merged];
    return isOld(entry) ? [] : [entry];
  });
}

function fieldsOf({ fieldsV1 }: ManagedFieldsEntry): JsonObject {
  const fields = fieldsV1 instanceof RawJson ? fieldsV1.toJSON() : fieldsV1;
  return isJsonObject(fields) ? fields : {};
}

/** The union of two tries. An empty object is a field that is owned itself; `.` says so beside fields below it. */
function union(left: JsonObject, right: JsonObject): JsonObject {
  const merged: JsonObject = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const other = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] =
      isJsonObject(other) && isJsonObject(value) ? union(marked(other, value), marked(value, other)) : value;
  }
  return merged;
}

function marked(fields: JsonObject, beside: JsonObject): JsonObject {
  const isLeaf = Object.keys(fields).length === 0;
  return isLeaf && Object.keys(beside).length > 0 ? { '.': {} } : fields;
}
