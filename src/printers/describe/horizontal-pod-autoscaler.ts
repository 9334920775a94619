import type { KubeObject } from '../../model/kube-object.ts';
import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { writeEvents } from './events.ts';
import { has, numberAt, objectsAt, textAt, valueAt } from './fields.ts';
import { writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';
import { metricText } from './metric-text.ts';
import { timeText } from './times.ts';

const DIRECTIONS = [
  ['Scale Up', 'spec.behavior.scaleUp'],
  ['Scale Down', 'spec.behavior.scaleDown'],
] as const;

/** autoscaling/v2 HorizontalPodAutoscaler, and v1 of servers that have no other. */
export async function describeHorizontalPodAutoscaler(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  writeLabelsAndAnnotations(describing);
  out.line(0, 'CreationTimestamp:', timeText(object.metadata.creationTimestamp));
  const kind = textAt(object, 'spec.scaleTargetRef.kind');
  out.line(0, 'Reference:', `${kind}/${textAt(object, 'spec.scaleTargetRef.name')}`);
  if (object.apiVersion === 'autoscaling/v1') writeCpuTarget(out, object);
  else writeMetrics(out, object);
  out.line(0, 'Min replicas:', textAt(object, 'spec.minReplicas', '<unset>'));
  out.line(0, 'Max replicas:', numberAt(object, 'spec.maxReplicas'));
  if (has(object, 'spec.behavior')) {
    out.line(0, 'Behavior:');
    for (const [title, path] of DIRECTIONS) writeBehavior(out, title, valueAt(object, path));
  }
  const [current, desired] = [numberAt(object, 'status.currentReplicas'), numberAt(object, 'status.desiredReplicas')];
  out.line(0, `${kind} pods:`, `${current} current / ${desired} desired`);
  writeConditions(out, object);
  await writeEvents(describing);
}

function writeCpuTarget(out: Description, autoscaler: KubeObject): void {
  const target = textAt(autoscaler, 'spec.targetCPUUtilizationPercentage');
  if (target === '') return;
  out.line(0, 'Target CPU utilization:', `${target}%`);
  const current = textAt(autoscaler, 'status.currentCPUUtilizationPercentage', '<unknown>');
  out.line(0, 'Current CPU utilization:', `${current}%`);
}

function writeMetrics(out: Description, autoscaler: KubeObject): void {
  out.line(0, 'Metrics:', '( current / target )');
  const current = objectsAt(autoscaler, 'status.currentMetrics');
  for (const [index, metric] of objectsAt(autoscaler, 'spec.metrics').entries()) {
    out.line(1, metricText(metric, current[index]));
  }
}

function writeBehavior(out: Description, title: string, rules: unknown): void {
  if (rules === undefined) return;
  out.line(1, `${title}:`);
  const window = textAt(rules, 'stabilizationWindowSeconds');
  if (window !== '') out.line(2, `Stabilization Window: ${window} seconds`);
  const policies = objectsAt(rules, 'policies');
  if (policies.length === 0) return;
  out.line(2, `Select Policy: ${textAt(rules, 'selectPolicy', 'Max')}`);
  out.line(2, 'Policies:');
  for (const policy of policies) {
    const period = `Period: ${numberAt(policy, 'periodSeconds')} seconds`;
    out.line(3, `- Type: ${textAt(policy, 'type')}`, `Value: ${numberAt(policy, 'value')}`, period);
  }
}

function writeConditions(out: Description, autoscaler: KubeObject): void {
  const conditions = objectsAt(autoscaler, 'status.conditions');
  if (conditions.length === 0 || autoscaler.apiVersion === 'autoscaling/v1') return;
  out.line(0, 'Conditions:');
  out.line(1, 'Type', 'Status', 'Reason', 'Message');
  out.line(1, '----', '------', '------', '-------');
  for (const each of conditions) {
    out.line(1, ...['type', 'status', 'reason', 'message'].map((field) => textAt(each, field)));
  }
}
