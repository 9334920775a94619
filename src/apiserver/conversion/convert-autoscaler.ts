import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';

type Fields = Record<string, unknown>;

/** Where v1 keeps what it has no fields for; written by v2 clients, and read back when a v1 client writes. */
const ANNOTATIONS = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
} as const;

/**
 * A HorizontalPodAutoscaler of autoscaling/v2 as v1: the CPU metric is a field, what v1 has no field for goes to
 * annotations. Their JSON has v2's shape, so that kube-lite reads back what it wrote.
 */
export function autoscalerToV1(object: KubeObject): KubeObject {
  const { metrics, behavior, ...spec } = fieldsOf(object['spec']);
  const { currentMetrics, conditions, ...status } = fieldsOf(object['status']);
  const [cpu, others] = takeCpu(listOf(metrics), 'target');
  const [currentCpu, otherCurrent] = takeCpu(listOf(currentMetrics), 'current');
  const annotations: Record<string, string> = { ...object.metadata.annotations };
  put(annotations, ANNOTATIONS.metrics, others.length === 0 ? undefined : others);
  put(annotations, ANNOTATIONS.behavior, behavior);
  put(annotations, ANNOTATIONS.currentMetrics, otherCurrent.length === 0 ? undefined : otherCurrent);
  put(annotations, ANNOTATIONS.conditions, listOf(conditions).length === 0 ? undefined : conditions);
  return {
    ...object,
    metadata: withAnnotations(object, annotations),
    spec: { ...spec, ...(cpu === undefined ? {} : { targetCPUUtilizationPercentage: cpu }) },
    status: { ...status, ...(currentCpu === undefined ? {} : { currentCPUUtilizationPercentage: currentCpu }) },
  };
}

/** A HorizontalPodAutoscaler of autoscaling/v1 as v2, with what its annotations hold. */
export function autoscalerToV2(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: cpu, ...spec } = fieldsOf(object['spec']);
  const { currentCPUUtilizationPercentage: currentCpu, ...status } = fieldsOf(object['status']);
  const annotations = { ...object.metadata.annotations };
  const others = listOf(take(annotations, ANNOTATIONS.metrics));
  const behavior = take(annotations, ANNOTATIONS.behavior);
  const otherCurrent = listOf(take(annotations, ANNOTATIONS.currentMetrics));
  const conditions = take(annotations, ANNOTATIONS.conditions);
  const metrics = [
    ...others,
    ...(cpu === undefined ? [] : [cpuMetric('target', { type: 'Utilization', averageUtilization: cpu })]),
  ];
  const currentMetrics = [
    ...otherCurrent,
    ...(currentCpu === undefined ? [] : [cpuMetric('current', { averageUtilization: currentCpu })]),
  ];
  return {
    ...object,
    metadata: withAnnotations(object, annotations),
    spec: { ...spec, ...(metrics.length === 0 ? {} : { metrics }), ...(behavior === undefined ? {} : { behavior }) },
    status: {
      ...status,
      desiredReplicas: status['desiredReplicas'] ?? 0,
      currentMetrics: currentMetrics.length === 0 ? null : currentMetrics,
      ...(conditions === undefined ? {} : { conditions }),
    },
  };
}

function cpuMetric(what: 'target' | 'current', value: Fields): Fields {
  return { type: 'Resource', resource: { name: 'cpu', [what]: value } };
}

/** The utilization of the first CPU metric that says one, and the other metrics. */
function takeCpu(metrics: readonly Fields[], what: 'target' | 'current'): [cpu: unknown, others: Fields[]] {
  const index = metrics.findIndex((metric) => {
    const resource = fieldsOf(metric['resource']);
    return metric['type'] === 'Resource' && resource['name'] === 'cpu' && utilization(resource[what]) !== undefined;
  });
  if (index < 0) return [undefined, [...metrics]];
  const cpu = utilization(fieldsOf(metrics[index]?.['resource'])[what]);
  return [cpu, metrics.filter((_metric, each) => each !== index)];
}

function utilization(value: unknown): unknown {
  return fieldsOf(value)['averageUtilization'];
}

function put(annotations: Record<string, string>, name: string, value: unknown): void {
  if (value === undefined || value === null) delete annotations[name];
  else annotations[name] = JSON.stringify(value);
}

function take(annotations: Record<string, string>, name: string): unknown {
  const text = annotations[name];
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    delete annotations[name];
    return value;
  } catch {
    // An annotation that holds no JSON is a client's own and stays one.
    return undefined;
  }
}

function withAnnotations({ metadata }: KubeObject, annotations: Record<string, string>): KubeObject['metadata'] {
  const { annotations: _before, ...rest } = metadata;
  return Object.keys(annotations).length === 0 ? rest : { ...metadata, annotations };
}

function fieldsOf(value: unknown): Fields {
  return isJsonObject(value) ? value : {};
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}
