import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { changedErrors, negativeErrors, selectorErrors } from '../field-checks.ts';
import {
  ensureObject,
  entriesIn,
  type Fields,
  fillAbsent,
  fillEmpty,
  flagIn,
  isSet,
  numberIn,
  objectIn,
  objectsIn,
  partOf,
  textIn,
  textMapIn,
} from '../fields.ts';
import { selectorMatches } from '../label-selector.ts';
import { defaultPodTemplate } from '../pod/pod-spec-defaults.ts';
import { podTemplateWarnings } from '../pod/pod-warnings.ts';
import { labelRule } from '../value-rules.ts';
import { jobSpecErrors } from './job-errors.ts';
import { mismatchErrors } from './workload-errors.ts';

const NAME_LABELS = ['job-name', 'batch.kubernetes.io/job-name'];
const UID_LABELS = ['controller-uid', 'batch.kubernetes.io/controller-uid'];
const MAX_INT32 = 2 ** 31 - 1;

function defaults(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  if (!isSet(spec, 'completions') && !isSet(spec, 'parallelism')) spec['completions'] = 1;
  fillAbsent(spec, 'parallelism', 1);
  fillAbsent(spec, 'backoffLimit', isSet(spec, 'backoffLimitPerIndex') ? MAX_INT32 : 6);
  fillAbsent(spec, 'manualSelector', false);
  defaultPodTemplate(ensureObject(spec, 'template'));
  fillAbsent(spec, 'completionMode', 'NonIndexed');
  fillAbsent(spec, 'suspend', false);
  const policy = objectIn(spec, 'podFailurePolicy');
  for (const rule of objectsIn(policy ?? {}, 'rules')) {
    for (const condition of objectsIn(rule, 'onPodConditions')) fillEmpty(condition, 'status', 'True');
  }
  fillAbsent(spec, 'podReplacementPolicy', policy === undefined ? 'TerminatingOrFailed' : 'Failed');
  labelAsTemplate(object);
}

/** A job without labels has those of its pods. */
function labelAsTemplate(object: KubeObject): void {
  const labels = textMapIn(partOf(object, 'spec', 'template', 'metadata'), 'labels');
  if (Object.keys(labels).length > 0 && entriesIn(object.metadata, 'labels').length === 0) {
    object.metadata.labels = labels;
  }
}

/** The selector that no other job can have, by the job's uid, and the labels that go with it. */
function generateSelector(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  if (flagIn(spec, 'manualSelector')) return;
  const { name = '', uid = '' } = object.metadata;
  const labels = ensureObject(ensureObject(ensureObject(spec, 'template'), 'metadata'), 'labels');
  for (const key of NAME_LABELS) fillAbsent(labels, key, name);
  for (const key of UID_LABELS) fillAbsent(labels, key, uid);
  fillAbsent(ensureObject(ensureObject(spec, 'selector'), 'matchLabels'), 'batch.kubernetes.io/controller-uid', uid);
  labelAsTemplate(object);
}

/** A generated selector that a client has written something else into. */
function generatedErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const selector = objectIn(spec, 'selector');
  if (flagIn(spec, 'manualSelector') || selector === undefined) return [];
  const { name = '', uid = '' } = object.metadata;
  const expected: Record<string, string> = {};
  for (const [keys, value] of [[UID_LABELS, uid] as const, [NAME_LABELS, name] as const]) {
    for (const key of keys) expected[key] = value;
  }
  const labels = textMapIn(partOf(spec, 'template', 'metadata'), 'labels');
  const order = ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name'];
  const errors = order.flatMap((key) => {
    const field = `spec.template.metadata.labels[${key}]`;
    const wanted = expected[key] ?? '';
    if (labels[key] === undefined) return [required(field, `must be '${wanted}'`)];
    return labels[key] === wanted ? [] : [invalidValue(field, labels, `must be '${wanted}'`)];
  });
  if (!selectorMatches(selector, expected)) {
    errors.push(invalidValue('spec.selector', selector, '`selector` not auto-generated'));
  }
  return errors;
}

