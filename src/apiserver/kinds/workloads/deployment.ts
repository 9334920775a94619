import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy, desiredStateChanged } from '../define-strategy.ts';
import { amountOf, amountOrPercentErrors, changedErrors, negativeErrors, overAllErrors } from '../field-checks.ts';
import {
  ensureObject,
  type Fields,
  fillAbsent,
  fillEmpty,
  isSet,
  numberIn,
  objectIn,
  partOf,
  textIn,
} from '../fields.ts';
import { defaultPodTemplate } from '../pod/pod-spec-defaults.ts';
import { podTemplateWarnings } from '../pod/pod-warnings.ts';
import { countErrors, replicaTemplateErrors, requiredSelectorErrors } from './workload-errors.ts';

function defaults(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  fillAbsent(spec, 'replicas', 1);
  defaultPodTemplate(ensureObject(spec, 'template'));
  const strategy = ensureObject(spec, 'strategy');
  fillEmpty(strategy, 'type', 'RollingUpdate');
  if (strategy['type'] === 'RollingUpdate') {
    const rolling = ensureObject(strategy, 'rollingUpdate');
    fillAbsent(rolling, 'maxUnavailable', '25%');
    fillAbsent(rolling, 'maxSurge', '25%');
  }
  fillAbsent(spec, 'revisionHistoryLimit', 10);
  fillAbsent(spec, 'progressDeadlineSeconds', 600);
}

function strategyErrors(spec: Fields): FieldError[] {
  const path = 'spec.strategy';
  const strategy = partOf(spec, 'strategy');
  const rolling = objectIn(strategy, 'rollingUpdate');
  switch (textIn(strategy, 'type')) {
    case 'Recreate': {
      const detail = "may not be specified when strategy `type` is 'Recreate'";
      return rolling === undefined ? [] : [fieldForbidden(`${path}.rollingUpdate`, detail)];
    }
    case 'RollingUpdate':
      if (rolling !== undefined) return rollingErrors(rolling, `${path}.rollingUpdate`);
      return [required(`${path}.rollingUpdate`, 'this should be defaulted and never be nil')];
    default:
      return [notSupported(path, strategy, ['Recreate', 'RollingUpdate'])];
  }
}

function rollingErrors(rolling: Fields, path: string): FieldError[] {
  const errors = ['maxUnavailable', 'maxSurge'].flatMap((key) => amountOrPercentErrors(rolling, key, path));
  if (amountOf(rolling, 'maxUnavailable') === 0 && amountOf(rolling, 'maxSurge') === 0) {
    const detail = 'may not be 0 when `maxSurge` is 0';
    errors.push(invalidValue(`${path}.maxUnavailable`, rolling['maxUnavailable'], detail));
  }
  return [...errors, ...overAllErrors(rolling, 'maxUnavailable', path)];
}

function validate(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const errors = negativeErrors(spec, 'replicas', 'spec');
  errors.push(...requiredSelectorErrors(spec, 'empty selector is invalid for deployment'));
  errors.push(...replicaTemplateErrors(spec), ...strategyErrors(spec));
  errors.push(
    ...negativeErrors(spec, 'minReadySeconds', 'spec'),
    ...negativeErrors(spec, 'revisionHistoryLimit', 'spec'),
  );
  if (!isSet(spec, 'progressDeadlineSeconds')) return errors;
  errors.push(...negativeErrors(spec, 'progressDeadlineSeconds', 'spec'));
  const deadline = numberIn(spec, 'progressDeadlineSeconds') ?? 0;
  if (deadline <= (numberIn(spec, 'minReadySeconds') ?? 0)) {
    errors.push(invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
  }
  return errors;
}

/** A selector that changes would leave pods behind. */
export function fixedSelectorErrors(object: KubeObject, old: KubeObject): FieldError[] {
  return changedErrors('spec.selector', partOf(object, 'spec')['selector'], partOf(old, 'spec')['selector']);
}

const COUNTS = {
  all: ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas'],
  parts: ['updatedReplicas', 'readyReplicas', 'availableReplicas'],
  ready: 'readyReplicas',
};

export const deploymentStrategy = defineStrategy({
  resource: 'deployments.apps',
  generation: true,
  // Annotations are passed on to the replica sets, so they count.
  changed: (object, old) =>
    desiredStateChanged(object, old) || !deepEqual(object.metadata.annotations ?? {}, old.metadata.annotations ?? {}),
  initialStatus: () => ({}),
  defaults,
  validate,
  validateUpdate: (object, old) => [...validate(object), ...fixedSelectorErrors(object, old)],
  validateStatusUpdate: (object, old) => countErrors(object, old, COUNTS),
  warnings: (object) => podTemplateWarnings(partOf(object, 'spec', 'template'), 'spec.template'),
});
