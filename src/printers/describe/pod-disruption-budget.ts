import type { Describing } from './describer.ts';
import { writeEvents } from './events.ts';
import { has, numberAt, textAt } from './fields.ts';
import { writeNames } from './metadata-lines.ts';
import { selectorText } from './pod-placement.ts';

/** policy/v1 PodDisruptionBudget. */
export async function describePodDisruptionBudget(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  if (has(object, 'spec.minAvailable')) out.line(0, 'Min available:', textAt(object, 'spec.minAvailable'));
  else if (has(object, 'spec.maxUnavailable')) out.line(0, 'Max unavailable:', textAt(object, 'spec.maxUnavailable'));
  out.line(0, 'Selector:', has(object, 'spec.selector') ? selectorText(object, 'spec.selector') : '<unset>');
  out.line(0, 'Status:');
  for (const [title, field] of [
    ['Allowed disruptions:', 'disruptionsAllowed'],
    ['Current:', 'currentHealthy'],
    ['Desired:', 'desiredHealthy'],
    ['Total:', 'expectedPods'],
  ] as const) {
    out.line(2, title, numberAt(object, `status.${field}`));
  }
  await writeEvents(describing);
}
