import type { UserInfo } from '../../model/api-message.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { type ApiServer, strategyContext } from '../api-server.ts';
import { objectsIn, partOf, textIn } from '../kinds/fields.ts';
import { selectorMatches } from '../kinds/label-selector.ts';
import type { StrategyContext } from '../strategy.ts';
import type { AccessAttributes, ResourceAttributes } from './attributes.ts';
import { DEFAULT_CLUSTER_ROLE_BINDINGS, DEFAULT_CLUSTER_ROLES, defaultNamespacePolicy } from './default-policy.ts';
import { type PolicyRule, ruleAllows } from './policy-rule.ts';

/** Whether something is allowed, and why. */
export interface AccessDecision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** The group whose members may do everything. */
export const MASTERS = 'system:masters';

/**
 * Evaluates Roles, ClusterRoles and their bindings (RBAC). The roles that every API server makes for users are there even
 * where nobody stored them; one that is stored goes before them.
 */
export async function authorize(server: ApiServer, attributes: AccessAttributes): Promise<AccessDecision> {
  const { user } = attributes;
  if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
  const namespace = attributes.type === 'resource' ? attributes.namespace : '';
  const failures: string[] = [];
  for await (const found of grantsOf(server, user, namespace)) {
    if ('failure' in found) failures.push(found.failure);
    else if (found.rules.some((rule) => ruleAllows(rule, attributes))) {
      return { allowed: true, reason: `RBAC: allowed by ${found.by}` };
    }
  }
  return { allowed: false, reason: failures.length === 0 ? '' : `RBAC: ${goErrors(failures)}` };
}

/** Whether a user may do something with an object, whatever the version; '' is the whole cluster, and any name. */
export async function mayDo(
  server: ApiServer,
  user: UserInfo,
  asked: Pick<ResourceAttributes, 'verb' | 'group' | 'resource' | 'namespace' | 'name'>,
): Promise<boolean> {
  return (await authorize(server, { type: 'resource', user, version: '*', subresource: '', ...asked })).allowed;
}

/** All rules that hold for a user: those of the whole cluster and, where a namespace is given, its own. */
export async function rulesOf(
  server: ApiServer,
  user: UserInfo,
  namespace: string,
): Promise<{ rules: PolicyRule[]; failures: string[] }> {
  const rules: PolicyRule[] = [];
  const failures: string[] = [];
  for await (const found of grantsOf(server, user, namespace)) {
    if ('failure' in found) failures.push(found.failure);
    else rules.push(...found.rules);
  }
  return { rules, failures };
}

/** The rules of a role that a binding names. Throws nothing: a role that is not there is told. */
export async function rulesOfRole(
  server: ApiServer,
  { kind, name }: { kind: string; name: string },
  namespace: string,
): Promise<PolicyRule[] | undefined> {
  return new RoleReader(strategyContext(server)).rules({ kind, name }, namespace);
}

type Grant = { readonly rules: readonly PolicyRule[]; readonly by: string } | { readonly failure: string };

async function* grantsOf(server: ApiServer, user: UserInfo, namespace: string): AsyncGenerator<Grant> {
  const reader = new RoleReader(strategyContext(server));
  for (const binding of await reader.clusterRoleBindings()) yield* grantOf(reader, binding, user, '');
  if (namespace === '') return;
  for (const binding of await reader.roleBindings(namespace)) yield* grantOf(reader, binding, user, namespace);
}

async function* grantOf(
  reader: RoleReader,
  binding: KubeObject,
  user: UserInfo,
  namespace: string,
): AsyncGenerator<Grant> {
  const subject = objectsIn(binding, 'subjects').find((each) => isSubject(each, user, namespace));
  if (subject === undefined) return;
  const reference = partOf(binding, 'roleRef');
  const [kind, name] = [textIn(reference, 'kind'), textIn(reference, 'name')];
  const rules = await reader.rules({ kind, name }, namespace);
  if (rules === undefined) {
    yield { failure: `${kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found` };
    return;
  }
  const own = namespace === '' ? (binding.metadata.name ?? '') : `${binding.metadata.name ?? ''}/${namespace}`;
  const what = `${namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding'} ${JSON.stringify(own)}`;
  yield { rules, by: `${what} of ${kind} ${JSON.stringify(name)} to ${subjectText(subject, namespace)}` };
}

