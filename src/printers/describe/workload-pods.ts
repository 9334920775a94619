import { labelSelectorOfObject, type LabelSelectorObject } from '../../model/selectors/label-selector-object.ts';
import { labelSelectorText } from '../../model/selectors/label-selector.ts';
import type { Describing } from './describer.ts';
import { textAt, valueAt } from './fields.ts';
import { controllerOf } from './metadata-lines.ts';

/** The label selector at a path as `-l` takes it. Throws UserError for a wrong one. */
export function selectorAt(object: unknown, path: string): string {
  return labelSelectorText(labelSelectorOfObject(valueAt(object, path) as LabelSelectorObject | undefined));
}

/** How the pods that the object controls do: `1 Running / 0 Waiting / 0 Succeeded / 0 Failed`. */
export async function podPhasesText({ object, source }: Describing, labelSelector: string): Promise<string> {
  const namespace = object.metadata.namespace ?? '';
  const pods = await source.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  const own = pods.filter((pod) => controllerOf(pod)?.uid === object.metadata.uid);
  const count = (phase: string): number => own.filter((pod) => textAt(pod, 'status.phase') === phase).length;
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}
