import type { UserInfo } from '../../model/api-message.ts';
import { deepEqual } from '../../model/deep-equal.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { forbidden } from '../../model/status-errors.ts';
import type { ApiServer } from '../api-server.ts';
import { objectsIn, partOf, textIn } from '../kinds/fields.ts';
import { groupResourceOf, type ServedResource } from '../served-resource.ts';
import { MASTERS, mayDo, rulesOf, rulesOfRole } from './authorize.ts';
import { brokenDown, goStrings, isCovered, type PolicyRule, ruleText } from './policy-rule.ts';

const GROUP = 'rbac.authorization.k8s.io';

interface RoleWrite {
  readonly server: ApiServer;
  readonly served: ServedResource;
  readonly user: UserInfo;
}

/**
 * Refuses a role or binding that would give more than whoever writes it has, unless they may `escalate` the role or `bind`
 * it (policybased storages of kube-apiserver). Throws Forbidden. Other kinds of objects pass.
 */
export async function checkEscalation(
  write: RoleWrite,
  object: KubeObject,
  old: KubeObject | undefined,
): Promise<void> {
  const { user, served } = write;
  if (served.info.group !== GROUP || user.groups.includes(MASTERS)) return;
  if (served.info.plural.endsWith('bindings')) await checkBinding(write, object, old);
  else await checkRole(write, object, old);
}

async function checkRole(write: RoleWrite, role: KubeObject, old: KubeObject | undefined): Promise<void> {
  const same = (field: string): boolean => deepEqual(role[field] ?? null, old?.[field] ?? null);
  if (old !== undefined && same('rules') && same('aggregationRule')) return;
  if (await may(write, 'escalate', write.served.info.plural, role)) return;
  await confirmHeld(write, role, objectsIn(role, 'rules'));
  // What an aggregated role will allow is not known beforehand, so that everything is asked for.
  if (role['aggregationRule'] !== undefined && !same('aggregationRule')) {
    await confirmHeld(write, role, [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ]);
  }
}

async function checkBinding(write: RoleWrite, binding: KubeObject, old: KubeObject | undefined): Promise<void> {
  const same = (field: string): boolean => deepEqual(binding[field] ?? null, old?.[field] ?? null);
  if (old !== undefined && same('subjects') && same('roleRef')) return;
  const reference = partOf(binding, 'roleRef');
  const role = { kind: textIn(reference, 'kind'), name: textIn(reference, 'name') };
  const { namespace = '' } = binding.metadata;
  const named = { ...binding, metadata: { name: role.name, namespace } };
  if (await may(write, 'bind', role.kind === 'Role' ? 'roles' : 'clusterroles', named)) return;
  const rules = await rulesOfRole(write.server, role, namespace);
  if (rules === undefined) {
    const what = `${role.kind.toLowerCase()}s.${GROUP} ${JSON.stringify(role.name)} not found`;
    throw forbidden(groupResourceOf(write.served), binding.metadata.name ?? '', what);
  }
  await confirmHeld(write, binding, rules);
}

async function may(
  { server, user }: RoleWrite,
  verb: string,
  resource: string,
  { metadata }: KubeObject,
): Promise<boolean> {
  return mayDo(server, user, {
    verb,
    group: GROUP,
    resource,
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
  });
}

/** rbac's ConfirmNoEscalation. */
async function confirmHeld(write: RoleWrite, object: KubeObject, wanted: readonly PolicyRule[]): Promise<void> {
  const { server, served, user } = write;
  const { rules } = await rulesOf(server, user, object.metadata.namespace ?? '');
  const missing = brokenDown(wanted).filter((rule) => !isCovered(rule, rules));
  if (missing.length === 0) return;
  const texts = compacted(missing).map(ruleText).sort();
  const who = `user ${JSON.stringify(user.name)} (groups=${goStrings(user.groups)})`;
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n${texts.join('\n')}`;
  throw forbidden(groupResourceOf(served), object.metadata.name ?? '', why);
}

/** Rules on the same resource as one. */
function compacted(rules: readonly PolicyRule[]): PolicyRule[] {
  const found = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const { verbs = [], ...rest } = rule;
    const key = JSON.stringify(rest);
    const before = found.get(key)?.verbs ?? [];
    found.set(key, { ...rest, verbs: [...new Set([...before, ...verbs])] });
  }
  return [...found.values()];
}
