import type { KubeObject } from '../../model/kube-object.ts';
import { COMPONENT_ROLES } from './component-policy.ts';
import { CONTROLLER_ROLES } from './controller-policy.ts';
import type { DefaultRole } from './default-role.ts';
import { type DefaultNamespaceRole, NAMESPACE_ROLES } from './namespace-policy.ts';
import type { PolicyRule } from './policy-rule.ts';
import { USER_ROLES } from './user-policy.ts';

const GROUP = 'rbac.authorization.k8s.io';
const DEFAULTS = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const AUTOUPDATE = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
const ALL_ROLES = Object.entries({ ...USER_ROLES, ...COMPONENT_ROLES, ...CONTROLLER_ROLES });

/** Who a role is bound to. */
type Subjects = Pick<DefaultRole, 'groups' | 'users' | 'accounts' | 'unbound'>;

/** The ClusterRoles of the default policy, by name, in the order of their names. What an aggregated role allows is not in its rules. */
export const DEFAULT_CLUSTER_ROLES: ReadonlyMap<string, KubeObject> = byName(
  ALL_ROLES.map(([name, role]) => clusterRole(name, role)),
);

/** The ClusterRoleBindings of the default policy, by name. */
export const DEFAULT_CLUSTER_ROLE_BINDINGS: ReadonlyMap<string, KubeObject> = byName(
  ALL_ROLES.filter(([, role]) => role.unbound === true || subjectsOf(role).length > 0).map(([name, role]) =>
    bindingOf({ kind: 'ClusterRoleBinding', name }, { kind: 'ClusterRole', name }, role),
  ),
);

/** The Roles and RoleBindings that the default policy has in a namespace. */
export function defaultNamespacePolicy(namespace: string): { roles: KubeObject[]; bindings: KubeObject[] } {
  const own = NAMESPACE_ROLES.filter((role) => role.namespace === namespace);
  return { roles: own.map(namespaceRole), bindings: own.map(namespaceBinding) };
}

/** A default ClusterRole as it is once a cluster's controllers have run: an aggregated one has the rules of those it takes in. */
export function settledClusterRole(role: KubeObject): KubeObject {
  const rules = settledRules(role.metadata.name ?? '');
  return rules === undefined ? role : { ...role, rules };
}

/** The rules of an aggregated role: those of what it takes in, by name, each once (clusterroleaggregation_controller). */
function settledRules(name: string): PolicyRule[] | undefined {
  const role = USER_ROLES[name];
  if (role?.aggregate !== true) return undefined;
  const parts = Object.entries(USER_ROLES).filter(([, { aggregatedTo }]) => aggregatedTo === name);
  const rules = parts
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([part, { rules: text }]) => settledRules(part) ?? readRules(text));
  const seen = new Set<string>();
  return rules.filter((rule) => {
    const text = JSON.stringify(rule);
    return !seen.has(text) && seen.add(text);
  });
}

function byName(objects: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
  return new Map(objects.map((object) => [object.metadata.name ?? '', object]));
}

function clusterRole(name: string, { rules, aggregate, aggregatedTo }: DefaultRole): KubeObject {
  const labels =
    aggregatedTo === undefined ? DEFAULTS : { ...DEFAULTS, [`${GROUP}/aggregate-to-${aggregatedTo}`]: 'true' };
  const selector = { matchLabels: { [`${GROUP}/aggregate-to-${name}`]: 'true' } };
  return {
    kind: 'ClusterRole',
    apiVersion: `${GROUP}/v1`,
    metadata: { name, labels: { ...labels }, annotations: { ...AUTOUPDATE } },
    rules: readRules(rules),
    ...(aggregate === true ? { aggregationRule: { clusterRoleSelectors: [selector] } } : {}),
  };
}

function namespaceRole({ namespace, name, rules }: DefaultNamespaceRole): KubeObject {
  const metadata = { name, namespace, labels: { ...DEFAULTS }, annotations: { ...AUTOUPDATE } };
  return { kind: 'Role', apiVersion: `${GROUP}/v1`, metadata, rules: readRules(rules) };
}

function namespaceBinding(role: DefaultNamespaceRole): KubeObject {
  const { namespace, name, bindingName = name } = role;
  return bindingOf({ kind: 'RoleBinding', name: bindingName, namespace }, { kind: 'Role', name }, role);
}

function bindingOf(
  { kind, name, namespace }: { kind: string; name: string; namespace?: string },
  role: { kind: string; name: string },
  bound: Subjects,
): KubeObject {
  const subjects = subjectsOf(bound);
  const place = namespace === undefined ? {} : { namespace };
  return {
    kind,
    apiVersion: `${GROUP}/v1`,
    metadata: { name, ...place, labels: { ...DEFAULTS }, annotations: { ...AUTOUPDATE } },
    ...(subjects.length === 0 ? {} : { subjects }),
    roleRef: { apiGroup: GROUP, ...role },
  };
}

function subjectsOf({ groups = [], users = [], accounts = [] }: Subjects): Record<string, string>[] {
  return [
    ...groups.map((name) => ({ kind: 'Group', apiGroup: GROUP, name })),
    ...users.map((name) => ({ kind: 'User', apiGroup: GROUP, name })),
    ...accounts.map((name) => ({ kind: 'ServiceAccount', name, namespace: 'kube-system' })),
  ];
}

function readRules(text: string): PolicyRule[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): PolicyRule => {
      const [first = [], second = [], verbs, names] = line.split(': ').map((part) => part.split(' ').sort());
      if (verbs === undefined) return { verbs: second, nonResourceURLs: first };
      const apiGroups = first.map((group) => (group === '-' ? '' : group));
      return { verbs, apiGroups, resources: second, ...(names === undefined ? {} : { resourceNames: names }) };
    });
}
