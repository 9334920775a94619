import { writeConditions } from './conditions.ts';
import type { Describing } from './describer.ts';
import { writeEvents } from './events.ts';
import { numberAt, objectAt } from './fields.ts';
import { writeController, writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';
import { selectorText } from './pod-placement.ts';
import { writePodTemplate } from './pod-template.ts';
import { podPhasesText, selectorAt } from './workload-pods.ts';

/** apps/v1 ReplicaSet. */
export async function describeReplicaSet(describing: Describing): Promise<void> {
  const { object, out } = describing;
  const pods = await podPhasesText(describing, selectorAt(object, 'spec.selector')).catch(
    (error: unknown) => `error in fetching pods: ${error instanceof Error ? error.message : String(error)}`,
  );
  writeNames(describing);
  out.line(0, 'Selector:', selectorText(object, 'spec.selector'));
  writeLabelsAndAnnotations(describing);
  writeController(describing);
  out.line(
    0,
    'Replicas:',
    `${numberAt(object, 'status.replicas')} current / ${numberAt(object, 'spec.replicas')} desired`,
  );
  out.line(0, 'Pods Status:', pods);
  writePodTemplate(out, objectAt(object, 'spec.template'));
  writeConditions(out, object);
  await writeEvents(describing);
}
