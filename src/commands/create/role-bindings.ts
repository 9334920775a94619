import type { JsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';
import { requireOneName } from '../resource-words.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';
import { FirstError } from '../first-error.ts';

const GROUP = 'rbac.authorization.k8s.io';

interface BindingOptions {
  readonly name: string;
  readonly role: { readonly kind: 'Role' | 'ClusterRole'; readonly name: string };
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** As `NAMESPACE:NAME`. */
  readonly serviceAccounts: readonly string[];
  readonly common: GeneratorOptions;
}

const clusterRoleFlag: Flag = { name: 'clusterrole', type: 'string', usage: 'Cluster role to bind to.' };

const subjectFlags: readonly Flag[] = [
  { name: 'group', type: 'stringArray', default: '[]', usage: 'Group to bind; can be given several times.' },
  {
    name: 'serviceaccount',
    type: 'stringArray',
    default: '[]',
    usage: 'Service account to bind, as NAMESPACE:NAME; can be given several times.',
  },
  { name: 'user', type: 'stringArray', default: '[]', usage: 'User to bind; can be given several times.' },
];

/** `create rolebinding`. */
export const createRoleBinding: Command = defineCommand<BindingOptions>({
  use: 'rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  description:
    'Create a role binding with the given name: users, groups and service accounts that have a role in a namespace.',
  examples: [
    {
      comment: 'Two users and a group with the role admin',
      command: 'kubectl create rolebinding admin --clusterrole=admin --user=user1 --user=user2 --group=group1',
    },
    {
      comment: 'A service account with the role view',
      command: 'kubectl create rolebinding admin-binding --role=admin --serviceaccount=monitoring:sa-dev',
    },
  ],
  flags: [
    ...generatorFlags,
    clusterRoleFlag,
    { name: 'role', type: 'string', usage: 'Role to bind to.' },
    ...subjectFlags,
  ],
  refusesFirst: 'format-after-name',
  parse({ args, argsBeforeDash, flags }: Invocation) {
    const name = requireOneName(args, argsBeforeDash);
    const common = generatorOptions(flags);
    const [clusterRole, role] = [flags.string('clusterrole'), flags.string('role')];
    if ((clusterRole === '') === (role === '')) {
      throw new UserError('exactly one of clusterrole or role must be specified');
    }
    const wanted =
      role === '' ? ({ kind: 'ClusterRole', name: clusterRole } as const) : ({ kind: 'Role', name: role } as const);
    return { name, role: wanted, ...subjectsOf(flags), common };
  },
  async run(options, context) {
    const object = { kind: 'RoleBinding', ...binding(options) };
    await createGenerated({ object, failure: 'failed to create rolebinding: ' }, options.common, context);
  },
});

/** `create clusterrolebinding`. */
export const createClusterRoleBinding: Command = defineCommand<BindingOptions>({
  use: 'clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  description:
    'Create a cluster role binding with the given name: users, groups and service accounts that have a role everywhere.',
  examples: [
    {
      comment: 'Two users and a group with the role cluster-admin',
      command:
        'kubectl create clusterrolebinding cluster-admin --clusterrole=cluster-admin --user=user1 --user=user2 --group=group1',
    },
  ],
  flags: [...generatorFlags, clusterRoleFlag, ...subjectFlags],
  refusesFirst: 'format-after-name',
  parse({ args, argsBeforeDash, flags }: Invocation) {
    if (!flags.changed('clusterrole')) throw new FirstError('required flag(s) "clusterrole" not set');
    const name = requireOneName(args, argsBeforeDash);
    const role = { kind: 'ClusterRole', name: flags.string('clusterrole') } as const;
    return { name, role, ...subjectsOf(flags), common: generatorOptions(flags) };
  },
  async run(options, context) {
    const object = { kind: 'ClusterRoleBinding', ...binding(options) };
    await createGenerated({ object, failure: 'failed to create clusterrolebinding: ' }, options.common, context);
  },
});

function subjectsOf(flags: FlagValues): Pick<BindingOptions, 'users' | 'groups' | 'serviceAccounts'> {
  return { users: flags.list('user'), groups: flags.list('group'), serviceAccounts: flags.list('serviceaccount') };
}

/** What both kinds have, in Go's order. */
function binding({ name, role, users, groups, serviceAccounts }: BindingOptions) {
  const subjects: JsonObject[] = [
    ...users.map((user) => ({ kind: 'User', apiGroup: GROUP, name: user })),
    ...groups.map((group) => ({ kind: 'Group', apiGroup: GROUP, name: group })),
    ...serviceAccounts.map(serviceAccountSubject),
  ];
  return {
    apiVersion: `${GROUP}/v1`,
    metadata: { name },
    ...(subjects.length === 0 ? {} : { subjects }),
    roleRef: { apiGroup: GROUP, kind: role.kind, name: role.name },
  };
}

function serviceAccountSubject(text: string): JsonObject {
  const [namespace, name, ...more] = text.split(':');
  if (!namespace || !name || more.length > 0) throw new UserError('serviceaccount must be <namespace>:<name>');
  return { kind: 'ServiceAccount', name, namespace };
}
