import type { JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { ageOf, nameOf } from './cells.ts';

const MOST_SHOWN = 2;

export function autoscalerCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const target = partOf(spec, 'scaleTargetRef');
  return [
    nameOf(object),
    `${textIn(target, 'kind')}/${textIn(target, 'name')}`,
    metricsText(object),
    isSet(spec, 'minReplicas') ? `${numberIn(spec, 'minReplicas') ?? 0}` : '<unset>',
    numberIn(spec, 'maxReplicas') ?? 0,
    numberIn(partOf(object, 'status'), 'currentReplicas') ?? 0,
    ageOf(object, now),
  ];
}

function metricsText(object: KubeObject): string {
  const spec = partOf(object, 'spec');
  const status = partOf(object, 'status');
  if (isSet(spec, 'targetCPUUtilizationPercentage')) return cpuOfVersion1(spec, status);
  const currents = objectsIn(status, 'currentMetrics');
  const list = objectsIn(spec, 'metrics').map((metric, index) => metricText(metric, currents[index]));
  if (list.length === 0) return '<none>';
  const shown = list.slice(0, MOST_SHOWN).join(', ');
  return list.length > MOST_SHOWN ? `${shown} + ${list.length - MOST_SHOWN} more...` : shown;
}

/** autoscaling/v1 has one metric, in fields of its own. */
function cpuOfVersion1(spec: Fields, status: Fields): string {
  const current = numberIn(status, 'currentCPUUtilizationPercentage');
  const shown = current === undefined ? '<unknown>' : `${current}%`;
  return `cpu: ${shown}/${numberIn(spec, 'targetCPUUtilizationPercentage') ?? 0}%`;
}

const SOURCES: Readonly<Record<string, string>> = {
  External: 'external',
  Pods: 'pods',
  Object: 'object',
  Resource: 'resource',
  ContainerResource: 'containerResource',
};

function metricText(metric: Fields, status: Fields | undefined): string {
  const source = SOURCES[textIn(metric, 'type')];
  if (source === undefined) return '<unknown type>';
  const wanted = partOf(metric, source);
  const target = partOf(wanted, 'target');
  const current = status === undefined ? undefined : objectIn(status, source);
  const values = partOf(current ?? {}, 'current');
  if (source === 'resource' || source === 'containerResource') {
    return `${textIn(wanted, 'name')}: ${resourceText(target, current, values)}`;
  }
  if (source === 'pods') return `${valueText(current, values, 'averageValue')}/${quantityText(target, 'averageValue')}`;
  if (!isSet(target, 'averageValue')) return `${valueText(current, values, 'value')}/${quantityText(target, 'value')}`;
  const shown = isSet(values, 'averageValue') ? quantityText(values, 'averageValue') : '<unknown>';
  return `${shown}/${quantityText(target, 'averageValue')} (avg)`;
}

function resourceText(target: Fields, current: Fields | undefined, values: Fields): string {
  if (isSet(target, 'averageValue')) {
    return `${valueText(current, values, 'averageValue')}/${quantityText(target, 'averageValue')}`;
  }
  const shown = isSet(values, 'averageUtilization') ? `${numberIn(values, 'averageUtilization') ?? 0}%` : '<unknown>';
  const wanted = isSet(target, 'averageUtilization') ? `${numberIn(target, 'averageUtilization') ?? 0}%` : '<auto>';
  return `${shown}/${wanted}`;
}

function valueText(current: Fields | undefined, values: Fields, key: string): string {
  return current === undefined ? '<unknown>' : quantityText(values, key);
}

function quantityText(values: Fields, key: string): string {
  return isSet(values, key) ? String(values[key]) : '<nil>';
}
