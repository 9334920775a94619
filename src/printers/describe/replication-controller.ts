import { labelSelectorText, selectorFromSet } from '../../model/selectors/label-selector.ts';
import { writeConditions } from './conditions.ts';
import type { Describing } from './describer.ts';
import { writeEvents } from './events.ts';
import { mapAt, numberAt, valueAt } from './fields.ts';
import { mapText, writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';
import { writePodTemplate } from './pod-template.ts';
import { podPhasesText } from './workload-pods.ts';

/** v1 ReplicationController. */
export async function describeReplicationController(describing: Describing): Promise<void> {
  const { object, out } = describing;
  const selector = mapAt(object, 'spec.selector');
  const pods = await podPhasesText(describing, labelSelectorText(selectorFromSet(selector)));
  writeNames(describing);
  out.line(0, 'Selector:', mapText(selector));
  writeLabelsAndAnnotations(describing);
  out.line(
    0,
    'Replicas:',
    `${numberAt(object, 'status.replicas')} current / ${numberAt(object, 'spec.replicas')} desired`,
  );
  out.line(0, 'Pods Status:', pods);
  writePodTemplate(out, valueAt(object, 'spec.template'));
  writeConditions(out, object);
  await writeEvents(describing);
}
