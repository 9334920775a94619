import { type Fields, objectIn, stringsIn, textIn } from '../../kinds/fields.ts';
import { selectorIsEmpty, selectorMatches } from '../../kinds/label-selector.ts';

/** What rules look at. */
export interface MatchedRequest {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly operation: string;
  readonly namespace: string;
  readonly name: string;
}

/** Whether one of the rules (RuleWithOperations) is about a request. */
export function rulesMatch(rules: readonly Fields[], request: MatchedRequest): boolean {
  return rules.some((rule) => ruleMatches(rule, request));
}

function ruleMatches(rule: Fields, request: MatchedRequest): boolean {
  const names = stringsIn(rule, 'resourceNames');
  return (
    scopeMatches(textIn(rule, 'scope'), request) &&
    listed(stringsIn(rule, 'operations'), request.operation) &&
    listed(stringsIn(rule, 'apiGroups'), request.group) &&
    listed(stringsIn(rule, 'apiVersions'), request.version) &&
    stringsIn(rule, 'resources').some((resource) => resourceMatches(resource, request)) &&
    (names.length === 0 || names.includes(request.name))
  );
}

function listed(items: readonly string[], item: string): boolean {
  return items.includes('*') || items.includes(item);
}

/** A Namespace is cluster-wide, although it is in itself. */
function scopeMatches(scope: string, { group, resource, namespace }: MatchedRequest): boolean {
  if (scope === '' || scope === '*') return true;
  const clusterWide = namespace === '' || (group === '' && resource === 'namespaces');
  return (scope === 'Cluster') === clusterWide;
}

/** `pods`, `pods/status`, `*`: without a subresource it is the object itself alone. */
function resourceMatches(pattern: string, { resource, subresource }: MatchedRequest): boolean {
  const slash = pattern.indexOf('/');
  const [main, sub] = slash < 0 ? [pattern, ''] : [pattern.slice(0, slash), pattern.slice(slash + 1)];
  return (main === '*' || main === resource) && (sub === '*' || sub === subresource);
}

/** Whether a selector says anything. */
export function selects(parent: Fields, key: string): boolean {
  const selector = objectIn(parent, key);
  return selector !== undefined && !selectorIsEmpty(selector);
}

/** Whether the labels of a new or an old object match; a selector that says nothing matches all. */
export function labelsMatch(
  parent: Fields,
  key: string,
  labels: readonly (Readonly<Record<string, string>> | undefined)[],
): boolean {
  if (!selects(parent, key)) return true;
  return labels.some((each) => each !== undefined && selectorMatches(objectIn(parent, key), each));
}
