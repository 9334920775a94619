import type { AccessAttributes, ResourceAttributes } from './attributes.ts';

/** A rule of a role (rbac.authorization.k8s.io/v1 PolicyRule). */
export interface PolicyRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** Whether a rule allows what is asked for (rbac.RuleAllows). */
export function ruleAllows(rule: PolicyRule, attributes: AccessAttributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (attributes.type === 'path') return (rule.nonResourceURLs ?? []).some((url) => urlMatches(url, attributes.path));
  const names = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups, attributes.group) &&
    resourceMatches(rule, attributes) &&
    (names.length === 0 || names.includes(attributes.name))
  );
}

function has(values: readonly string[] | undefined, wanted: string): boolean {
  return (values ?? []).some((value) => value === '*' || value === wanted);
}

function resourceMatches({ resources = [] }: PolicyRule, { resource, subresource }: ResourceAttributes): boolean {
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  return resources.some(
    (each) => each === '*' || each === whole || (subresource !== '' && each === `*/${subresource}`),
  );
}

function urlMatches(url: string, path: string): boolean {
  return url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));
}

/** The rules of one verb on one resource (or path) each that rules are made of. */
export function brokenDown(rules: readonly PolicyRule[]): PolicyRule[] {
  return rules.flatMap(({ verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }) =>
    verbs.flatMap((verb) => {
      const names = resourceNames.length === 0 ? [{}] : resourceNames.map((name) => ({ resourceNames: [name] }));
      const onResources = apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          names.map((name) => ({ verbs: [verb], apiGroups: [group], resources: [resource], ...name })),
        ),
      );
      return [...onResources, ...nonResourceURLs.map((url) => ({ verbs: [verb], nonResourceURLs: [url] }))];
    }),
  );
}

/** Whether one of `held` allows all that a rule of one verb and resource does (validation.ruleCovers). */
export function isCovered(rule: PolicyRule, held: readonly PolicyRule[]): boolean {
  return held.some((owner) => {
    if (!covers(owner.verbs, rule.verbs)) return false;
    const urls = rule.nonResourceURLs ?? [];
    if (urls.length > 0) return urls.every((url) => (owner.nonResourceURLs ?? []).some((own) => urlMatches(own, url)));
    const names = owner.resourceNames ?? [];
    const wanted = rule.resourceNames ?? [];
    const namesCovered = names.length === 0 || (wanted.length > 0 && wanted.every((name) => names.includes(name)));
    return covers(owner.apiGroups, rule.apiGroups) && resourcesCovered(owner, rule) && namesCovered;
  });
}

function covers(owner: readonly string[] = [], wanted: readonly string[] = []): boolean {
  return owner.includes('*') || wanted.every((each) => owner.includes(each));
}

function resourcesCovered({ resources: owner = [] }: PolicyRule, { resources = [] }: PolicyRule): boolean {
  return resources.every((resource) => {
    const slash = resource.indexOf('/');
    const anyParent = slash >= 0 && owner.includes(`*${resource.slice(slash)}`);
    return owner.includes('*') || owner.includes(resource) || anyParent;
  });
}

/** A rule as messages show it (rbac.PolicyRule's CompactString). */
export function ruleText(rule: PolicyRule): string {
  const fields: [string, readonly string[] | undefined][] = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ];
  const parts = fields
    .filter(([, values]) => values !== undefined && values.length > 0)
    .map(([name, values]) => `${name}:${goStrings(values ?? [])}`);
  return `{${parts.join(', ')}}`;
}

/** Strings as Go prints a slice of them with %q. */
export function goStrings(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
}
