import { posix } from 'node:path';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { formatQuantity, quantitySign, quantityValue } from '../../../model/quantity.ts';
import { semanticEqual } from '../../../model/semantic-equal.ts';
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
import { affinityChangeErrors } from './volume-affinity.ts';
import { PERSISTENT_SOURCES, persistentSourceErrors } from './volume-sources.ts';

function defaults(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  canonicalQuantities(objectIn(spec, 'capacity'));
  for (const key of PERSISTENT_SOURCES) {
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
  errors.push(...nodeAffinityErrors(spec), ...persistentSourceErrors(spec, object.metadata.name ?? '', 'spec'));
  const path = objectIn(spec, 'hostPath')?.['path'];
  if (typeof path === 'string' && posix.normalize(path) === '/' && policy === 'Recycle') {
    errors.push(
      fieldForbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"),
    );
  }
  const className = textIn(spec, 'storageClassName');
  if (className !== '') errors.push(...ruleErrors('spec.storageClassName', className, subdomainRule));
  return [...errors, ...volumeModeErrors(spec, 'spec'), ...attributesClassErrors(spec)];
}

const ATTRIBUTES_CLASS = 'volumeAttributesClassName';

function attributesClassErrors(spec: Fields): FieldError[] {
  if (!isSet(spec, ATTRIBUTES_CLASS)) return [];
  const field = `spec.${ATTRIBUTES_CLASS}`;
  const name = textIn(spec, ATTRIBUTES_CLASS);
  const errors =
    name === '' ? [required(field, 'an empty string is disallowed')] : ruleErrors(field, name, subdomainRule);
  if (isSet(spec, 'csi')) return errors;
  return [...errors, required('spec.csi', `has to be specified when using ${ATTRIBUTES_CLASS}`)];
}

function capacityErrors(spec: Fields): FieldError[] {
  const capacity = partOf(spec, 'capacity');
  const names = Object.keys(capacity);
  const errors = names.length === 0 ? [required('spec.capacity')] : [];
  if (!names.includes('storage') || names.length > 1) {
    errors.push(notSupported('spec.capacity', spec['capacity'] ?? null, ['storage']));
  }
  for (const name of names.sort()) {
    const quantity = quantityIn(capacity, name);
    if (quantity === undefined || quantitySign(quantity) > 0) continue;
    const field = `spec.capacity[${name}]`;
    const whole = quantityValue(quantity);
    if (whole < 0n) errors.push(invalidValue(field, whole, 'must be a valid resource quantity'));
    errors.push(invalidValue(field, formatQuantity(quantity), 'must be greater than zero'));
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

/** The source of a volume, without what may be set later on. */
function sourceOf(object: KubeObject, old: KubeObject): Fields {
  const spec = partOf(object, 'spec');
  const source = Object.fromEntries(Object.entries(spec).filter(([key]) => PERSISTENT_SOURCES.includes(key)));
  const csi = objectIn(source, 'csi');
  const before = objectIn(partOf(old, 'spec'), 'csi');
  if (csi === undefined || before === undefined || isSet(before, 'controllerExpandSecretRef')) return source;
  const { controllerExpandSecretRef: _set, ...rest } = csi;
  return { ...source, csi: rest };
}

function validateUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  const errors = validate(object);
  const before = sourceOf(old, old);
  const now = sourceOf(object, old);
  if (!semanticEqual(now, before)) {
    const text = changesText('core.PersistentVolumeSource', before, now);
    errors.push(
      fieldForbidden('spec.persistentvolumesource', `spec.persistentvolumesource is immutable after creation\n${text}`),
    );
  }
  const [spec, oldSpec] = [partOf(object, 'spec'), partOf(old, 'spec')];
  errors.push(...changedErrors('volumeMode', spec['volumeMode'], oldSpec['volumeMode']));
  errors.push(...affinityChangeErrors(objectIn(spec, 'nodeAffinity'), objectIn(oldSpec, 'nodeAffinity')));
  if (isSet(oldSpec, ATTRIBUTES_CLASS) && !isSet(spec, ATTRIBUTES_CLASS)) {
    errors.push(fieldForbidden(`spec.${ATTRIBUTES_CLASS}`, 'update from non-nil value to nil is forbidden'));
  }
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
