import { compareBytes } from '../../model/byte-order.ts';
import type { Describing } from './describer.ts';
import { type Fields, objectsAt, stringsAt } from './fields.ts';
import { listText, writeLabelsAndAnnotations, writeName } from './metadata-lines.ts';

/** A rule for one resource, or one URL, with all of its verbs. */
interface PolicyRule {
  readonly verbs: string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** rbac.authorization.k8s.io/v1 Role and ClusterRole: their rules broken down to single resources. */
export async function describeRole(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeName(describing);
  writeLabelsAndAnnotations(describing);
  out.line(0, 'PolicyRule:');
  out.line(1, 'Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs');
  out.line(1, '---------', '-----------------', '--------------', '-----');
  const rules = compacted(objectsAt(object, 'rules').flatMap(broken));
  for (const rule of rules.sort((left, right) => compareBytes(orderOf(left), orderOf(right)))) {
    const lists = [rule.nonResourceURLs, rule.resourceNames, rule.verbs].map(listText);
    out.line(1, resourceText(rule), ...lists);
  }
}

/** The rules of one resource, name and verb each that a rule stands for. */
function broken(rule: Fields): PolicyRule[] {
  const rules: PolicyRule[] = [];
  const verbs = stringsAt(rule, 'verbs');
  const named = stringsAt(rule, 'resourceNames');
  const names = named.length === 0 ? [[]] : named.map((name) => [name]);
  for (const group of stringsAt(rule, 'apiGroups')) {
    for (const resource of stringsAt(rule, 'resources')) {
      for (const verb of verbs) {
        for (const resourceNames of names) {
          rules.push({ verbs: [verb], apiGroups: [group], resources: [resource], resourceNames, nonResourceURLs: [] });
        }
      }
    }
  }
  for (const url of stringsAt(rule, 'nonResourceURLs')) {
    for (const verb of verbs) {
      rules.push({ verbs: [verb], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [url] });
    }
  }
  return rules;
}

/** The rules with those of one resource put together; rules for URLs stay apart. */
function compacted(rules: readonly PolicyRule[]): PolicyRule[] {
  const kept: PolicyRule[] = [];
  const simple = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const known = simple.get(key);
    if (rule.nonResourceURLs.length > 0) kept.push(rule);
    else if (known === undefined) simple.set(key, rule);
    else known.verbs.push(...rule.verbs.filter((verb) => !known.verbs.includes(verb)));
  }
  return [...kept, ...simple.values()];
}

/** What rules are sorted by: their text as Go prints the struct. */
function orderOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  return `&PolicyRule{Verbs:${listText(verbs)},APIGroups:${listText(apiGroups)},Resources:${listText(resources)},ResourceNames:${listText(resourceNames)},NonResourceURLs:${listText(nonResourceURLs)},}`;
}

/** `deployments.apps/scale` */
function resourceText({ resources: [resource], apiGroups: [group] }: PolicyRule): string {
  if (resource === undefined) return '';
  const slash = resource.indexOf('/');
  const [plural, subresource] = slash < 0 ? [resource, ''] : [resource.slice(0, slash), resource.slice(slash)];
  return `${plural}${group ? `.${group}` : ''}${subresource}`;
}
