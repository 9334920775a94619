import { compareBytes } from '../../model/byte-order.ts';
import { formatLabelSelector, type LabelSelectorObject } from '../../model/selectors/label-selector-object.ts';
import type { Description } from './description.ts';
import { type Fields, has, numberAt, objectsAt, textAt, valueAt } from './fields.ts';
import { writeList } from './metadata-lines.ts';

/** The topology spread constraints of a pod's spec, if it has some. */
export function writeTopologySpread(out: Description, spec: unknown, space: string): void {
  const constraints = objectsAt(spec, 'topologySpreadConstraints');
  if (constraints.length === 0) return;
  constraints.sort((left, right) => compareBytes(textAt(left, 'topologyKey'), textAt(right, 'topologyKey')));
  writeList(out, `${space}Topology Spread Constraints`, constraints.map(constraintText), { indent: space });
}

function constraintText(constraint: Fields): string {
  const skew = `${textAt(constraint, 'topologyKey')}:${textAt(constraint, 'whenUnsatisfiable')} when max skew ${numberAt(constraint, 'maxSkew')} is exceeded`;
  return has(constraint, 'labelSelector') ? `${skew} for selector ${selectorText(constraint, 'labelSelector')}` : skew;
}

/** The workload that a pod's spec belongs to, if it names one. */
export function writeWorkload(out: Description, spec: unknown, space: string): void {
  const workload = valueAt(spec, 'workloadRef');
  if (workload === undefined) return;
  out.line(0, `${space}WorkloadRef:`);
  out.line(1, 'Name:', textAt(workload, 'name'));
  out.line(1, 'PodGroup:', textAt(workload, 'podGroup'));
  const replica = textAt(workload, 'podGroupReplicaKey');
  if (replica !== '') out.line(1, 'PodGroupReplicaKey:', replica);
}

/** The label selector at a path in one line; `<none>` for an empty or absent one. */
export function selectorText(object: unknown, path: string): string {
  return formatLabelSelector(valueAt(object, path) as LabelSelectorObject | undefined);
}