function isSubject(subject: Record<string, unknown>, user: UserInfo, namespace: string): boolean {
  const name = textIn(subject, 'name');
  switch (textIn(subject, 'kind')) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount': {
      const own = textIn(subject, 'namespace') || namespace;
      return own !== '' && user.name === `system:serviceaccount:${own}:${name}`;
    }
    default:
      return false;
  }
}

function subjectText(subject: Record<string, unknown>, namespace: string): string {
  const kind = textIn(subject, 'kind');
  const own = textIn(subject, 'namespace') || namespace;
  const name = kind === 'ServiceAccount' && own !== '' ? `${textIn(subject, 'name')}/${own}` : textIn(subject, 'name');
  return `${kind} ${JSON.stringify(name)}`;
}

/** Several errors as Go's aggregate prints them. */
function goErrors(texts: readonly string[]): string {
  const all = [...new Set(texts)];
  return all.length === 1 ? (all[0] ?? '') : `[${all.join(', ')}]`;
}

/** Reads roles and bindings, each once. */
class RoleReader {
  readonly #context: StrategyContext;
  #all: Promise<KubeObject[]> | undefined;

  constructor(context: StrategyContext) {
    this.#context = context;
  }

  async clusterRoleBindings(): Promise<KubeObject[]> {
    const stored = await this.#context.list('clusterrolebindings.rbac.authorization.k8s.io', '');
    return withDefaults(stored, DEFAULT_CLUSTER_ROLE_BINDINGS);
  }

  async roleBindings(namespace: string): Promise<KubeObject[]> {
    const stored = await this.#context.list('rolebindings.rbac.authorization.k8s.io', namespace);
    const { bindings } = defaultNamespacePolicy(namespace);
    return bindings.length === 0
      ? stored
      : withDefaults(stored, new Map(bindings.map((each) => [each.metadata.name ?? '', each])));
  }

  /** The rules of a role; undefined when there is none of the name. */
  async rules(role: { kind: string; name: string }, namespace: string): Promise<PolicyRule[] | undefined> {
    if (role.kind === 'Role') {
      const found = await this.#context.get('roles.rbac.authorization.k8s.io', namespace, role.name);
      const known =
        found ?? defaultNamespacePolicy(namespace).roles.find(({ metadata }) => metadata.name === role.name);
      return known === undefined ? undefined : rulesIn(known);
    }
    const found = await this.#clusterRole(role.name);
    return found === undefined ? undefined : this.#effective(found, new Set());
  }

  async #clusterRole(name: string): Promise<KubeObject | undefined> {
    const found = await this.#context.get('clusterroles.rbac.authorization.k8s.io', '', name);
    return found ?? DEFAULT_CLUSTER_ROLES.get(name);
  }

  /** A role's own rules and those of the roles that are aggregated to it, which a controller would write into it. */
  async #effective(role: KubeObject, seen: Set<string>): Promise<PolicyRule[]> {
    const { name = '' } = role.metadata;
    if (seen.has(name)) return [];
    seen.add(name);
    const rules = rulesIn(role);
    const selectors = objectsIn(partOf(role, 'aggregationRule'), 'clusterRoleSelectors');
    if (selectors.length === 0) return rules;
    this.#all ??= this.#context
      .list('clusterroles.rbac.authorization.k8s.io', '')
      .then((stored) => withDefaults(stored, DEFAULT_CLUSTER_ROLES));
    for (const other of await this.#all) {
      const labels = other.metadata.labels ?? {};
      if (!selectors.some((selector) => selectorMatches(selector, labels))) continue;
      rules.push(...(await this.#effective(other, seen)));
    }
    return rules;
  }
}

function rulesIn(role: KubeObject): PolicyRule[] {
  return [...(objectsIn(role, 'rules') as PolicyRule[])];
}

function withDefaults(stored: readonly KubeObject[], defaults: ReadonlyMap<string, KubeObject>): KubeObject[] {
  const names = new Set(stored.map(({ metadata }) => metadata.name));
  return [...stored, ...[...defaults.values()].filter(({ metadata }) => !names.has(metadata.name))];
}
