import type { Describing } from './describer.ts';
import { writeEvents } from './events.ts';
import { has, textAt } from './fields.ts';
import { writeLabelsAndAnnotations, writeName } from './metadata-lines.ts';

/** networking.k8s.io IPAddress. */
export async function describeIpAddress(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeName(describing);
  writeLabelsAndAnnotations(describing);
  if (has(object, 'spec.parentRef')) {
    out.line(0, 'Parent Reference:');
    for (const [title, field] of [
      ['Group:', 'group'],
      ['Resource:', 'resource'],
      ['Namespace:', 'namespace'],
      ['Name:', 'name'],
    ] as const) {
      out.line(1, title, textAt(object, `spec.parentRef.${field}`));
    }
  }
  await writeEvents(describing);
}
