import type { Describing } from './describer.ts';
import { writeEvents } from './events.ts';
import { mapAt, numberAt, objectAt } from './fields.ts';
import { mapText, writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';
import { writePodTemplate } from './pod-template.ts';
import { podPhasesText, selectorAt } from './workload-pods.ts';

const COUNTS = [
  ['Desired Number of Nodes Scheduled', 'desiredNumberScheduled'],
  ['Current Number of Nodes Scheduled', 'currentNumberScheduled'],
  ['Number of Nodes Scheduled with Up-to-date Pods', 'updatedNumberScheduled'],
  ['Number of Nodes Scheduled with Available Pods', 'numberAvailable'],
  ['Number of Nodes Misscheduled', 'numberMisscheduled'],
] as const;

/** apps/v1 DaemonSet. */
export async function describeDaemonSet(describing: Describing): Promise<void> {
  const { object, out } = describing;
  const selector = selectorAt(object, 'spec.selector');
  const pods = await podPhasesText(describing, selector);
  writeNames(describing);
  out.line(0, 'Selector:', selector);
  out.line(0, 'Node-Selector:', mapText(mapAt(object, 'spec.template.spec.nodeSelector')));
  writeLabelsAndAnnotations(describing);
  for (const [title, field] of COUNTS) out.line(0, `${title}: ${numberAt(object, `status.${field}`)}`);
  out.line(0, 'Pods Status:', pods);
  writePodTemplate(out, objectAt(object, 'spec.template'));
  await writeEvents(describing);
}
