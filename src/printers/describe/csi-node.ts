import type { Describing } from './describer.ts';
import { writeEvents } from './events.ts';
import { has, numberAt, objectsAt, stringsAt, textAt } from './fields.ts';
import { listText, writeLabelsAndAnnotations, writeName } from './metadata-lines.ts';
import { timeText } from './times.ts';

/** storage.k8s.io/v1 CSINode. */
export async function describeCsiNode(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeName(describing);
  writeLabelsAndAnnotations(describing);
  out.line(0, 'CreationTimestamp:', timeText(object.metadata.creationTimestamp));
  out.line(0, 'Spec:');
  if (has(object, 'spec.drivers')) out.line(1, 'Drivers:');
  for (const driver of objectsAt(object, 'spec.drivers')) {
    out.line(2, `${textAt(driver, 'name')}:`);
    out.line(3, 'Node ID:', textAt(driver, 'nodeID'));
    if (has(driver, 'allocatable.count')) {
      out.line(3, 'Allocatables:');
      out.line(4, 'Count:', numberAt(driver, 'allocatable.count'));
    }
    if (has(driver, 'topologyKeys')) out.line(3, 'Topology Keys:', listText(stringsAt(driver, 'topologyKeys')));
  }
  await writeEvents(describing);
}
