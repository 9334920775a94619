import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { ensureObject, type Fields, fillAbsent, fillEmpty, isSet, objectIn, objectsIn, partOf } from '../fields.ts';
import { canonicalQuantities } from '../resource-list.ts';
import { autoscalerErrors, autoscalerStatusErrors, autoscalerUpdateErrors } from './autoscaler-errors.ts';

const CPU_PERCENT = 80;

function isVersion1(object: KubeObject): boolean {
  return object.apiVersion === 'autoscaling/v1';
}

function defaults(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  fillAbsent(spec, 'minReplicas', 1);
  if (isVersion1(object)) {
    fillAbsent(spec, 'targetCPUUtilizationPercentage', CPU_PERCENT);
    return;
  }
  if (objectsIn(spec, 'metrics').length === 0) {
    const target = { type: 'Utilization', averageUtilization: CPU_PERCENT };
    spec['metrics'] = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  }
  for (const metric of objectsIn(spec, 'metrics')) {
    for (const source of Object.keys(metric)) {
      const target = objectIn(partOf(metric, source), 'target');
      if (target !== undefined) canonicalTarget(target);
    }
  }
  const behavior = objectIn(spec, 'behavior');
  if (behavior !== undefined) defaultBehavior(behavior);
}

function canonicalTarget(target: Fields): void {
  const list: Fields = { value: target['value'], averageValue: target['averageValue'] };
  canonicalQuantities(list);
  for (const key of ['value', 'averageValue']) if (isSet(list, key)) target[key] = list[key];
}

const PERIOD = 15;

/** How fast an autoscaler scales when it says anything of it at all. */
function defaultBehavior(behavior: Fields): void {
  const up = ensureObject(behavior, 'scaleUp');
  fillAbsent(up, 'stabilizationWindowSeconds', 0);
  fillAbsent(up, 'selectPolicy', 'Max');
  if (objectsIn(up, 'policies').length === 0) {
    up['policies'] = [
      { type: 'Pods', value: 4, periodSeconds: PERIOD },
      { type: 'Percent', value: 100, periodSeconds: PERIOD },
    ];
  }
  const down = ensureObject(behavior, 'scaleDown');
  fillEmpty(down, 'selectPolicy', 'Max');
  if (objectsIn(down, 'policies').length === 0) {
    down['policies'] = [{ type: 'Percent', value: 100, periodSeconds: PERIOD }];
  }
}

export const horizontalPodAutoscalerStrategy = defineStrategy({
  resource: 'horizontalpodautoscalers.autoscaling',
  initialStatus: (object) =>
    isVersion1(object) ? { currentReplicas: 0, desiredReplicas: 0 } : { desiredReplicas: 0, currentMetrics: null },
  defaults,
  validate: (object) => autoscalerErrors(object),
  validateUpdate: autoscalerUpdateErrors,
  validateStatusUpdate: autoscalerStatusErrors,
});
