import type { Describing } from './describer.ts';
import { writeEvents } from './events.ts';
import { has, textAt } from './fields.ts';
import { writeLabelsAndAnnotations, writeName } from './metadata-lines.ts';

/** networking.k8s.io/v1 IngressClass. */
export async function describeIngressClass(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeName(describing);
  writeLabelsAndAnnotations(describing);
  out.line(0, 'Controller:', textAt(object, 'spec.controller'));
  if (has(object, 'spec.parameters')) {
    out.line(0, 'Parameters:');
    const group = textAt(object, 'spec.parameters.apiGroup');
    if (group !== '') out.line(1, 'APIGroup:', group);
    out.line(1, 'Kind:', textAt(object, 'spec.parameters.kind'));
    out.line(1, 'Name:', textAt(object, 'spec.parameters.name'));
  }
  await writeEvents(describing);
}
