import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, objectIn, objectsIn, partOf, stringsIn } from '../fields.ts';

/**
 * Turns the label keys of affinity terms and spread constraints into requirements with the new pod's own values
 * (mutatePodAffinity, mutateTopologySpreadConstraints).
 */
export function applyLabelKeys(pod: KubeObject): void {
  const labels = pod.metadata.labels ?? {};
  const spec = partOf(pod, 'spec');
  for (const affinity of ['podAffinity', 'podAntiAffinity']) {
    const terms = partOf(spec, 'affinity', affinity);
    for (const weighted of objectsIn(terms, 'preferredDuringSchedulingIgnoredDuringExecution')) {
      applyToTerm(partOf(weighted, 'podAffinityTerm'), labels);
    }
    for (const term of objectsIn(terms, 'requiredDuringSchedulingIgnoredDuringExecution')) applyToTerm(term, labels);
  }
  for (const constraint of objectsIn(spec, 'topologySpreadConstraints')) {
    add(
      objectIn(constraint, 'labelSelector'),
      { keys: stringsIn(constraint, 'matchLabelKeys'), operator: 'In' },
      labels,
    );
  }
}

function applyToTerm(term: Fields, labels: Readonly<Record<string, string>>): void {
  const selector = objectIn(term, 'labelSelector');
  add(selector, { keys: stringsIn(term, 'matchLabelKeys'), operator: 'In' }, labels);
  add(selector, { keys: stringsIn(term, 'mismatchLabelKeys'), operator: 'NotIn' }, labels);
}

interface Requirements {
  readonly keys: readonly string[];
  readonly operator: 'In' | 'NotIn';
}

function add(
  selector: Fields | undefined,
  { keys, operator }: Requirements,
  labels: Readonly<Record<string, string>>,
): void {
  const known = keys.filter((key) => labels[key] !== undefined);
  if (selector === undefined || known.length === 0) return;
  const added = known.map((key) => ({ key, operator, values: [labels[key]] }));
  selector['matchExpressions'] = [...objectsIn(selector, 'matchExpressions'), ...added];
}
