import { answerJson } from '../../../etcd/answer-json.ts';
import { headerFields } from '../../../etcd/answer-header.ts';
import { goQuote } from '../../../model/go-text.ts';
import { UserError } from '../../../model/user-error.ts';
import { prefixRange } from '../../../storage/key-range.ts';
import type { Command, Invocation } from '../../command.ts';
import type { Flag } from '../../flag.ts';
import { UsageError } from '../../usage-error.ts';
import { defineServerCommand, lines, showAnswer } from '../server/server-command.ts';
import { bounds, roleText } from './role-text.ts';

const PERMISSIONS = { read: 'Read', write: 'Write', readwrite: 'Readwrite' } as const;

const rangeFlags: readonly Flag[] = [
  { name: 'prefix', type: 'bool', default: 'false', usage: 'Mean all keys that start with KEY.' },
  { name: 'from-key', type: 'bool', default: 'false', usage: 'Mean all keys from KEY on.' },
];

/** `etcd auth role add`. */
export const roleAdd: Command = defineServerCommand<string>({
  use: 'add NAME',
  description: 'Add a role, which allows nothing yet.',
  examples: [{ comment: 'A role', command: 'kubectl etcd auth role add reader' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse: oneName,
  async run(name, server) {
    return showAnswer(await server.change('Auth/RoleAdd', { name }), `Role ${name} created\n`);
  },
});

/** `etcd auth role delete`. */
export const roleDelete: Command = defineServerCommand<string>({
  use: 'delete NAME',
  description: 'Delete a role, and take it from all users.',
  examples: [{ comment: 'A role', command: 'kubectl etcd auth role delete reader' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse: oneName,
  async run(role, server) {
    return showAnswer(await server.change('Auth/RoleDelete', { role }), `Role ${role} deleted\n`);
  },
});

/** `etcd auth role get`. */
export const roleGet: Command = defineServerCommand<string>({
  use: 'get NAME',
  description: 'Show what a role allows.',
  examples: [{ comment: 'A role', command: 'kubectl etcd auth role get reader' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse: oneName,
  async run(role, server) {
    const answer = await server.read('Auth/RoleGet', { role });
    return {
      simple: roleText(role, answer.perm),
      json: answerJson(answer),
      fields: lines([
        ...headerFields(answer.header),
        ...answer.perm.flatMap(({ permType, key, range_end: end }) => [
          `"PermType" :  ${permType.toUpperCase()}`,
          `"Key" : ${goQuote(key.toString('utf8'))}`,
          `"RangeEnd" : ${goQuote(end.toString('utf8'))}`,
        ]),
      ]),
    };
  },
});

/** `etcd auth role list`. */
export const roleList: Command = defineServerCommand({
  use: 'list',
  description: 'List the roles.',
  examples: [{ comment: 'All roles', command: 'kubectl etcd auth role list' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse({ args }) {
    if (args.length > 0) throw new UsageError(`role list takes no arguments, got ${args.length}`);
    return {};
  },
  async run(_options, server) {
    const answer = await server.read('Auth/RoleList', {});
    const quoted = answer.roles.map((role) => ` ${goQuote(role)}`).join('');
    return {
      simple: lines(answer.roles),
      json: answerJson(answer),
      fields: lines([...headerFields(answer.header), `"Roles" :${quoted}`]),
    };
  },
});

interface KeyRangeOptions {
  readonly role: string;
  readonly key: string;
  /** Empty for one key. */
  readonly end: string;
}

interface GrantOptions extends KeyRangeOptions {
  readonly permission: (typeof PERMISSIONS)[keyof typeof PERMISSIONS];
}

/** `etcd auth role grant-permission`. */
export const roleGrantPermission: Command = defineServerCommand<GrantOptions>({
  use: 'grant-permission ROLE (read | write | readwrite) KEY [END] [--prefix | --from-key]',
  description: 'Have a role allow reading, writing or both: of a key, a range of keys, or all keys with a prefix.',
  examples: [
    {
      comment: 'All config maps, to read',
      command: 'kubectl etcd auth role grant-permission reader read /registry/configmaps/ --prefix',
    },
  ],
  flags: rangeFlags,
  formats: ['simple', 'json', 'fields'],
  parse({ args, flags }) {
    const [role = '', kind = '', ...range] = args;
    const permission = Object.entries(PERMISSIONS).find(([name]) => name === kind.toLowerCase())?.[1];
    if (args.length < 3) throw new UsageError(`ROLE, permission and KEY are required, got ${args.length}`);
    if (permission === undefined) {
      throw new UserError(
        `the permission must be one of ${Object.keys(PERMISSIONS).join(', ')}, not ${JSON.stringify(kind)}`,
      );
    }
    return { role, permission, ...keyRangeOf(range, flags.bool('prefix'), flags.bool('from-key')) };
  },
  async run({ role, permission, key, end }, server) {
    const perm = { permType: permission, key: bytes(key), range_end: bytes(end) };
    return showAnswer(await server.change('Auth/RoleGrantPermission', { name: role, perm }), `Role ${role} updated\n`);
  },
});

/** `etcd auth role revoke-permission`. */
export const roleRevokePermission: Command = defineServerCommand<KeyRangeOptions>({
  use: 'revoke-permission ROLE KEY [END] [--prefix | --from-key]',
  description: 'Take from a role what it allows with a key or range, which must be the one that was granted.',
  examples: [
    { comment: 'A prefix', command: 'kubectl etcd auth role revoke-permission reader /registry/configmaps/ --prefix' },
  ],
  flags: rangeFlags,
  formats: ['simple', 'json', 'fields'],
  parse({ args, flags }) {
    const [role = '', ...range] = args;
    if (args.length < 2) throw new UsageError(`ROLE and KEY are required, got ${args.length}`);
    return { role, ...keyRangeOf(range, flags.bool('prefix'), flags.bool('from-key')) };
  },
  async run({ role, key, end }, server) {
    const answer = await server.change('Auth/RoleRevokePermission', { role, key: bytes(key), range_end: bytes(end) });
    const what = end === '' ? `key ${key}` : `range ${bounds(key, end)}`;
    return showAnswer(answer, `Permission of ${what} is revoked from role ${role}\n`);
  },
});

function keyRangeOf(
  args: readonly string[],
  prefix: boolean,
  fromKey: boolean,
): { readonly key: string; readonly end: string } {
  const [key = '', end = '', ...more] = args;
  if (more.length > 0) throw new UsageError(`too many arguments: ${more.join(' ')}`);
  if (prefix && fromKey) throw new UserError('--prefix and --from-key exclude each other');
  if ((prefix || fromKey) && end !== '') throw new UserError('END cannot be used with --prefix or --from-key');
  if (fromKey || (prefix && key === '')) return { key: key === '' ? '\0' : key, end: '\0' };
  if (!prefix) return { key, end };
  return { key, end: Buffer.from(prefixRange(bytes(key)).rangeEnd).toString('utf8') };
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

function oneName({ args }: Invocation): string {
  const [name] = args;
  if (name !== undefined && name !== '' && args.length === 1) return name;
  throw new UsageError(`exactly one role NAME is required, got ${args.length}`);
}
