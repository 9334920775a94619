import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { amountOf, amountOrPercentErrors, negativeErrors, overAllErrors, selectorErrors } from '../field-checks.ts';
import { ensureObject, type Fields, fillAbsent, fillEmpty, objectIn, partOf, textIn } from '../fields.ts';
import { selectorIsEmpty } from '../label-selector.ts';
import { defaultPodTemplate } from '../pod/pod-spec-defaults.ts';
import { podTemplateWarnings } from '../pod/pod-warnings.ts';
import { podTemplateErrors } from '../pod/template-errors.ts';
import { fixedSelectorErrors } from './deployment.ts';
import { alwaysRunningErrors, countErrors, mismatchErrors } from './workload-errors.ts';

/** How often the template changed; v1 keeps in an annotation what an older version had as a field. */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

function setTemplateGeneration(object: KubeObject, generation: number): void {
  object.metadata.annotations = { ...object.metadata.annotations, [TEMPLATE_GENERATION]: String(generation) };
}

function countTemplateChange(object: KubeObject, old: KubeObject): void {
  const before = Number(old.metadata.annotations?.[TEMPLATE_GENERATION] ?? '0');
  const changed = !deepEqual(partOf(object, 'spec', 'template'), partOf(old, 'spec', 'template'));
  setTemplateGeneration(object, changed ? before + 1 : before);
}

function defaults(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  defaultPodTemplate(ensureObject(spec, 'template'));
  const strategy = ensureObject(spec, 'updateStrategy');
  fillEmpty(strategy, 'type', 'RollingUpdate');
  if (strategy['type'] === 'RollingUpdate') {
    const rolling = ensureObject(strategy, 'rollingUpdate');
    fillAbsent(rolling, 'maxUnavailable', 1);
    fillAbsent(rolling, 'maxSurge', 0);
  }
  fillAbsent(spec, 'revisionHistoryLimit', 10);
}

function strategyErrors(spec: Fields): FieldError[] {
  const path = 'spec.updateStrategy';
  const strategy = partOf(spec, 'updateStrategy');
  const type = textIn(strategy, 'type');
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate') return [notSupported(path, strategy, ['RollingUpdate', 'OnDelete'])];
  const rolling = objectIn(strategy, 'rollingUpdate');
  return rolling === undefined ? [required(`${path}.rollingUpdate`)] : rollingErrors(rolling, `${path}.rollingUpdate`);
}

function rollingErrors(rolling: Fields, path: string): FieldError[] {
  const keys = ['maxUnavailable', 'maxSurge'];
  const errors = keys.flatMap((key) => amountOrPercentErrors(rolling, key, path));
  errors.push(...keys.flatMap((key) => overAllErrors(rolling, key, path)));
  const unavailable = amountOf(rolling, 'maxUnavailable') !== 0;
  const surge = amountOf(rolling, 'maxSurge') !== 0;
  if (unavailable && surge) {
    const detail = 'may not be set when maxUnavailable is non-zero';
    errors.push(invalidValue(`${path}.maxSurge`, rolling['maxSurge'], detail));
  }
  if (!unavailable && !surge) errors.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  return errors;
}

function validate(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const selector = objectIn(spec, 'selector');
  const errors = [...selectorErrors(selector, 'spec.selector'), ...mismatchErrors(spec)];
  if (selector !== undefined && selectorIsEmpty(selector)) {
    errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for daemonset'));
  }
  errors.push(
    ...podTemplateErrors(partOf(spec, 'template'), 'spec.template'),
    ...alwaysRunningErrors(spec, 'DaemonSet'),
  );
  errors.push(...negativeErrors(spec, 'minReadySeconds', 'spec'), ...strategyErrors(spec));
  return [...errors, ...negativeErrors(spec, 'revisionHistoryLimit', 'spec')];
}

const COUNTS = {
  all: [
    'currentNumberScheduled',
    'numberMisscheduled',
    'desiredNumberScheduled',
    'numberReady',
    'updatedNumberScheduled',
    'numberAvailable',
    'numberUnavailable',
  ],
  parts: [],
  ready: '',
};

export const daemonSetStrategy = defineStrategy({
  resource: 'daemonsets.apps',
  generation: true,
  initialStatus: () => ({
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  }),
  defaults,
  prepareForCreate: (object) => setTemplateGeneration(object, 1),
  prepareForUpdate: countTemplateChange,
  validate,
  validateUpdate: (object, old) => [...validate(object), ...fixedSelectorErrors(object, old)],
  validateStatusUpdate: (object, old) => countErrors(object, old, COUNTS),
  warnings: (object) => podTemplateWarnings(partOf(object, 'spec', 'template'), 'spec.template'),
});
