import { type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { negativeErrors } from '../field-checks.ts';
import { ensureObject, entriesIn, type Fields, fillAbsent, numberIn, objectIn, partOf, textMapIn } from '../fields.ts';
import { defaultPodTemplate } from '../pod/pod-spec-defaults.ts';
import { podTemplateWarnings } from '../pod/pod-warnings.ts';
import { podTemplateErrors } from '../pod/template-errors.ts';
import { COUNTS } from './replica-set.ts';
import { alwaysRunningErrors, countErrors } from './workload-errors.ts';

/** A controller without a selector or labels takes those of its template. */
function defaults(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  fillAbsent(spec, 'replicas', 1);
  const template = objectIn(spec, 'template');
  if (template === undefined) return;
  defaultPodTemplate(template);
  const labels = textMapIn(partOf(template, 'metadata'), 'labels');
  if (Object.keys(labels).length === 0) return;
  if (entriesIn(spec, 'selector').length === 0) spec['selector'] = labels;
  if (entriesIn(object.metadata, 'labels').length === 0) object.metadata.labels = { ...labels };
}

function validate(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const errors = negativeErrors(spec, 'minReadySeconds', 'spec');
  if (entriesIn(spec, 'selector').length === 0) errors.push(required('spec.selector'));
  errors.push(...negativeErrors(spec, 'replicas', 'spec'));
  const template = objectIn(spec, 'template');
  if (template === undefined) return [...errors, required('spec.template')];
  errors.push(...labelErrors(spec, template), ...podTemplateErrors(template, 'spec.template'));
  return [...errors, ...alwaysRunningErrors(spec, 'ReplicationController')];
}

function labelErrors(spec: Fields, template: Fields): FieldError[] {
  const labels = textMapIn(partOf(template, 'metadata'), 'labels');
  if (entriesIn(spec, 'selector').every(([key, value]) => labels[key] === value)) return [];
  const detail = '`selector` does not match template `labels`';
  return [invalidValue('spec.template.metadata.labels', labels, detail)];
}

export const replicationControllerStrategy = defineStrategy({
  resource: 'replicationcontrollers',
  generation: true,
  initialStatus: () => ({ replicas: 0 }),
  defaults,
  validate,
  validateStatusUpdate: (object, old) => countErrors(object, old, COUNTS),
  warnings: (object) => podTemplateWarnings(partOf(object, 'spec', 'template'), 'spec.template'),
  selectableFields: { 'status.replicas': (object) => `${numberIn(partOf(object, 'status'), 'replicas') ?? 0}` },
});
