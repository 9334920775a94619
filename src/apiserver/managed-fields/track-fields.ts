import { compareBytes } from '../../model/byte-order.ts';
import type { JsonObject } from '../../model/json-value.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../model/kube-object.ts';
import { RawJson } from '../../model/raw-json.ts';
import { apiVersionOf } from '../../model/schema/resource-info.ts';
import { type ApiServer, timestamp } from '../api-server.ts';
import { decodeTyped } from '../../model/decode/decode-typed.ts';
import type { ServedResource } from '../served-resource.ts';
import { compareObjects } from './compare-objects.ts';
import { FieldSet } from './field-set.ts';

/** A write, seen from metadata.managedFields. Objects are in the request's version. */
export interface TrackedWrite {
  readonly server: Pick<ApiServer, 'now'>;
  readonly served: ServedResource;
  /** Changed in place. */
  readonly object: KubeObject;
  /** Undefined for a create. */
  readonly old: KubeObject | undefined;
  readonly manager: string;
  readonly subresource: string;
}

/** Metadata that belongs to the server, or is not a client's to own. */
const STRIPPED: readonly (readonly string[])[] = [
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata', 'f:name'],
  ['f:metadata', 'f:namespace'],
  ['f:metadata', 'f:creationTimestamp'],
  ['f:metadata', 'f:selfLink'],
  ['f:metadata', 'f:uid'],
  ['f:metadata', 'f:clusterName'],
  ['f:metadata', 'f:generation'],
  ['f:metadata', 'f:managedFields'],
  ['f:metadata', 'f:resourceVersion'],
];

/** What else a kind's own strategy resets on every write, so that nobody owns it (its GetResetFields). */
const RESET: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'certificatesigningrequests.certificates.k8s.io': [['f:spec']],
};

interface Managed {
  readonly entry: ManagedFieldsEntry;
  fields: FieldSet;
}

/**
 * Sets metadata.managedFields of a written object as an Update operation does: fields that the write adds or changes belong
 * to its manager and to nobody else, fields that it removes to nobody. An entry's time moves when its manager gets a field.
 */
export function trackFields(write: TrackedWrite): void {
  const { server, served, object, old, manager, subresource } = write;
  const managed = managedOf(object, old);
  const live = old ?? emptyObject(served);
  const { added, removed, modified } = compareObjects(served.type, comparable(live), comparable(object));
  const taken = strip(added.union(modified), write);
  for (const each of managed) each.fields = each.fields.difference(taken).difference(removed);
  if (!taken.isEmpty) {
    const apiVersion = apiVersionOf(served.info);
    const own = managed.findIndex(
      ({ entry }) =>
        entry.manager === manager &&
        entry.operation === 'Update' &&
        entry.apiVersion === apiVersion &&
        (entry.subresource ?? '') === subresource,
    );
    const before = own < 0 ? undefined : managed.splice(own, 1)[0];
    managed.push({
      entry: {
        manager,
        operation: 'Update',
        apiVersion,
        time: timestamp(server.now()),
        ...(subresource === '' ? {} : { subresource }),
      },
      fields: before === undefined ? taken : before.fields.union(taken),
    });
  }
  const entries = managed
    .filter(({ fields }) => !fields.isEmpty)
    .map(encode)
    .sort(compareEntries);
  if (entries.length === 0) delete object.metadata.managedFields;
  else object.metadata.managedFields = entries;
}

/** The entries that the client sent back, or those that are stored; one empty entry starts anew. */
function managedOf(object: KubeObject, old: KubeObject | undefined): Managed[] {
  const sent = object.metadata.managedFields ?? [];
  const [first] = sent;
  if (sent.length === 1 && first !== undefined && Object.keys(first).length === 0) return [];
  return decode(sent) ?? decode(old?.metadata.managedFields ?? []) ?? [];
}

function decode(entries: readonly ManagedFieldsEntry[]): Managed[] | undefined {
  if (entries.length === 0) return undefined;
  try {
    return entries.map((entry) => ({ entry, fields: FieldSet.fromFieldsV1(jsonOf(entry.fieldsV1)) }));
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function jsonOf(fields: ManagedFieldsEntry['fieldsV1']): unknown {
  return fields instanceof RawJson ? fields.toJSON() : (fields ?? {});
}

function encode({ entry, fields }: Managed): ManagedFieldsEntry {
  const { manager, operation, apiVersion, time, subresource } = entry;
  return {
    ...(manager === undefined ? {} : { manager }),
    ...(operation === undefined ? {} : { operation }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: new RawJson(Buffer.from(JSON.stringify(fields.toFieldsV1()))),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** Applies first, then the oldest first. */
function compareEntries(left: ManagedFieldsEntry, right: ManagedFieldsEntry): number {
  for (const field of ['operation', 'time', 'manager', 'apiVersion', 'subresource'] as const) {
    const order = compareBytes(left[field] ?? '', right[field] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** What an object of the type is before anybody sets a field: Go's zero value. */
function emptyObject({ type, info }: ServedResource): KubeObject {
  const value = type === undefined ? {} : decodeTyped(type, {}).value;
  return { apiVersion: apiVersionOf(info), kind: info.kind, metadata: {}, ...value };
}

/** Entries about entries would never come to rest, and reading them is what costs. */
function comparable({ metadata, ...fields }: KubeObject): JsonObject {
  const { managedFields: _entries, ...rest } = metadata;
  return { ...fields, metadata: rest } as JsonObject;
}

/** Without what no client owns: server metadata, and what the written part of the object does not take. */
function strip(fields: FieldSet, { served, subresource }: TrackedWrite): FieldSet {
  if (subresource === 'status') return fields.only('f:status');
  for (const path of STRIPPED) fields.removeBelow(path);
  fields.remove(['f:metadata']);
  if (served.strategy.hasStatus) fields.removeBelow(['f:status']);
  for (const path of RESET[`${served.info.plural}.${served.info.group}`] ?? []) fields.removeBelow(path);
  return fields;
}
