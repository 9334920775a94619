import { deepClone } from '../../../model/deep-clone.ts';
import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, fieldForbidden } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { compareQuantity } from '../../../model/quantity.ts';
import type { StrategyContext } from '../../strategy.ts';
import { isDefaultClass } from '../cells/storage-cells.ts';
import { changesText } from '../changes-text.ts';
import { defineStrategy } from '../define-strategy.ts';
import { changedErrors } from '../field-checks.ts';
import { ensureObject, type Fields, isSet, objectIn, partOf, textIn } from '../fields.ts';
import { addFinalizer } from '../finalizer.ts';
import { claimSpecErrors } from '../pod/claim-errors.ts';
import { defaultClaimSpec } from '../pod/volume-defaults.ts';
import { quantityIn } from '../resource-list.ts';

function defaults(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  defaultClaimSpec(spec);
  if (textIn(ensureObject(object, 'status'), 'phase') === '') ensureObject(object, 'status')['phase'] = 'Pending';
  linkDataSources(spec);
}

/** `dataSource` is the older and narrower `dataSourceRef`: either says the other. */
function linkDataSources(spec: Fields): void {
  const source = objectIn(spec, 'dataSource');
  const reference = objectIn(spec, 'dataSourceRef');
  if (source !== undefined && reference === undefined) spec['dataSourceRef'] = { ...source };
  if (reference === undefined || source !== undefined || isSet(reference, 'namespace')) return;
  const group = textIn(reference, 'apiGroup');
  const known =
    (group === '' && textIn(reference, 'kind') === 'PersistentVolumeClaim') ||
    (group === 'snapshot.storage.k8s.io' && textIn(reference, 'kind') === 'VolumeSnapshot');
  if (known) spec['dataSource'] = { ...reference };
}

const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

/** The admission plug-in DefaultStorageClass: the newest of the classes that are marked as default. */
async function admitClass(object: KubeObject, context: StrategyContext): Promise<void> {
  const spec = ensureObject(object, 'spec');
  if (isSet(spec, 'storageClassName') || object.metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return;
  const classes = (await context.list('storageclasses.storage.k8s.io', '')).filter(isDefaultClass);
  const created = (each: KubeObject) => each.metadata.creationTimestamp ?? '';
  const [newest] = classes.sort((a, b) => (created(a) < created(b) ? 1 : -1));
  if (newest?.metadata.name !== undefined) spec['storageClassName'] = newest.metadata.name;
}

function validate(object: KubeObject): FieldError[] {
  return claimSpecErrors(partOf(object, 'spec'), 'spec');
}

function validateUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  const errors = validate(object);
  const spec = deepClone(partOf(object, 'spec'));
  const before = deepClone(partOf(old, 'spec'));
  if (textIn(before, 'volumeName') === '') take(spec, before, 'volumeName');
  if (!isSet(before, 'storageClassName') && isSet(spec, 'storageClassName')) take(spec, before, 'storageClassName');
  const bound = textIn(partOf(object, 'status'), 'phase') === 'Bound';
  const requests = (each: Fields) => partOf(each, 'resources', 'requests');
  if (bound) {
    take(requests(spec), requests(before), 'storage');
    if (isSet(spec, 'volumeAttributesClassName')) take(spec, before, 'volumeAttributesClassName');
  }
  if (!deepEqual(spec, before)) {
    const text = changesText('core.PersistentVolumeClaimSpec', before, spec);
    const detail = `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${text}`;
    errors.push(fieldForbidden('spec', detail));
  }
  return [...errors, ...shrinkErrors(object, old), ...modeErrors(object, old)];
}

function take(part: Fields, from: Fields, key: string): void {
  if (from[key] === undefined) delete part[key];
  else part[key] = from[key];
}

/** A claim may ask for less again, down to what it has. */
function shrinkErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const wanted = quantityIn(partOf(object, 'spec', 'resources', 'requests'), 'storage');
  const before = quantityIn(partOf(old, 'spec', 'resources', 'requests'), 'storage');
  if (wanted === undefined || before === undefined || compareQuantity(wanted, before) >= 0) return [];
  const has = quantityIn(partOf(old, 'status', 'capacity'), 'storage');
  if (has === undefined || compareQuantity(wanted, has) > 0) return [];
  return [fieldForbidden('spec.resources.requests.storage', 'field can not be less than status.capacity')];
}

function modeErrors(object: KubeObject, old: KubeObject): FieldError[] {
  return changedErrors('volumeMode', partOf(object, 'spec')['volumeMode'], partOf(old, 'spec')['volumeMode']);
}

export const persistentVolumeClaimStrategy = defineStrategy({
  resource: 'persistentvolumeclaims',
  initialStatus: () => ({ phase: 'Pending' }),
  defaults,
  prepareForCreate: (object) => addFinalizer(object, 'kubernetes.io/pvc-protection'),
  admit: async (object, old, context) => {
    if (old === undefined) await admitClass(object, context);
  },
  admitsBeforeHooks: true,
  validate,
  validateUpdate,
  selectableFields: { name: (object) => object.metadata.name ?? '' },
});
