import type { ResourceMapper } from '../../client/client.ts';
import { compareBytes } from '../../model/byte-order.ts';
import type { JsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';
import { noResourceError } from '../no-resource-error.ts';

/** What a role's flags say of its rules. */
export interface PolicyRules {
  readonly verbs: readonly string[];
  readonly resources: readonly PolicyResource[];
  readonly resourceNames: readonly string[];
}

export interface PolicyResource {
  readonly resource: string;
  readonly group: string;
  readonly subresource: string;
}

interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

const STANDARD_VERBS = [
  '*',
  'get',
  'delete',
  'list',
  'create',
  'update',
  'patch',
  'watch',
  'proxy',
  'deletecollection',
  'use',
  'bind',
  'escalate',
  'impersonate',
];

const RBAC: readonly GroupResource[] = ['roles', 'clusterroles'].map((resource) => ({
  group: 'rbac.authorization.k8s.io',
  resource,
}));

/** Verbs that mean something for these resources alone, some of which no server lists. */
const SPECIAL_VERBS: ReadonlyMap<string, readonly GroupResource[]> = new Map([
  ['use', ['policy', 'extensions'].map((group) => ({ group, resource: 'podsecuritypolicies' }))],
  ['bind', RBAC],
  ['escalate', RBAC],
  [
    'impersonate',
    [
      ...['users', 'serviceaccounts', 'groups'].map((resource) => ({ group: '', resource })),
      { group: 'authentication.k8s.io', resource: 'userextras' },
    ],
  ],
]);

export const policyFlags: readonly Flag[] = [
  {
    name: 'resource',
    type: 'stringList',
    default: '[]',
    usage: 'Resource that the rule is for, as RESOURCE[.GROUP][/SUBRESOURCE].',
  },
  {
    name: 'resource-name',
    type: 'stringArray',
    default: '[]',
    usage: 'Name of an object that the rule is for; can be given several times.',
  },
  { name: 'verb', type: 'stringList', default: '[]', usage: 'Verb that the rule allows.' },
];

/** Reads the rule flags: what is given twice counts once, and `*` stands for everything. */
export function policyRulesOf(flags: FlagValues): PolicyRules {
  const verbs = flags.list('verb');
  const resources = flags.list('resource').map(parseResource);
  const everything = resources.findIndex(
    ({ resource, group, subresource }) => resource === '*' && group === '' && subresource === '',
  );
  return {
    verbs: verbs.includes('*') ? ['*'] : [...new Set(verbs)],
    resources: everything < 0 ? resources : resources.slice(everything, everything + 1),
    resourceNames: [...new Set(flags.list('resource-name'))],
  };
}

function parseResource(text: string): PolicyResource {
  const slash = text.indexOf('/');
  const [name, subresource] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
  const dot = name.indexOf('.');
  return dot < 0
    ? { resource: name, group: '', subresource }
    : { resource: name.slice(0, dot), group: name.slice(dot + 1), subresource };
}

/** Warns of verbs that no API server knows of itself. */
export function warnOfVerbs({ verbs }: PolicyRules, { streams }: Context): void {
  for (const verb of verbs) {
    if (!STANDARD_VERBS.includes(verb)) streams.err.write(`Warning: '${verb}' is not a standard resource verb\n`);
  }
}

/** Throws UserError for a resource that is not served, and for a verb that has no meaning for its resource. */
export async function checkResources({ verbs, resources }: PolicyRules, mapper: ResourceMapper): Promise<void> {
  for (const wanted of resources) {
    if (wanted.resource === '') throw new UserError('resource must be specified if apiGroup/subresource specified');
    if (wanted.resource === '*') return;
    const served = await servedResource(wanted, mapper);
    const resource = served ?? wanted;
    let known = served !== undefined;
    for (const verb of verbs) {
      const special = SPECIAL_VERBS.get(verb);
      if (special === undefined) continue;
      const fits = special.some((each) => each.resource === resource.resource && each.group === resource.group);
      if (!fits) {
        throw new UserError(`can not perform '${verb}' on '${resource.resource}' in group '${resource.group}'`);
      }
      known = true;
    }
    if (!known) throw noResourceError(wanted.resource, wanted.group);
  }
}

/** The rules, one for each group in the order of their names, with plurals for what was named otherwise. */
export async function policyRules(
  { verbs, resources, resourceNames }: PolicyRules,
  mapper: ResourceMapper,
): Promise<JsonObject[]> {
  const byGroup = new Map<string, Set<string>>();
  for (const wanted of resources) {
    const { group, resource } = (await servedResource(wanted, mapper)) ?? wanted;
    const names = byGroup.get(group) ?? new Set();
    byGroup.set(group, names.add(wanted.subresource === '' ? resource : `${resource}/${wanted.subresource}`));
  }
  return [...byGroup]
    .sort(([left], [right]) => compareBytes(left, right))
    .map(([group, names]) => ({
      verbs: [...verbs],
      apiGroups: [group],
      resources: [...names],
      ...(resourceNames.length === 0 ? {} : { resourceNames: [...resourceNames] }),
    }));
}

async function servedResource(
  { resource, group }: GroupResource,
  mapper: ResourceMapper,
): Promise<GroupResource | undefined> {
  if (resource === '' || resource === '*') return undefined;
  const found = await mapper.resourceFor(group === '' ? resource : `${resource}.${group}`);
  if (found === undefined || !found.group.startsWith(group)) return undefined;
  return { group: found.group, resource: found.plural };
}