function validate(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const errors = [...generatedErrors(object), ...jobSpecErrors(spec, 'spec')];
  const selector = objectIn(spec, 'selector');
  if (selector === undefined) errors.push(required('spec.selector'));
  else errors.push(...selectorErrors(selector, 'spec.selector'));
  errors.push(...mismatchErrors(spec));
  return [...errors, ...hostnameErrors(object, spec)];
}

/** The pods of an indexed job have its name and their index as hostname. */
function hostnameErrors(object: KubeObject, spec: Fields): FieldError[] {
  const completions = numberIn(spec, 'completions') ?? 0;
  if (textIn(spec, 'completionMode') !== 'Indexed' || completions === 0) return [];
  const name = object.metadata.name ?? '';
  const hostname = `${name}-${completions - 1}`;
  if (labelRule(hostname).length === 0) return [];
  const detail = `will not able to create pod with invalid DNS label: ${hostname}`;
  return [invalidValue('metadata.name', name, detail)];
}

const FIXED = ['selector', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'];

/** What a job may not change any more (ValidateJobSpecUpdate). */
function changeErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const before = partOf(old, 'spec');
  const errors: FieldError[] = [];
  if (!deepEqual(spec['completions'], before['completions'])) errors.push(...completionsErrors(spec, before));
  for (const key of FIXED.slice(0, 1)) errors.push(...changedErrors(`spec.${key}`, spec[key], before[key]));
  errors.push(...templateChanges(object, old));
  for (const key of FIXED.slice(1)) errors.push(...changedErrors(`spec.${key}`, spec[key], before[key]));
  return errors;
}

/** An indexed job may change how often it completes when it runs as many pods at once. */
function completionsErrors(spec: Fields, before: Fields): FieldError[] {
  const indexed = textIn(before, 'completionMode') === 'Indexed' && textIn(spec, 'completionMode') === 'Indexed';
  const elastic =
    indexed && isSet(spec, 'completions') && numberIn(spec, 'completions') === numberIn(spec, 'parallelism');
  return elastic ? [] : changedErrors('spec.completions', spec['completions'] ?? null, before['completions']);
}

/** Scheduling directives that a suspended job, which has not begun, may still change. */
const DIRECTIVES = ['nodeSelector', 'affinity', 'tolerations', 'schedulingGates'];

function templateChanges(object: KubeObject, old: KubeObject): FieldError[] {
  const template = structuredClone(partOf(object, 'spec', 'template'));
  const before = structuredClone(partOf(old, 'spec', 'template'));
  const waiting = flagIn(partOf(old, 'spec'), 'suspend') && !isSet(partOf(old, 'status'), 'startTime');
  if (waiting) {
    for (const part of [template, before]) {
      for (const key of DIRECTIVES) delete partOf(part, 'spec')[key];
      for (const key of ['labels', 'annotations']) delete partOf(part, 'metadata')[key];
    }
  }
  if (deepEqual(template, before)) return [];
  return changedErrors('spec.template', partOf(object, 'spec')['template'], partOf(old, 'spec')['template']);
}

export const jobStrategy = defineStrategy({
  resource: 'jobs.batch',
  generation: true,
  initialStatus: () => ({}),
  defaults,
  prepareForCreate: generateSelector,
  validate,
  validateUpdate: (object, old) => [...validate(object), ...changeErrors(object, old)],
  validateStatusUpdate: (object) =>
    ['active', 'succeeded', 'failed', 'ready', 'terminating'].flatMap((key) =>
      negativeErrors(partOf(object, 'status'), key, 'status'),
    ),
  warnings: (object) => podTemplateWarnings(partOf(object, 'spec', 'template'), 'spec.template'),
  selectableFields: { 'status.successful': (object) => String(numberIn(partOf(object, 'status'), 'succeeded') ?? 0) },
});
