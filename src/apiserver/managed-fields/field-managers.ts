import { compareBytes } from '../../model/byte-order.ts';
import type { ManagedFieldsEntry } from '../../model/kube-object.ts';
import { RawJson } from '../../model/raw-json.ts';
import { FieldSet } from './field-set.ts';

/** Who manages fields: a manager in one kind of operation, by one subresource; an Update also in one version. */
export interface FieldManager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  /** The version that the fields are of. */
  readonly apiVersion: string;
  readonly subresource: string;
  readonly fields: FieldSet;
  readonly time?: string;
}

/** Managers by what tells them apart. */
export type FieldManagers = Map<string, FieldManager>;

/** More entries of updates than this are merged, the oldest first. */
const MOST_UPDATE_MANAGERS = 10;
const OLD_CHANGES = 'ancient-changes';

/** What tells a manager apart; also the order in which several are told. An applier is the same in every version. */
export function managerKey(manager: Omit<FieldManager, 'fields' | 'time'>): string {
  const { manager: name, operation, apiVersion, subresource } = manager;
  return JSON.stringify({
    ...(name === '' ? {} : { manager: name }),
    operation,
    ...(operation === 'Apply' ? {} : { apiVersion }),
    ...(subresource === '' ? {} : { subresource }),
  });
}

/** Reads metadata.managedFields. Throws TypeError for entries that are none. */
export function decodeManagers(entries: readonly ManagedFieldsEntry[]): FieldManagers {
  const managers: FieldManagers = new Map();
  for (const [index, entry] of entries.entries()) {
    const { manager = '', operation, apiVersion = '', subresource = '', time, fieldsType = '', fieldsV1 = {} } = entry;
    if (operation !== 'Apply' && operation !== 'Update') throw new TypeError('operation must be `Apply` or `Update`');
    if (apiVersion === '') throw new TypeError('apiVersion must not be empty');
    if (fieldsType === '') throw new TypeError(`missing fieldsType in managed fields entry ${index}`);
    if (fieldsType !== 'FieldsV1') {
      throw new TypeError(`invalid fieldsType ${JSON.stringify(fieldsType)} in managed fields entry ${index}`);
    }
    const fields = FieldSet.fromFieldsV1(jsonOf(fieldsV1));
    const decoded = { manager, operation, apiVersion, subresource, fields, ...(time === undefined ? {} : { time }) };
    managers.set(managerKey(decoded), decoded);
  }
  return managers;
}

function jsonOf(fields: ManagedFieldsEntry['fieldsV1']): unknown {
  try {
    return fields instanceof RawJson ? fields.toJSON() : fields;
  } catch (error) {
    throw new TypeError('fieldsV1 is no JSON', { cause: error });
  }
}

/** The entries of metadata.managedFields: applies first, then the oldest first. */
export function encodeManagers(managers: FieldManagers): ManagedFieldsEntry[] {
  return [...managers.values()].map(encode).sort(compareEntries);
}

function encode({ manager, operation, apiVersion, subresource, fields, time }: FieldManager): ManagedFieldsEntry {
  return {
    ...(manager === '' ? {} : { manager }),
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: new RawJson(Buffer.from(JSON.stringify(fields.toFieldsV1()))),
    ...(subresource === '' ? {} : { subresource }),
  };
}

function compareEntries(left: ManagedFieldsEntry, right: ManagedFieldsEntry): number {
  for (const field of ['operation', 'time', 'manager', 'apiVersion', 'subresource'] as const) {
    const order = compareBytes(left[field] ?? '', right[field] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** Merges the oldest updates, those of each version into one entry, until there are no more of them than are kept. */
export function capManagers(managers: FieldManagers): void {
  const updates = [...managers].filter(([, { operation }]) => operation === 'Update');
  updates.sort(
    ([leftKey, left], [rightKey, right]) =>
      compareBytes(left.time ?? '', right.time ?? '') || compareBytes(leftKey, rightKey),
  );
  const firstOfVersion = new Map<string, string>();
  let left = updates.length;
  for (const [key, update] of updates) {
    if (left <= MOST_UPDATE_MANAGERS) return;
    const { apiVersion } = update;
    const first = firstOfVersion.get(apiVersion);
    if (first === undefined) {
      firstOfVersion.set(apiVersion, key);
      continue;
    }
    const bucket = { manager: OLD_CHANGES, operation: 'Update', apiVersion, subresource: '' } as const;
    const bucketKey = managerKey(bucket);
    const merged = managers.get(bucketKey) ?? managers.get(first);
    if (!managers.has(bucketKey)) managers.delete(first);
    managers.delete(key);
    const { time } = update;
    managers.set(bucketKey, {
      ...bucket,
      fields: merged === undefined ? update.fields : update.fields.union(merged.fields),
      ...(time === undefined ? {} : { time }),
    });
    left--;
  }
}
