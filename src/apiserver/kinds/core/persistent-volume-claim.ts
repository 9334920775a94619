import { deepClone } from '../../../model/deep-clone.ts';
import { type FieldError, fieldForbidden, invalidValue } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { compareQuantity, parseQuantity, type Quantity } from '../../../model/quantity.ts';
import { semanticEqual } from '../../../model/semantic-equal.ts';
import type { StrategyContext } from '../../strategy.ts';
import { isDefaultClass } from '../cells/storage-cells.ts';
import { defineStrategy } from '../define-strategy.ts';
import { changedErrors } from '../field-checks.ts';
import { ensureObject, type Fields, isSet, objectIn, partOf, textIn } from '../fields.ts';
import { addFinalizer } from '../finalizer.ts';
import { claimSpecErrors } from '../pod/claim-errors.ts';
import { defaultClaimSpec } from '../pod/volume-defaults.ts';
import { quantityIn } from '../resource-list.ts';
import { unifiedDiff } from '../unified-diff.ts';
import { claimStatusErrors } from './claim-status-errors.ts';
import { internalClaimSpec } from './internal-claim-spec.ts';

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
  const errors = claimSpecErrors(partOf(object, 'spec'), 'spec', hadGroup(partOf(old, 'spec')));
  const spec = deepClone(partOf(object, 'spec'));
  const before = deepClone(partOf(old, 'spec'));
  if (textIn(before, 'volumeName') === '') take(before, spec, 'volumeName');
  errors.push(...settleClass({ object, spec }, { object: old, spec: before }));
  const requests = objectIn(partOf(spec, 'resources'), 'requests');
  if (textIn(partOf(object, 'status'), 'phase') === 'Bound') {
    if (requests !== undefined) take(requests, partOf(before, 'resources', 'requests'), 'storage');
    if (isSet(spec, ATTRIBUTES_CLASS)) take(spec, before, ATTRIBUTES_CLASS);
  }
  if (!semanticEqual(spec, before)) {
    const text = unifiedDiff(internalClaimSpec(before), internalClaimSpec(spec));
    const detail = `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${text}`;
    errors.push(fieldForbidden('spec', detail));
  }
  return [
    ...errors,
    ...shrinkErrors(object, old),
    ...modeErrors(object, old),
    ...attributesClassErrors(partOf(object, 'spec'), partOf(old, 'spec')),
  ];
}

function hadGroup(spec: Fields): boolean {
  return ['dataSource', 'dataSourceRef'].some((key) => isSet(partOf(spec, key), 'apiGroup'));
}

interface ClaimState {
  readonly object: KubeObject;
  /** A copy of its spec, of which what may change is made alike. */
  readonly spec: Fields;
}

/**
 * The class of a claim stays, but what the old annotation said may be said in the field, and a claim without a class may get one.
 * Answers what is wrong with the annotation.
 */
function settleClass(now: ClaimState, before: ClaimState): FieldError[] {
  const was = before.object.metadata.annotations?.[CLASS_ANNOTATION];
  const is = now.object.metadata.annotations?.[CLASS_ANNOTATION];
  const given = isSet(now.spec, 'storageClassName') && !isSet(before.spec, 'storageClassName');
  const named = textIn(now.spec, 'storageClassName');
  if (given && was !== undefined && named === was && (is === undefined || is === was)) {
    delete now.spec['storageClassName'];
    return [];
  }
  if (given && (was === undefined || named === was)) take(now.spec, before.spec, 'storageClassName');
  if ((is ?? '') === (was ?? '')) return [];
  return [invalidValue(`metadata.annotations[${CLASS_ANNOTATION}]`, is ?? '', 'field is immutable')];
}

const ATTRIBUTES_CLASS = 'volumeAttributesClassName';

function attributesClassErrors(spec: Fields, before: Fields): FieldError[] {
  if (!isSet(before, ATTRIBUTES_CLASS) || spec[ATTRIBUTES_CLASS] === before[ATTRIBUTES_CLASS]) return [];
  const wrong = (what: string) => [fieldForbidden(`spec.${ATTRIBUTES_CLASS}`, `update from non-nil value to ${what}`)];
  if (!isSet(spec, ATTRIBUTES_CLASS)) return wrong('nil is forbidden');
  return textIn(spec, ATTRIBUTES_CLASS) === '' ? wrong('an empty string is forbidden') : [];
}

function take(part: Fields, from: Fields, key: string): void {
  if (from[key] === undefined) delete part[key];
  else part[key] = from[key];
}

/** A claim may ask for less again, down to what it has. */
function shrinkErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const stored = (part: Fields): Quantity => quantityIn(part, 'storage') ?? parseQuantity('0');
  const wanted = stored(partOf(object, 'spec', 'resources', 'requests'));
  if (compareQuantity(wanted, stored(partOf(old, 'spec', 'resources', 'requests'))) >= 0) return [];
  if (compareQuantity(wanted, stored(partOf(old, 'status', 'capacity'))) > 0) return [];
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
  validateStatusUpdate: claimStatusErrors,
  selectableFields: { name: (object) => object.metadata.name ?? '' },
});
