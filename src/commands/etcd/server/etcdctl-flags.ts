import { UserError } from '../../../model/user-error.ts';
import type { Command, Invocation } from '../../command.ts';
import type { CommandRow } from '../../command-row.ts';
import type { Flag } from '../../flag.ts';

/** etcdctl's flags that change nothing here, or ask for what there is not. */
const acceptedFlags: readonly Flag[] = [
  {
    name: 'insecure-transport',
    type: 'bool',
    default: 'true',
    usage: 'Accepted for compatibility: TLS is used where an endpoint is https or a TLS file is given.',
    hidden: true,
  },
  {
    name: 'insecure-discovery',
    type: 'bool',
    default: 'true',
    usage: 'Accepted for compatibility: endpoints are not discovered.',
    hidden: true,
  },
  {
    name: 'debug',
    type: 'bool',
    default: 'false',
    usage: 'Accepted for compatibility: --v shows the requests.',
    hidden: true,
  },
  {
    name: 'keepalive-time',
    type: 'duration',
    default: '2s',
    usage: 'Accepted for compatibility: every call and every watch has a deadline of its own.',
    hidden: true,
  },
  {
    name: 'keepalive-timeout',
    type: 'duration',
    default: '6s',
    usage: 'Accepted for compatibility: every call and every watch has a deadline of its own.',
    hidden: true,
  },
  { name: 'discovery-srv', short: 'd', type: 'string', usage: 'Refused: give --endpoints.', hidden: true },
  { name: 'discovery-srv-name', type: 'string', usage: 'Refused: give --endpoints.', hidden: true },
];

/** etcdctl's global flags, which every command of the group `etcd` takes under etcdctl's own names. */
const etcdctlFlags: readonly Flag[] = [
  { name: 'endpoints', type: 'stringList', standsFor: 'etcd-endpoints', usage: 'The same as --etcd-endpoints.' },
  { name: 'cacert', type: 'string', values: 'files', standsFor: 'etcd-cacert', usage: 'The same as --etcd-cacert.' },
  { name: 'cert', type: 'string', values: 'files', standsFor: 'etcd-cert', usage: 'The same as --etcd-cert.' },
  { name: 'key', type: 'string', values: 'files', standsFor: 'etcd-key', usage: 'The same as --etcd-key.' },
  { name: 'user', type: 'string', standsFor: 'etcd-user', usage: 'The same as --etcd-user.' },
  { name: 'password', type: 'string', standsFor: 'etcd-password', usage: 'The same as --etcd-password.' },
  {
    name: 'insecure-skip-tls-verify',
    type: 'bool',
    default: 'false',
    standsFor: 'etcd-insecure-skip-tls-verify',
    usage: 'The same as --etcd-insecure-skip-tls-verify.',
  },
  {
    name: 'command-timeout',
    type: 'duration',
    standsFor: 'request-timeout',
    usage: 'Longest time that one call may take; the same as --request-timeout.',
  },
  {
    name: 'dial-timeout',
    type: 'duration',
    standsFor: 'etcd-dial-timeout',
    usage: 'Longest time that one endpoint may take to connect; the same as --etcd-dial-timeout.',
  },
];

/** The row, and all rows below it, with etcdctl's global flags on every command. */
export function withEtcdctlFlags(row: CommandRow): CommandRow {
  const { load, children } = row;
  return {
    ...row,
    ...(load === undefined ? {} : { load: async () => addFlags(await load()) }),
    ...(children === undefined ? {} : { children: children.map(withEtcdctlFlags) }),
  };
}

function addFlags(command: Command): Command {
  const own = new Set(
    command.flags.flatMap(({ name, short }) => [name, ...(short === undefined ? [] : [`-${short}`])]),
  );
  const added = [...etcdctlFlags, ...acceptedFlags].filter(
    ({ name, short }) => !own.has(name) && (short === undefined || !own.has(`-${short}`)),
  );
  return {
    ...command,
    flags: [...command.flags, ...added],
    parse(invocation) {
      refuseDiscovery(invocation);
      refusePlain(invocation);
      return command.parse(invocation);
    },
  };
}

function refuseDiscovery({ flags, env }: Invocation): void {
  const named = ['discovery-srv', 'discovery-srv-name'].find(
    (name) => flags.defines(name) && flags.string(name) !== '',
  );
  const variable = ['ETCDCTL_DISCOVERY_SRV', 'ETCDCTL_DISCOVERY_SRV_NAME'].find((name) => (env[name] ?? '') !== '');
  const asked = named === undefined ? variable : `--${named}`;
  if (asked === undefined) return;
  throw new UserError(`${asked}: endpoints are not discovered by DNS; give --endpoints, or set ETCDCTL_ENDPOINTS`);
}

/** Who wants TLS for certain does not get an address that is spoken to without. */
function refusePlain({ flags, env }: Invocation): void {
  if (!flags.defines('insecure-transport')) return;
  const asked = flags.changed('insecure-transport')
    ? flags.string('insecure-transport')
    : env['ETCDCTL_INSECURE_TRANSPORT'];
  if (asked !== 'false') return;
  const hasFile = ['cacert', 'cert'].some((name) => flags.changed(name) || env[`ETCDCTL_${name.toUpperCase()}`]);
  const endpoints = flags.changed('endpoints') ? flags.list('endpoints') : (env['ETCDCTL_ENDPOINTS'] ?? '').split(',');
  const plain = endpoints.find((each) => !each.trim().startsWith('https://') && (!hasFile || each.includes('://')));
  if (plain === undefined) return;
  throw new UserError(
    `insecure-transport is false, and ${JSON.stringify(plain)} is no https endpoint; write it as https://HOST:PORT`,
  );
}
