import { invalidValue } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { changedErrors, labelsErrors } from '../field-checks.ts';
import { objectsIn, partOf, textIn } from '../fields.ts';
import { tolerationsErrors } from '../pod/scheduling-errors.ts';
import { labelRule } from '../value-rules.ts';

function runtimeClassErrors(object: KubeObject) {
  const handler = textIn(object, 'handler');
  const scheduling = partOf(object, 'scheduling');
  return [
    ...labelRule(handler).map((text) => invalidValue('handler', handler, text)),
    ...labelsErrors(scheduling, 'nodeSelector', 'scheduling.nodeSelector'),
    ...tolerationsErrors(objectsIn(scheduling, 'tolerations'), 'scheduling.tolerations'),
  ];
}

export const runtimeClassStrategy = defineStrategy({
  resource: 'runtimeclasses.node.k8s.io',
  validate: runtimeClassErrors,
  validateUpdate: (object, old) => [
    ...runtimeClassErrors(object),
    ...changedErrors('handler', textIn(object, 'handler'), textIn(old, 'handler')),
  ],
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
});
