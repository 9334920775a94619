import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { formatQuantity, quantitySign } from '../../../model/quantity.ts';
import { changesText } from '../changes-text.ts';
import { defineStrategy } from '../define-strategy.ts';
import { changedErrors, ruleErrors } from '../field-checks.ts';
import {
  ensureObject,
  type Fields,
  fillAbsent,
  fillEmpty,
  isSet,
  objectIn,
  partOf,
  stringsIn,
  textIn,
} from '../fields.ts';
import { addFinalizer } from '../finalizer.ts';
import { accessModesErrors, volumeModeErrors } from '../pod/claim-errors.ts';
import { nodeSelectorErrors } from '../pod/scheduling-errors.ts';
import { SOURCE_DEFAULTS } from '../pod/volume-defaults.ts';
import { canonicalQuantities, quantityIn } from '../resource-list.ts';
import { subdomainRule } from '../value-rules.ts';

/** The fields of a spec that say where the data is; upstream's order. */
const SOURCES = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'local',
  'storageos',
  'csi',
  'scaleIO',
];

function defaults(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  canonicalQuantities(objectIn(spec, 'capacity'));
  for (const key of SOURCES) {
    const source = objectIn(spec, key);
    if (source !== undefined) SOURCE_DEFAULTS[key]?.(source);
  }
  fillEmpty(spec, 'persistentVolumeReclaimPolicy', 'Retain');
  fillAbsent(spec, 'volumeMode', 'Filesystem');
  fillEmpty(ensureObject(object, 'status'), 'phase', 'Pending');
}

function validate(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const errors: FieldError[] = [];
  if (stringsIn(spec, 'accessModes').length === 0) errors.push(required('spec.accessModes'));
  errors.push(...accessModesErrors(spec, 'spec'), ...capacityErrors(spec));
  const policy = textIn(spec, 'persistentVolumeReclaimPolicy');
  const policies = ['Delete', 'Recycle', 'Retain'];
  if (!policies.includes(policy)) errors.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, policies));
  errors.push(...nodeAffinityErrors(spec), ...sourceErrors(spec));
  const path = textIn(partOf(spec, 'hostPath'), 'path');
  if (path === '/' && policy === 'Recycle') {
    errors.push(
      fieldForbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"),
    );
  }
  const className = textIn(spec, 'storageClassName');
  if (className !== '') errors.push(...ruleErrors('spec.storageClassName', className, subdomainRule));
  return [...errors, ...volumeModeErrors(spec, 'spec')];
}

function capacityErrors(spec: Fields): FieldError[] {
  const capacity = partOf(spec, 'capacity');
  const names = Object.keys(capacity);
  if (names.length === 0) return [required('spec.capacity')];
  const errors: FieldError[] = [];
  if (!names.includes('storage') || names.length > 1) {
    errors.push(notSupported('spec.capacity', capacity, ['storage']));
  }
  for (const name of names.sort()) {
    const quantity = quantityIn(capacity, name);
    if (quantity === undefined || quantitySign(quantity) > 0) continue;
    errors.push(invalidValue(`spec.capacity[${name}]`, formatQuantity(quantity), 'must be greater than zero'));
  }
  return errors;
}

function nodeAffinityErrors(spec: Fields): FieldError[] {
  const affinity = objectIn(spec, 'nodeAffinity');
  if (affinity === undefined) return [];
  const path = 'spec.nodeAffinity.required';
  if (!isSet(affinity, 'required')) return [required(path, 'must specify required node constraints')];
  return nodeSelectorErrors(objectIn(affinity, 'required'), path);
}

function sourceErrors(spec: Fields): FieldError[] {
  const present = SOURCES.filter((key) => isSet(spec, key));
  if (present.length === 0) return [required('spec', 'must specify a volume type')];
  const errors = present
    .slice(1)
    .map((key) => fieldForbidden(`spec.${key}`, 'may not specify more than 1 volume type'));
  const [first = ''] = present;
  if (first === 'local' && !isSet(spec, 'nodeAffinity')) {
    errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
  }
  if ((first === 'local' || first === 'hostPath') && textIn(partOf(spec, first), 'path') === '') {
    errors.unshift(required(`spec.${first}.path`));
  }
  return errors;
}

function validateUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  const errors = validate(object);
  const source = (each: KubeObject) =>
    Object.fromEntries(Object.entries(partOf(each, 'spec')).filter(([key]) => SOURCES.includes(key)));
  const before = source(old);
  const now = source(object);
  if (!deepEqual(now, before)) {
    const text = changesText('core.PersistentVolumeSource', before, now);
    errors.push(
      fieldForbidden('spec.persistentvolumesource', `spec.persistentvolumesource is immutable after creation\n${text}`),
    );
  }
  const mode = (each: KubeObject) => partOf(each, 'spec')['volumeMode'];
  errors.push(...changedErrors('volumeMode', mode(object), mode(old)));
  return errors;
}

export const persistentVolumeStrategy = defineStrategy({
  resource: 'persistentvolumes',
  initialStatus: () => ({ phase: 'Pending' }),
  defaults,
  prepareForCreate: (object) => addFinalizer(object, 'kubernetes.io/pv-protection'),
  admit(object, old, context) {
    if (old === undefined) {
      ensureObject(object, 'status')['lastPhaseTransitionTime'] = context
        .now()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z');
    }
    return Promise.resolve();
  },
  validate,
  validateUpdate,
  selectableFields: { name: (object) => object.metadata.name ?? '' },
});
