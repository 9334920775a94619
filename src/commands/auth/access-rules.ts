import { isJsonObject } from '../../model/json-value.ts';
import { TabWriter } from '../../printers/tab-writer.ts';
import type { Context } from '../context.ts';

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/**
 * Prints the status of a SelfSubjectRulesReview as `auth can-i --list` does: rules taken apart to one resource each, those
 * of the same resource put together, in the order of kubectl's rbac helpers.
 */
export function printRules(status: Record<string, unknown>, headers: boolean, context: Context): void {
  if (status['incomplete'] === true) context.warn(`the list may be incomplete: ${text(status['evaluationError'])}`);
  const rules = [...list(status['resourceRules']), ...list(status['nonResourceRules'])].map(ruleOf);
  const table = new TabWriter();
  if (headers) table.add(['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs']);
  const sorted = compacted(rules.flatMap(brokenDown)).toSorted((left, right) =>
    compareText(sortKey(left), sortKey(right)),
  );
  for (const rule of sorted) {
    table.add([resourceText(rule), goList(rule.nonResourceURLs), goList(rule.resourceNames), goList(rule.verbs)]);
  }
  for (const part of table.flush()) context.streams.out.write(part);
}

function ruleOf(value: Record<string, unknown>): Rule {
  return {
    verbs: strings(value['verbs']),
    apiGroups: strings(value['apiGroups']),
    resources: strings(value['resources']),
    resourceNames: strings(value['resourceNames']),
    nonResourceURLs: strings(value['nonResourceURLs']),
  };
}

/** One rule a resource and verb, and one a path and verb. */
function brokenDown(rule: Rule): Rule[] {
  const names = rule.resourceNames.length === 0 ? [[]] : rule.resourceNames.map((name) => [name]);
  const resources = rule.apiGroups.flatMap((group) =>
    rule.resources.flatMap((resource) =>
      rule.verbs.flatMap((verb) =>
        names.map((resourceNames) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          resourceNames,
          nonResourceURLs: [],
        })),
      ),
    ),
  );
  const paths = rule.nonResourceURLs.flatMap((path) =>
    rule.verbs.map((verb) => ({
      verbs: [verb],
      apiGroups: [],
      resources: [],
      resourceNames: [],
      nonResourceURLs: [path],
    })),
  );
  return [...resources, ...paths];
}

/** Puts the verbs of the same resource, or path, together. */
function compacted(rules: readonly Rule[]): Rule[] {
  const found = new Map<string, Rule>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames, rule.nonResourceURLs]);
    const before = found.get(key);
    const verbs = [...(before?.verbs ?? []), ...rule.verbs.filter((verb) => before?.verbs.includes(verb) !== true)];
    found.set(key, { ...rule, verbs });
  }
  return [...found.values()];
}

/** A rule as Go prints it, by which kubectl sorts. */
function sortKey({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Rule): string {
  const names = ['Verbs', 'APIGroups', 'Resources', 'ResourceNames', 'NonResourceURLs'];
  const values = [verbs, apiGroups, resources, resourceNames, nonResourceURLs];
  return names.map((name, index) => `${name}:${goList(values[index] ?? [])},`).join('');
}

/** `pods`, `deployments.apps`, `pods/log`, `*.*`. */
function resourceText({ resources, apiGroups }: Rule): string {
  const [resource = ''] = resources;
  const [group = ''] = apiGroups;
  if (resource === '' || group === '') return resource;
  const slash = resource.indexOf('/');
  return slash < 0 ? `${resource}.${group}` : `${resource.slice(0, slash)}.${group}${resource.slice(slash)}`;
}

function goList(values: readonly string[]): string {
  return `[${values.join(' ')}]`;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
