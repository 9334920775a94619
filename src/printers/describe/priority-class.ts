import type { Describing } from './describer.ts';
import { writeEvents } from './events.ts';
import { flagAt, mapAt, numberAt, textAt } from './fields.ts';
import { mapText, writeName } from './metadata-lines.ts';

/** scheduling.k8s.io/v1 PriorityClass. */
export async function describePriorityClass(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeName(describing);
  out.line(0, 'Value:', numberAt(object, 'value'));
  out.line(0, 'GlobalDefault:', flagAt(object, 'globalDefault'));
  out.line(0, 'PreemptionPolicy:', textAt(object, 'preemptionPolicy'));
  out.line(0, 'Description:', textAt(object, 'description'));
  out.line(0, 'Annotations:', mapText(mapAt(object, 'metadata.annotations')));
  await writeEvents(describing);
}
