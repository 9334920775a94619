import { type FieldError, invalidValue } from '../../../model/field-error.ts';
import { semanticEqual } from '../../../model/semantic-equal.ts';
import { type Fields, isSet, objectIn, objectsIn, partOf, textIn } from '../fields.ts';

/** Labels of nodes from before they were stable, and what they are called now. */
const STABLE_NAMES: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
};

/**
 * What is wrong with a change of the nodes that a volume can be reached from (validatePvNodeAffinity): once said it stays, but for
 * labels that go by their stable names now.
 */
export function affinityChangeErrors(now: Fields | undefined, before: Fields | undefined): FieldError[] {
  if (before === undefined || semanticEqual(now, before)) return [];
  if (now !== undefined && semanticEqual(now, withStableNames(before, now))) return [];
  return [invalidValue('nodeAffinity', internalAffinity(now), 'field is immutable')];
}

/** The old affinity with the stable names of the labels that the new one calls so. */
function withStableNames(before: Fields, now: Fields): Fields {
  const terms = (affinity: Fields) => objectsIn(partOf(affinity, 'required'), 'nodeSelectorTerms');
  const renamed = terms(before).map((term, index) => {
    if (!isSet(term, 'matchExpressions')) return term;
    const others = objectsIn(terms(now)[index] ?? {}, 'matchExpressions');
    const matchExpressions = objectsIn(term, 'matchExpressions').map((each, at) => {
      const stable = STABLE_NAMES[textIn(each, 'key')];
      return stable !== undefined && stable === others[at]?.['key'] ? { ...each, key: stable } : each;
    });
    return { ...term, matchExpressions };
  });
  return { ...before, required: { ...partOf(before, 'required'), nodeSelectorTerms: renamed } };
}

/** A node affinity as Go's own type of it prints, which has no names for JSON. */
function internalAffinity(affinity: Fields | undefined): Fields | null {
  if (affinity === undefined) return null;
  const required = objectIn(affinity, 'required');
  const requirements = (term: Fields, key: string): Fields[] | null =>
    isSet(term, key)
      ? objectsIn(term, key).map((each) => ({
          Key: textIn(each, 'key'),
          Operator: textIn(each, 'operator'),
          Values: each['values'] ?? null,
        }))
      : null;
  if (required === undefined) return { Required: null };
  const terms = objectsIn(required, 'nodeSelectorTerms').map((term) => ({
    MatchExpressions: requirements(term, 'matchExpressions'),
    MatchFields: requirements(term, 'matchFields'),
  }));
  return { Required: { NodeSelectorTerms: terms } };
}
