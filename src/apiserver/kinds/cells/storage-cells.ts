import type { JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, flagIn, isSet, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { ageOf, nameOf } from './cells.ts';

const ACCESS_MODES: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

function accessModes(modes: readonly string[]): string {
  return ACCESS_MODES.filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

/** A quantity as the object has it: stored objects have them canonical. `0` for none, as Go prints it. */
function storageOf(resources: Fields): string {
  return isSet(resources, 'storage') ? String(resources['storage']) : '0';
}

function orUnset(spec: Fields, key: string): string {
  return isSet(spec, key) ? textIn(spec, key) : '<unset>';
}

function classOf(object: KubeObject): string {
  const annotation = object.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'];
  return annotation ?? textIn(partOf(object, 'spec'), 'storageClassName');
}

function phaseOf(object: KubeObject): string {
  return object.metadata.deletionTimestamp === undefined ? textIn(partOf(object, 'status'), 'phase') : 'Terminating';
}

export function persistentVolumeCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const claim = objectIn(spec, 'claimRef');
  return [
    nameOf(object),
    storageOf(partOf(spec, 'capacity')),
    accessModes(stringsIn(spec, 'accessModes')),
    textIn(spec, 'persistentVolumeReclaimPolicy'),
    phaseOf(object),
    claim === undefined ? '' : `${textIn(claim, 'namespace')}/${textIn(claim, 'name')}`,
    classOf(object),
    orUnset(spec, 'volumeAttributesClassName'),
    textIn(partOf(object, 'status'), 'reason'),
    ageOf(object, now),
    orUnset(spec, 'volumeMode'),
  ];
}

export function persistentVolumeClaimCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const status = partOf(object, 'status');
  const bound = textIn(spec, 'volumeName') !== '';
  return [
    nameOf(object),
    phaseOf(object),
    textIn(spec, 'volumeName'),
    bound ? storageOf(partOf(status, 'capacity')) : '',
    bound ? accessModes(stringsIn(status, 'accessModes')) : '',
    classOf(object),
    orUnset(spec, 'volumeAttributesClassName'),
    ageOf(object, now),
    orUnset(spec, 'volumeMode'),
  ];
}

/** Whether a StorageClass is marked as the one that claims without a class get. */
export function isDefaultClass(object: KubeObject): boolean {
  const annotations = object.metadata.annotations ?? {};
  return ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'].some(
    (key) => annotations[key] === 'true',
  );
}

export function storageClassCells(object: KubeObject, now: Date): JsonValue[] {
  return [
    isDefaultClass(object) ? `${nameOf(object)} (default)` : nameOf(object),
    textIn(object, 'provisioner'),
    textIn(object, 'reclaimPolicy') || 'Delete',
    textIn(object, 'volumeBindingMode') || 'Immediate',
    flagIn(object, 'allowVolumeExpansion'),
    ageOf(object, now),
  ];
}

export function volumeAttributesClassCells(object: KubeObject, now: Date): JsonValue[] {
  return [nameOf(object), textIn(object, 'driverName'), ageOf(object, now)];
}

export function volumeAttachmentCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  return [
    nameOf(object),
    textIn(spec, 'attacher'),
    textIn(partOf(spec, 'source'), 'persistentVolumeName'),
    textIn(spec, 'nodeName'),
    flagIn(partOf(object, 'status'), 'attached'),
    ageOf(object, now),
  ];
}

export function csiNodeCells(object: KubeObject, now: Date): JsonValue[] {
  return [nameOf(object), objectsIn(partOf(object, 'spec'), 'drivers').length, ageOf(object, now)];
}

export function csiDriverCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const audiences = objectsIn(spec, 'tokenRequests').map((request) => textIn(request, 'audience'));
  return [
    nameOf(object),
    spec['attachRequired'] !== false,
    flagIn(spec, 'podInfoOnMount'),
    flagIn(spec, 'storageCapacity'),
    isSet(spec, 'tokenRequests') ? audiences.join(',') : '<unset>',
    flagIn(spec, 'requiresRepublish'),
    stringsIn(spec, 'volumeLifecycleModes').join(',') || '<none>',
    ageOf(object, now),
  ];
}
