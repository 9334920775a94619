import { type FieldError, fieldForbidden, invalidValue } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { negativeErrors } from '../field-checks.ts';
import { type Fields, numberIn, objectsIn, partOf, textIn } from '../fields.ts';
import { segmentErrors } from '../networking/reference-errors.ts';
import { behaviorErrors } from './scaling-rule-errors.ts';
import { metricErrors } from './metric-errors.ts';

/** What is wrong with a HorizontalPodAutoscaler that may have `lowest` replicas at least (validateHorizontalPodAutoscalerSpec). */
export function autoscalerErrors(object: KubeObject, lowest = 1): FieldError[] {
  const spec = partOf(object, 'spec');
  const least = numberIn(spec, 'minReplicas');
  const most = numberIn(spec, 'maxReplicas') ?? 0;
  const errors: FieldError[] = [];
  if (least !== undefined && least < lowest) {
    errors.push(invalidValue('spec.minReplicas', least, `must be greater than or equal to ${lowest}`));
  }
  if (most < 1) errors.push(invalidValue('spec.maxReplicas', most, 'must be greater than 0'));
  if (least !== undefined && most < least) {
    errors.push(invalidValue('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
  }
  errors.push(...targetErrors(partOf(spec, 'scaleTargetRef'), 'spec.scaleTargetRef'));
  errors.push(...metricsErrors(metricsOf(object, spec), least));
  return [...errors, ...behaviorErrors(partOf(spec, 'behavior'), 'spec.behavior')];
}

/** What is wrong with a change: one that has 0 replicas at least may go on so. */
export function autoscalerUpdateErrors(object: KubeObject, old: KubeObject): FieldError[] {
  return autoscalerErrors(object, numberIn(partOf(old, 'spec'), 'minReplicas') === 0 ? 0 : 1);
}

export function autoscalerStatusErrors(object: KubeObject): FieldError[] {
  const status = partOf(object, 'status');
  return ['currentReplicas', 'desiredReplicas'].flatMap((key) => negativeErrors(status, key, 'status'));
}

/** The older version has one metric, which is the newer one's first. */
function metricsOf(object: KubeObject, spec: Fields): Fields[] {
  if (object.apiVersion !== 'autoscaling/v1') return objectsIn(spec, 'metrics');
  const averageUtilization = spec['targetCPUUtilizationPercentage'];
  if (typeof averageUtilization !== 'number') return [];
  return [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } }];
}

function metricsErrors(metrics: readonly Fields[], least: number | undefined): FieldError[] {
  const errors = metrics.flatMap((metric, index) => metricErrors(metric, `spec.metrics[${index}]`));
  const wakes = metrics.some((metric) => ['Object', 'External'].includes(textIn(metric, 'type')));
  if (least !== 0 || wakes) return errors;
  const detail = 'must specify at least one Object or External metric to support scaling to zero replicas';
  return [...errors, fieldForbidden('spec.metrics', detail)];
}

/** A reference by kind and name (ValidateCrossVersionObjectReference). */
function targetErrors(reference: Fields, path: string): FieldError[] {
  return ['kind', 'name'].flatMap((key) => segmentErrors(`${path}.${key}`, textIn(reference, key)));
}
