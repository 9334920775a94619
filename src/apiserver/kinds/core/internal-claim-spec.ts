import { type Fields, objectIn, partOf } from '../fields.ts';

/** The spec of a claim as Go's own type of it (core.PersistentVolumeClaimSpec) is in JSON: all its fields, by its own names. */
export function internalClaimSpec(spec: Fields): Fields {
  const resources = partOf(spec, 'resources');
  return {
    AccessModes: spec['accessModes'] ?? null,
    Selector: spec['selector'] ?? null,
    Resources: { Limits: resources['limits'] ?? null, Requests: resources['requests'] ?? null },
    VolumeName: spec['volumeName'] ?? '',
    StorageClassName: spec['storageClassName'] ?? null,
    VolumeMode: spec['volumeMode'] ?? null,
    DataSource: reference(objectIn(spec, 'dataSource'), false),
    DataSourceRef: reference(objectIn(spec, 'dataSourceRef'), true),
    VolumeAttributesClassName: spec['volumeAttributesClassName'] ?? null,
  };
}

function reference(source: Fields | undefined, namespaced: boolean): Fields | null {
  if (source === undefined) return null;
  const { apiGroup, kind, name, namespace } = source;
  const own = { APIGroup: apiGroup ?? null, Kind: kind ?? '', Name: name ?? '' };
  return namespaced ? { ...own, Namespace: namespace ?? null } : own;
}
