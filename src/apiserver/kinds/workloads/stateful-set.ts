import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { amountOf, amountOrPercentErrors, negativeErrors, overAllErrors } from '../field-checks.ts';
import {
  ensureObject,
  type Fields,
  fillAbsent,
  fillEmpty,
  isSet,
  objectIn,
  objectsIn,
  partOf,
  textIn,
} from '../fields.ts';
import { selectorIsEmpty } from '../label-selector.ts';
import { defaultPodTemplate } from '../pod/pod-spec-defaults.ts';
import { podTemplateWarnings } from '../pod/pod-warnings.ts';
import { templateMetadataErrors } from '../pod/template-errors.ts';
import { defaultClaimSpec } from '../pod/volume-defaults.ts';
import { labelName } from '../value-rules.ts';
import { alwaysRunningErrors, countErrors, mismatchErrors, requiredSelectorErrors } from './workload-errors.ts';

function defaults(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  fillAbsent(spec, 'replicas', 1);
  defaultPodTemplate(ensureObject(spec, 'template'));
  for (const claim of objectsIn(spec, 'volumeClaimTemplates')) defaultClaimTemplate(claim);
  fillEmpty(spec, 'podManagementPolicy', 'OrderedReady');
  const strategy = ensureObject(spec, 'updateStrategy');
  if (textIn(strategy, 'type') === '') {
    strategy['type'] = 'RollingUpdate';
    ensureObject(strategy, 'rollingUpdate');
  }
  const rolling = objectIn(strategy, 'rollingUpdate');
  if (strategy['type'] === 'RollingUpdate' && rolling !== undefined) fillAbsent(rolling, 'partition', 0);
  const retention = ensureObject(spec, 'persistentVolumeClaimRetentionPolicy');
  fillEmpty(retention, 'whenDeleted', 'Retain');
  fillEmpty(retention, 'whenScaled', 'Retain');
  fillAbsent(spec, 'revisionHistoryLimit', 10);
}

/** A claim in a template is a whole object, with the status that it would begin with. */
function defaultClaimTemplate(claim: Fields): void {
  fillEmpty(claim, 'apiVersion', 'v1');
  fillEmpty(claim, 'kind', 'PersistentVolumeClaim');
  defaultClaimSpec(ensureObject(claim, 'spec'));
  fillEmpty(ensureObject(claim, 'status'), 'phase', 'Pending');
}

/** Protobuf keeps no apiVersion and kind of an object within an object. */
function withTypedClaims(object: KubeObject): KubeObject {
  const spec = partOf(object, 'spec');
  const claims = objectsIn(spec, 'volumeClaimTemplates');
  if (claims.length === 0) return object;
  const typed = claims.map((claim) => ({ kind: 'PersistentVolumeClaim', apiVersion: 'v1', ...claim }));
  return { ...object, spec: { ...spec, volumeClaimTemplates: typed } };
}

const MANAGEMENT = ['OrderedReady', 'Parallel'];

function managementErrors(spec: Fields): FieldError[] {
  const policy = textIn(spec, 'podManagementPolicy');
  if (policy === '') return [required('spec.podManagementPolicy')];
  if (MANAGEMENT.includes(policy)) return [];
  return [invalidValue('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'")];
}

function strategyErrors(spec: Fields): FieldError[] {
  const path = 'spec.updateStrategy';
  const strategy = partOf(spec, 'updateStrategy');
  const rolling = objectIn(strategy, 'rollingUpdate');
  switch (textIn(strategy, 'type')) {
    case '':
      return [required(path)];
    case 'OnDelete': {
      const detail = "only allowed for updateStrategy 'RollingUpdate'";
      return rolling === undefined ? [] : [invalidValue(`${path}.rollingUpdate`, rolling, detail)];
    }
    case 'RollingUpdate':
      return rolling === undefined ? [] : rollingErrors(rolling, `${path}.rollingUpdate`);
    default:
      return [invalidValue(path, strategy, "must be 'RollingUpdate' or 'OnDelete'")];
  }
}

function rollingErrors(rolling: Fields, path: string): FieldError[] {
  const errors = negativeErrors(rolling, 'partition', path);
  if (!isSet(rolling, 'maxUnavailable')) return errors;
  errors.push(...amountOrPercentErrors(rolling, 'maxUnavailable', path));
  if (amountOf(rolling, 'maxUnavailable') === 0) {
    errors.push(invalidValue(`${path}.maxUnavailable`, rolling['maxUnavailable'], 'cannot be 0'));
  }
  return [...errors, ...overAllErrors(rolling, 'maxUnavailable', path)];
}

function retentionErrors(spec: Fields): FieldError[] {
  const retention = objectIn(spec, 'persistentVolumeClaimRetentionPolicy');
  if (retention === undefined) return [];
  return ['whenDeleted', 'whenScaled'].flatMap((key) => {
    const policy = textIn(retention, key);
    if (policy === 'Retain' || policy === 'Delete') return [];
    return [notSupported(`spec.persistentVolumeClaimRetentionPolicy.${key}`, policy, ['Retain', 'Delete'])];
  });
}

function validate(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const errors = [...managementErrors(spec), ...strategyErrors(spec), ...retentionErrors(spec)];
  errors.push(...negativeErrors(spec, 'replicas', 'spec'), ...negativeErrors(spec, 'minReadySeconds', 'spec'));
  errors.push(...negativeErrors(partOf(spec, 'ordinals'), 'start', 'spec.ordinals'));
  errors.push(...negativeErrors(spec, 'revisionHistoryLimit', 'spec'));
  errors.push(...requiredSelectorErrors(spec, 'empty selector is invalid for statefulset'));
  const selector = objectIn(spec, 'selector');
  if (selector !== undefined && !selectorIsEmpty(selector)) errors.push(...mismatchErrors(spec));
  // The pod spec itself is not checked: its volumes come from the claim templates.
  errors.push(...templateMetadataErrors(partOf(spec, 'template'), 'spec.template'));
  return [...errors, ...alwaysRunningErrors(spec, 'StatefulSet')];
}

const CHANGEABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function fixedErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const rest = { ...partOf(object, 'spec') };
  const before = { ...partOf(old, 'spec') };
  for (const key of CHANGEABLE) {
    delete rest[key];
    delete before[key];
  }
  if (deepEqual(rest, before)) return [];
  const list = `${CHANGEABLE.slice(0, -1)
    .map((key) => `'${key}'`)
    .join(', ')} and 'minReadySeconds'`;
  return [fieldForbidden('spec', `updates to statefulset spec for fields other than ${list} are forbidden`)];
}

const COUNTS = {
  all: ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'],
  parts: ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'],
  ready: 'status.readyReplicas',
};

export const statefulSetStrategy = defineStrategy({
  resource: 'statefulsets.apps',
  generation: true,
  initialStatus: () => ({ replicas: 0, availableReplicas: 0 }),
  defaults,
  afterRead: withTypedClaims,
  validate,
  validateUpdate: (object, old) => [...validate(object), ...fixedErrors(object, old)],
  validateStatusUpdate: (object, old) => countErrors(object, old, COUNTS),
  validateName: labelName,
  warnings: (object) => podTemplateWarnings(partOf(object, 'spec', 'template'), 'spec.template'),
});
