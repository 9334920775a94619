import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';

/** The object, or a list's objects, without metadata.managedFields. What is given stays as it is. */
export function withoutManagedFields<T extends KubeObject | KubeList | Table>(object: T): T {
  if ('items' in object && Array.isArray(object.items)) {
    return { ...object, items: (object.items as KubeObject[]).map(withoutManagedFields) };
  }
  const { metadata } = object;
  if (typeof metadata !== 'object' || metadata === null || !('managedFields' in metadata)) return object;
  const { managedFields: _managed, ...rest } = metadata;
  return { ...object, metadata: rest };
}
