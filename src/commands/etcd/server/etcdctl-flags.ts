import type { Command } from '../../command.ts';
import type { CommandRow } from '../../command-row.ts';
import type { Flag } from '../../flag.ts';

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
  const own = new Set(command.flags.map(({ name }) => name));
  return { ...command, flags: [...command.flags, ...etcdctlFlags.filter(({ name }) => !own.has(name))] };
}
