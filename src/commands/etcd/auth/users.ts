import { answerJson } from '../../../etcd/answer-json.ts';
import { UserError } from '../../../model/user-error.ts';
import type { Command, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import type { Flag } from '../../flag.ts';
import { UsageError } from '../../usage-error.ts';
import { defineServerCommand, lines, showAnswer } from '../server/server-command.ts';
import { roleText } from './role-text.ts';

interface NewUser {
  readonly name: string;
  /** Undefined when it is read from standard input. */
  readonly password: string | undefined;
  readonly noPassword: boolean;
}

/** `etcd auth user add`. */
export const userAdd: Command = defineServerCommand<NewUser>({
  use: 'add (NAME | NAME:PASSWORD)',
  description: 'Add a user. The password is read from a line of standard input unless it is given.',
  examples: [
    { comment: 'With a password from a file', command: 'kubectl etcd auth user add alice < password.txt' },
    { comment: 'Known by a certificate alone', command: 'kubectl etcd auth user add node-1 --no-password' },
  ],
  flags: [
    { name: 'new-user-password', type: 'string', usage: 'The password; other users of this machine may see it.' },
    { name: 'no-password', type: 'bool', default: 'false', usage: 'Add a user that only a certificate can log in as.' },
    interactiveFlag(),
  ],
  formats: ['simple', 'json', 'fields'],
  parse(invocation) {
    const [text = ''] = words(invocation, ['NAME']);
    const { flags } = invocation;
    const noPassword = flags.bool('no-password');
    const given = flags.given('new-user-password');
    const colon = given === undefined && !noPassword ? text.indexOf(':') : -1;
    const name = colon < 0 ? text : text.slice(0, colon);
    if (name === '') throw new UserError('an empty user name is not allowed');
    if (noPassword && given !== undefined) {
      throw new UserError('--no-password and --new-user-password exclude each other');
    }
    return { name, password: noPassword ? '' : colon < 0 ? given : text.slice(colon + 1), noPassword };
  },
  async run({ name, password, noPassword }, server, context) {
    const secret = password ?? (await readPassword(context));
    const request = { name, password: secret, ...(noPassword ? { options: { no_password: true } } : {}) };
    return showAnswer(await server.change('Auth/UserAdd', request), `User ${name} created\n`);
  },
});

/** `etcd auth user delete`. */
export const userDelete: Command = defineServerCommand<readonly string[]>({
  use: 'delete NAME',
  description: 'Delete a user.',
  examples: [{ comment: 'A user', command: 'kubectl etcd auth user delete alice' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse: (invocation) => words(invocation, ['NAME']),
  async run([name = ''], server) {
    return showAnswer(await server.change('Auth/UserDelete', { name }), `User ${name} deleted\n`);
  },
});

/** `etcd auth user get`. */
export const userGet: Command = defineServerCommand<{ readonly name: string; readonly detail: boolean }>({
  use: 'get NAME [--detail]',
  description: 'Show the roles of a user.',
  examples: [{ comment: 'With what the roles allow', command: 'kubectl etcd auth user get alice --detail' }],
  flags: [{ name: 'detail', type: 'bool', default: 'false', usage: 'Show what the roles allow.' }],
  formats: ['simple', 'json'],
  parse(invocation) {
    const [name = ''] = words(invocation, ['NAME']);
    const detail = invocation.flags.bool('detail');
    if (detail && [...FORMAT_FLAGS].some((flag) => invocation.flags.string(flag) !== 'simple')) {
      throw new UserError('--detail is only for the output format simple');
    }
    return { name, detail };
  },
  async run({ name, detail }, server) {
    const answer = await server.read('Auth/UserGet', { name });
    const plain = `User: ${name}\nRoles:${answer.roles.map((role) => ` ${role}`).join('')}\n`;
    if (!detail) return { simple: plain, json: answerJson(answer) };
    const roles: string[] = [];
    for (const role of answer.roles) {
      roles.push(`\n${roleText(role, (await server.read('Auth/RoleGet', { role })).perm)}`);
    }
    return { simple: `User: ${name}\n${roles.join('')}` };
  },
});

const FORMAT_FLAGS = ['write-out', 'output'];

/** `etcd auth user list`. */
export const userList: Command = defineServerCommand<readonly string[]>({
  use: 'list',
  description: 'List the users.',
  examples: [{ comment: 'All users', command: 'kubectl etcd auth user list' }],
  flags: [],
  formats: ['simple', 'json'],
  parse: (invocation) => words(invocation, []),
  async run(_none, server) {
    const answer = await server.read('Auth/UserList', {});
    return { simple: lines(answer.users), json: answerJson(answer) };
  },
});

/** `etcd auth user passwd`. */
export const userPasswd: Command = defineServerCommand<readonly string[]>({
  use: 'passwd NAME',
  description: 'Change the password of a user to a line of standard input.',
  examples: [{ comment: 'From a file', command: 'kubectl etcd auth user passwd alice < password.txt' }],
  flags: [interactiveFlag()],
  formats: ['simple', 'json', 'fields'],
  parse: (invocation) => words(invocation, ['NAME']),
  async run([name = ''], server, context) {
    const password = await readPassword(context);
    return showAnswer(await server.change('Auth/UserChangePassword', { name, password }), 'Password updated\n');
  },
});

/** `etcd auth user grant-role`. */
export const userGrantRole: Command = defineServerCommand<readonly string[]>({
  use: 'grant-role USER ROLE',
  description: 'Give a user a role.',
  examples: [{ comment: 'A role', command: 'kubectl etcd auth user grant-role alice reader' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse: (invocation) => words(invocation, ['USER', 'ROLE']),
  async run([user = '', role = ''], server) {
    return showAnswer(
      await server.change('Auth/UserGrantRole', { user, role }),
      `Role ${role} is granted to user ${user}\n`,
    );
  },
});

/** `etcd auth user revoke-role`. */
export const userRevokeRole: Command = defineServerCommand<readonly string[]>({
  use: 'revoke-role USER ROLE',
  description: 'Take a role from a user.',
  examples: [{ comment: 'A role', command: 'kubectl etcd auth user revoke-role alice reader' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse: (invocation) => words(invocation, ['USER', 'ROLE']),
  async run([name = '', role = ''], server) {
    return showAnswer(
      await server.change('Auth/UserRevokeRole', { name, role }),
      `Role ${role} is revoked from user ${name}\n`,
    );
  },
});

/** etcdctl reads the password from a terminal unless this is false; here it always is a line of standard input. */
function interactiveFlag(): Flag {
  return {
    name: 'interactive',
    type: 'bool',
    default: 'true',
    hidden: true,
    usage: 'Taken because etcdctl has it: the password is a line of standard input either way.',
  } as const;
}

async function readPassword({ streams }: Context): Promise<string> {
  if (streams.in.isTerminal) {
    throw new UserError(
      'the password would be seen on the terminal: give it on standard input from a file or another program',
    );
  }
  const password = await streams.in.readLine();
  if (password === '') throw new UserError('standard input has no password: want a line that is not empty');
  return password;
}

function words({ args, commandPath }: Invocation, names: readonly string[]): readonly string[] {
  if (args.length === names.length && !args.includes('')) return args;
  const wanted = names.length === 0 ? 'no arguments' : names.join(' and ');
  throw new UsageError(`${commandPath} requires ${wanted}, got ${args.length}`);
}
