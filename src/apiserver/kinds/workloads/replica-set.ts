import type { FieldError } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { negativeErrors } from '../field-checks.ts';
import { ensureObject, fillAbsent, partOf } from '../fields.ts';
import { defaultPodTemplate } from '../pod/pod-spec-defaults.ts';
import { podTemplateWarnings } from '../pod/pod-warnings.ts';
import { fixedSelectorErrors } from './deployment.ts';
import { countErrors, replicaTemplateErrors, requiredSelectorErrors } from './workload-errors.ts';

function validate(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  return [
    ...negativeErrors(spec, 'replicas', 'spec'),
    ...negativeErrors(spec, 'minReadySeconds', 'spec'),
    // The text says deployment; it is upstream's.
    ...requiredSelectorErrors(spec, 'empty selector is invalid for deployment'),
    ...replicaTemplateErrors(spec),
  ];
}

export const COUNTS = {
  all: ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'],
  parts: ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'],
  ready: 'readyReplicas',
};

export const replicaSetStrategy = defineStrategy({
  resource: 'replicasets.apps',
  generation: true,
  initialStatus: () => ({ replicas: 0 }),
  defaults(object) {
    const spec = ensureObject(object, 'spec');
    fillAbsent(spec, 'replicas', 1);
    defaultPodTemplate(ensureObject(spec, 'template'));
  },
  validate,
  validateUpdate: (object, old) => [...validate(object), ...fixedSelectorErrors(object, old)],
  validateStatusUpdate: (object, old) => countErrors(object, old, COUNTS),
  warnings: (object) => podTemplateWarnings(partOf(object, 'spec', 'template'), 'spec.template'),
});
