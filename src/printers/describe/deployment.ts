import { deepEqual } from '../../model/deep-equal.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { compareBytes } from '../../model/byte-order.ts';
import { writeConditions } from './conditions.ts';
import type { Describing } from './describer.ts';
import { writeEvents } from './events.ts';
import { type Fields, has, mapAt, numberAt, objectAt, textAt } from './fields.ts';
import { controllerOf, writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';
import { writePodTemplate } from './pod-template.ts';
import { millisecondsOf, timeText } from './times.ts';
import { selectorAt } from './workload-pods.ts';

const HASH_LABEL = 'pod-template-hash';

/** apps/v1 Deployment, with its replica sets. Rejects with UserError when its selector is wrong. */
export async function describeDeployment(describing: Describing): Promise<void> {
  const { object, out } = describing;
  const selector = selectorAt(object, 'spec.selector');
  writeNames(describing);
  out.line(0, 'CreationTimestamp:', timeText(object.metadata.creationTimestamp));
  writeLabelsAndAnnotations(describing);
  out.line(0, 'Selector:', selector);
  const count = (field: string): string => `${numberAt(object, `status.${field}`)}`;
  out.line(
    0,
    'Replicas:',
    `${numberAt(object, 'spec.replicas')} desired | ${count('updatedReplicas')} updated | ${count('replicas')} total | ${count('availableReplicas')} available | ${count('unavailableReplicas')} unavailable`,
  );
  out.line(0, 'StrategyType:', textAt(object, 'spec.strategy.type'));
  out.line(0, 'MinReadySeconds:', numberAt(object, 'spec.minReadySeconds'));
  if (has(object, 'spec.strategy.rollingUpdate')) {
    const rolling = (field: string): string => textAt(object, `spec.strategy.rollingUpdate.${field}`);
    out.line(
      0,
      'RollingUpdateStrategy:',
      `${rolling('maxUnavailable')} max unavailable, ${rolling('maxSurge')} max surge`,
    );
  }
  writePodTemplate(out, objectAt(object, 'spec.template'));
  writeConditions(out, object);
  const sets = await replicaSetsOf(describing, selector).catch(() => []);
  if (sets.length > 0) {
    const current = sets.find((set) => deepEqual(templateOf(set), templateOf(object)));
    out.line(0, 'OldReplicaSets:', setsText(sets.filter((set) => set !== current)));
    out.line(0, 'NewReplicaSet:', setsText(current === undefined ? [] : [current]));
  }
  await writeEvents(describing);
}

/** The replica sets that the deployment controls, oldest first. */
async function replicaSetsOf({ object, source }: Describing, labelSelector: string): Promise<KubeObject[]> {
  const namespace = object.metadata.namespace ?? '';
  const sets = await source.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace, labelSelector });
  const age = (set: KubeObject): number => millisecondsOf(set.metadata.creationTimestamp);
  return sets
    .filter((set) => controllerOf(set)?.uid === object.metadata.uid)
    .sort((left, right) => age(left) - age(right) || compareBytes(left.metadata.name ?? '', right.metadata.name ?? ''));
}

/** The pod template without the label that tells replica sets apart. */
function templateOf(workload: KubeObject): Fields {
  const template = objectAt(workload, 'spec.template');
  const { [HASH_LABEL]: _hash, ...labels } = mapAt(template, 'metadata.labels');
  const { creationTimestamp: _never, ...metadata } = objectAt(template, 'metadata');
  return { ...template, metadata: { ...metadata, labels } };
}

function setsText(sets: readonly KubeObject[]): string {
  const texts = sets.map(
    (set) =>
      `${set.metadata.name ?? ''} (${numberAt(set, 'status.replicas')}/${numberAt(set, 'spec.replicas')} replicas created)`,
  );
  return texts.join(', ') || '<none>';
}
