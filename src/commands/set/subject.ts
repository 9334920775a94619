import type { JsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { selectingSetFlags, setOptions } from './set-flags.ts';
import { setObjects, type SetOptions } from './set-objects.ts';
import { objectsIn } from '../objects-in.ts';

const RBAC = 'rbac.authorization.k8s.io';

interface SubjectOptions extends SetOptions {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** `namespace:name`, the namespace perhaps empty. */
  readonly serviceAccounts: readonly string[];
  /** The same in the order given, in which they are checked. */
  readonly givenAccounts: readonly string[];
}

/** `set subject`: adds subjects to role bindings. */
export const setSubject: Command = defineCommand<SubjectOptions>({
  use: 'subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  description: 'Add users, groups and service accounts to role bindings and cluster role bindings.',
  examples: [
    {
      comment: 'Add a service account',
      command: 'kubectl set subject clusterrolebinding admin --serviceaccount=namespace:serviceaccount1',
    },
    {
      comment: 'Add two users and a group',
      command: 'kubectl set subject rolebinding admin --user=user1 --user=user2 --group=group1',
    },
  ],
  flags: [
    ...selectingSetFlags,
    { name: 'group', type: 'stringArray', default: '[]', usage: 'A group to add.' },
    {
      name: 'serviceaccount',
      type: 'stringArray',
      default: '[]',
      usage: 'A service account to add, as NAMESPACE:NAME.',
    },
    { name: 'user', type: 'stringArray', default: '[]', usage: 'A user to add.' },
  ],
  refusesFirst: 'format',
  parse,
  run,
});

function parse(invocation: Invocation): SubjectOptions {
  const { args, flags } = invocation;
  const options = setOptions(invocation, args, true);
  const users = sorted(flags.list('user'));
  const groups = sorted(flags.list('group'));
  const serviceAccounts = sorted(flags.list('serviceaccount'));
  const problems = [...options.problems];
  if (options.request.all === true && options.request.labelSelector !== undefined) {
    problems.push('cannot set --all and --selector at the same time');
  }
  if (users.length + groups.length + serviceAccounts.length === 0) {
    problems.push('you must specify at least one value of user, group or serviceaccount');
  }
  const givenAccounts = flags.list('serviceaccount');
  return { ...options, problems: problems.slice(0, 1), users, groups, serviceAccounts, givenAccounts };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

async function run(options: SubjectOptions, context: Context): Promise<void> {
  const namespace = (await context.namespace()).name;
  const subjects = [
    ...options.users.map((name) => ({ kind: 'User', apiGroup: RBAC, name })),
    ...options.groups.map((name) => ({ kind: 'Group', apiGroup: RBAC, name })),
    ...options.serviceAccounts.map((account) => {
      const [given = '', name = ''] = account.split(':');
      return { kind: 'ServiceAccount', name, namespace: given === '' ? namespace : given };
    }),
  ];
  await setObjects(
    options,
    {
      word: 'subjects updated',
      failure: 'failed to patch subjects to rolebinding: ',
      check(found) {
        const clusterWide = found.some(({ object }) => object.kind === 'ClusterRoleBinding');
        for (const account of options.givenAccounts) checkAccount(account, clusterWide);
      },
      change(_found, object) {
        if (object.kind !== 'RoleBinding' && object.kind !== 'ClusterRoleBinding') {
          throw new UserError('setting subjects is only supported for RoleBinding/ClusterRoleBinding');
        }
        const present = objectsIn(object as unknown as JsonObject, 'subjects');
        const added = subjects.filter((subject) => !present.some((each) => sameSubject(each, subject)));
        object['subjects'] = [...present, ...added];
        return added.length > 0;
      },
    },
    context,
  );
}

function checkAccount(account: string, clusterWide: boolean): void {
  const wanted = 'serviceaccount must be <namespace>:<name>';
  if (!/^[^:]*:[^:]+$/.test(account)) throw new UserError(wanted);
  if (clusterWide && account.startsWith(':')) throw new UserError(`${wanted}, namespace must be specified`);
}

function sameSubject(present: JsonObject, wanted: JsonObject): boolean {
  return ['kind', 'apiGroup', 'name', 'namespace'].every((field) => (present[field] ?? '') === (wanted[field] ?? ''));
}
