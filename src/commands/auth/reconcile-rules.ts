import { isJsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';

/** A rule of a role (rbac.authorization.k8s.io/v1 PolicyRule). */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** The rules of a value from JSON. Throws UserError for a field that is no list of strings. */
export function rulesOf(value: unknown): PolicyRule[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isJsonObject).map((rule) => ({
    verbs: texts(rule, 'verbs'),
    apiGroups: texts(rule, 'apiGroups'),
    resources: texts(rule, 'resources'),
    resourceNames: texts(rule, 'resourceNames'),
    nonResourceURLs: texts(rule, 'nonResourceURLs'),
  }));
}

/** A rule as JSON, without what is empty. */
export function ruleObject(rule: PolicyRule): Record<string, unknown> {
  return Object.fromEntries(Object.entries(rule).filter(([, values]) => values.length > 0));
}

/** What of `wanted` the owner's rules do not allow, taken apart into single actions (Covers of component-helpers' rbac validation). */
export function uncovered(owner: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  const owned = owner.flatMap(brokenDown);
  return wanted.flatMap(brokenDown).filter((part) => !owned.some((each) => covers(each, part)));
}

function brokenDown(rule: PolicyRule): PolicyRule[] {
  const parts: PolicyRule[] = [];
  const none = { apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
  for (const group of rule.apiGroups) {
    for (const resource of rule.resources) {
      for (const verb of rule.verbs) {
        const part = { ...none, apiGroups: [group], resources: [resource], verbs: [verb] };
        if (rule.resourceNames.length === 0) parts.push(part);
        else parts.push(...rule.resourceNames.map((name) => ({ ...part, resourceNames: [name] })));
      }
    }
  }
  for (const url of rule.nonResourceURLs) {
    parts.push(...rule.verbs.map((verb) => ({ ...none, nonResourceURLs: [url], verbs: [verb] })));
  }
  return parts;
}

function covers(owner: PolicyRule, part: PolicyRule): boolean {
  return (
    hasAll(owner.verbs, part.verbs) &&
    hasAll(owner.apiGroups, part.apiGroups) &&
    part.resources.every((resource) => coversResource(owner.resources, resource)) &&
    (owner.resourceNames.length === 0 ||
      (part.resourceNames.length > 0 && part.resourceNames.every((name) => owner.resourceNames.includes(name)))) &&
    part.nonResourceURLs.every((url) => owner.nonResourceURLs.some((each) => coversUrl(each, url)))
  );
}

function hasAll(owner: readonly string[], wanted: readonly string[]): boolean {
  return owner.includes('*') || wanted.every((each) => owner.includes(each));
}

function coversResource(owner: readonly string[], resource: string): boolean {
  if (owner.includes('*') || owner.includes(resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && owner.includes(`*${resource.slice(slash)}`);
}

function coversUrl(owner: string, url: string): boolean {
  if (owner === '*' || owner === url) return true;
  return owner.endsWith('*') && url.startsWith(owner.replace(/\*+$/, ''));
}

/** As Go's %+v prints it. */
export function ruleText({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const list = (values: readonly string[]): string => `[${values.join(' ')}]`;
  return `{Verbs:${list(verbs)} APIGroups:${list(apiGroups)} Resources:${list(resources)} ResourceNames:${list(resourceNames)} NonResourceURLs:${list(nonResourceURLs)}}`;
}

/** Throws UserError for what YAML read as something else, such as `y`. */
function texts(rule: Readonly<Record<string, unknown>>, field: string): string[] {
  const value = rule[field] ?? [];
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw new UserError(`unable to read a rule: ${field} must be a list of strings, not ${JSON.stringify(value)}`);
}
