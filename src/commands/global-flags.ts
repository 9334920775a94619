import type { Flag } from './flag.ts';

/** Flags that every command takes: kubectl's own, then those that choose kube-lite's backend. */
export const globalFlags: readonly Flag[] = [
  {
    name: 'as',
    type: 'string',
    usage: 'User to act as, if you may; also a service account such as system:serviceaccount:NAMESPACE:NAME.',
  },
  { name: 'as-group', type: 'stringArray', default: '[]', usage: 'Group to act as; can be given several times.' },
  { name: 'as-uid', type: 'string', usage: 'UID to act as.' },
  {
    name: 'as-user-extra',
    type: 'stringArray',
    default: '[]',
    usage: 'Extra attribute KEY=VALUE of the user to act as; can be given several times.',
  },
  { name: 'cache-dir', type: 'string', values: 'folders', usage: 'Folder for cached discovery documents.' },
  {
    name: 'certificate-authority',
    type: 'string',
    values: 'files',
    usage: 'File with the certificates that the server is checked against.',
  },
  { name: 'client-certificate', type: 'string', values: 'files', usage: 'Client certificate file for TLS.' },
  { name: 'client-key', type: 'string', values: 'files', usage: 'Client key file for TLS.' },
  { name: 'cluster', type: 'string', values: 'clusters', usage: 'Name of the kubeconfig cluster to use.' },
  { name: 'context', type: 'string', values: 'contexts', usage: 'Name of the kubeconfig context to use.' },
  {
    name: 'disable-compression',
    type: 'bool',
    default: 'false',
    usage: 'Ask the server for answers that are not compressed.',
  },
  {
    name: 'error-format',
    type: 'string',
    values: ['text', 'json'],
    default: 'text',
    usage: "How errors are written: 'text', or 'json' for one Status document a line. kubectl has no such flag.",
  },
  {
    name: 'exit-codes',
    type: 'string',
    values: ['simple', 'detailed'],
    default: 'simple',
    usage:
      "Exit statuses of errors: 'simple' as kubectl's, or 'detailed', one for each kind of failure. kubectl has no such flag.",
  },
  {
    name: 'insecure-skip-tls-verify',
    type: 'bool',
    default: 'false',
    usage: "Do not check the server's certificate. This makes the connection insecure.",
  },
  { name: 'kubeconfig', type: 'string', values: 'files', usage: 'Kubeconfig file to use.' },
  {
    name: 'kuberc',
    type: 'string',
    values: 'files',
    usage: 'File of preferences. KUBERC=off or KUBECTL_KUBERC=false goes without one.',
  },
  {
    name: 'log-flush-frequency',
    type: 'duration',
    default: '5s',
    usage: 'Accepted for compatibility; logs are never held back.',
    hidden: true,
  },
  {
    name: 'match-server-version',
    type: 'bool',
    default: 'false',
    usage: "Require the server's version to match the client's.",
    hidden: true,
  },
  { name: 'namespace', short: 'n', type: 'string', values: 'namespaces', usage: 'Namespace to work in.' },
  { name: 'password', type: 'string', usage: 'Password for basic authentication to the API server.' },
  {
    name: 'profile',
    type: 'string',
    default: 'none',
    values: ['none'],
    usage: 'Profile to record. Those of kubectl are profiles of a Go program, which this is not: none.',
    hidden: true,
  },
  {
    name: 'profile-output',
    type: 'string',
    default: 'profile.pprof',
    usage: 'File for the profile of --profile.',
    hidden: true,
  },
  {
    name: 'request-timeout',
    type: 'string',
    default: '0',
    usage: 'Longest time that one request may take, such as 1s, 2m or 3h; 0 is no limit.',
  },
  {
    name: 'retry',
    type: 'int',
    default: '0',
    usage:
      'How often a request that failed is sent again, when sending it twice does no harm; with a growing pause. kubectl has no such flag.',
  },
  { name: 'server', short: 's', type: 'string', usage: 'Address and port of the API server.' },
  {
    name: 'tls-server-name',
    type: 'string',
    usage: "Name to check the server's certificate against, when it is not the host's.",
  },
  { name: 'token', type: 'string', usage: 'Bearer token for authentication to the API server.' },
  { name: 'user', type: 'string', values: 'users', usage: 'Name of the kubeconfig user to use.' },
  { name: 'username', type: 'string', usage: 'User name for basic authentication to the API server.' },
  { name: 'v', short: 'v', type: 'int', default: '0', usage: 'How much to log on standard error; 6 shows requests.' },
  {
    name: 'vmodule',
    type: 'string',
    usage: "Accepted for compatibility: levels of the log by Go's source files, which there are none of.",
    hidden: true,
  },
  {
    name: 'warnings-as-errors',
    type: 'bool',
    default: 'false',
    usage: 'Exit with an error when the server sends a warning.',
  },
  {
    name: 'backend',
    type: 'string',
    values: ['api', 'etcd', 'local'],
    usage: "Where the objects are: 'api', 'etcd' or 'local'.",
  },
  {
    name: 'color',
    type: 'string',
    values: ['auto', 'always', 'never'],
    default: 'auto',
    usage: "Colour in output: 'auto', 'always' or 'never'.",
  },
  { name: 'data-dir', type: 'string', values: 'folders', usage: 'Folder of the local store.' },
  {
    name: 'etcd-cacert',
    type: 'string',
    values: 'files',
    usage: 'File with the certificates that etcd servers are checked against.',
  },
  { name: 'etcd-cert', type: 'string', values: 'files', usage: 'Client certificate file for etcd.' },
  {
    name: 'etcd-encryption-config',
    type: 'string',
    values: 'files',
    usage:
      "The API server's EncryptionConfiguration file, to read and write values in etcd that are encrypted at rest.",
  },
  { name: 'etcd-dial-timeout', type: 'duration', usage: 'Longest time that one etcd endpoint may take to connect.' },
  {
    name: 'etcd-endpoints',
    type: 'stringList',
    default: '[]',
    usage: 'etcd endpoints, separated by commas; chooses the etcd backend.',
  },
  {
    name: 'etcd-insecure-skip-tls-verify',
    type: 'bool',
    default: 'false',
    usage: "Do not check etcd's certificate. This makes the connection insecure.",
  },
  { name: 'etcd-key', type: 'string', values: 'files', usage: 'Client key file for etcd.' },
  {
    name: 'etcd-password',
    type: 'string',
    usage: 'Password for etcd. Better in KUBE_LITE_ETCD_PASSWORD, where other users do not see it.',
  },
  {
    name: 'force-live',
    type: 'bool',
    default: 'false',
    usage: 'Write to etcd even while an API server is alive on it. Such writes pass the API server by.',
  },
  { name: 'etcd-prefix', type: 'string', default: '/registry', usage: 'Prefix of all keys of the API server in etcd.' },
  {
    name: 'etcd-snapshot',
    type: 'string',
    values: 'files',
    usage:
      'An etcd snapshot, or the database file or data directory of a member that is stopped, to read instead of a running etcd. Nothing can be written.',
  },
  {
    name: 'etcd-transport',
    type: 'string',
    values: ['grpc', 'http'],
    usage: "How to speak to etcd: 'grpc', or 'http' for its JSON gateway, where only that gets through.",
  },
  { name: 'etcd-user', type: 'string', usage: 'User name for etcd, or NAME:PASSWORD.' },
];

/** The flags that a command takes: its own, and the global ones that it has no flag of its own in the place of. */
export function flagsWithGlobal(own: readonly Flag[]): readonly Flag[] {
  const names = new Set(own.map(({ name }) => name));
  const shorts = new Set(own.flatMap(({ short }) => (short === undefined ? [] : [short])));
  const others = globalFlags.filter(({ name }) => !names.has(name));
  return [
    ...others.map((flag) => (flag.short !== undefined && shorts.has(flag.short) ? withoutShort(flag) : flag)),
    ...own,
  ];
}

function withoutShort({ short: _taken, ...flag }: Flag): Flag {
  return flag;
}
