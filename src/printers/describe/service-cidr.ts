import { writeDatedConditions } from './conditions.ts';
import type { Describing } from './describer.ts';
import { writeEvents } from './events.ts';
import { objectsAt, stringsAt } from './fields.ts';
import { writeLabelsAndAnnotations, writeName } from './metadata-lines.ts';

/** networking.k8s.io ServiceCIDR. */
export async function describeServiceCidr(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeName(describing);
  writeLabelsAndAnnotations(describing);
  out.line(0, 'CIDRs:', stringsAt(object, 'spec.cidrs').join(', '));
  if (objectsAt(object, 'status.conditions').length > 0) out.line(0, 'Status:');
  writeDatedConditions(out, object);
  await writeEvents(describing);
}
