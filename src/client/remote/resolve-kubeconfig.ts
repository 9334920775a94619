import { ConfigurationError } from '../../model/configuration-error.ts';
import { UserError } from '../../model/user-error.ts';
import type { ClusterEntry, ContextEntry, Kubeconfig, UserEntry } from './kubeconfig-entries.ts';
import { clusterProblems, userProblems } from './kubeconfig-problems.ts';

/** How a command line's flags are read; FlagValues has this shape. */
export interface FlagReader {
  given(name: string): string | undefined;
  list(name: string): string[];
  bool(name: string): boolean;
}

/** What kubeconfig and flags together say, before any file that they name was read. */
export interface ResolvedKubeconfig {
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  readonly userName: string;
  readonly context: ContextEntry;
  /** True when neither kubeconfig nor flags name a server. */
  readonly byDefault: boolean;
}

const NO_CLUSTER: ClusterEntry = {
  server: '',
  tlsServerName: '',
  insecureSkipTlsVerify: false,
  certificateAuthority: '',
  certificateAuthorityData: '',
  proxyUrl: '',
  disableCompression: false,
};

const NO_USER: UserEntry = {
  clientCertificate: '',
  clientCertificateData: '',
  clientKey: '',
  clientKeyData: '',
  token: '',
  tokenFile: '',
  username: '',
  password: '',
  impersonate: '',
  impersonateUid: '',
  impersonateGroups: [],
  impersonateUserExtra: {},
};

/**
 * Chooses context, cluster and user, lays the flags over them and checks the whole; mirrors client-go's
 * DirectClientConfig. Throws UserError or ConfigurationError in kubectl's words.
 */
export function resolveKubeconfig(config: Kubeconfig, flags: FlagReader, defaultServer: string): ResolvedKubeconfig {
  const contextName = flags.given('context') || config.currentContext;
  const named = config.contexts.get(contextName);
  const context = {
    cluster: flags.given('cluster') || (named?.cluster ?? ''),
    user: flags.given('user') || (named?.user ?? ''),
    namespace: named?.namespace ?? '',
  };
  const lost = contextName !== '' && named === undefined;
  if (!lost) checkChosen(config, flags);
  const cluster = clusterWithFlags(config.clusters.get(context.cluster), flags);
  const user = userWithFlags(config.users.get(context.user), flags);
  const problems = [...userProblems(context.user, user), ...clusterProblems(context.cluster, cluster)];
  if (lost) throw new ConfigurationError([`context was not found for specified context: ${contextName}`, ...problems]);
  refuseProblems(problems);
  const resolved = { user, userName: context.user, context };
  if (cluster.server !== '') return { ...resolved, cluster, byDefault: false };
  return { ...resolved, cluster: { ...cluster, server: defaultServer }, byDefault: true };
}

function refuseProblems(problems: readonly string[]): void {
  const [only] = problems;
  if (problems.length === 1 && only !== undefined) throw new UserError(only);
  if (problems.length > 1) throw new ConfigurationError(problems);
}

/** What a flag names must be there; what a context names need not. */
function checkChosen(config: Kubeconfig, flags: FlagReader): void {
  const user = flags.given('user');
  if (user && !config.users.has(user)) throw new UserError(`auth info ${JSON.stringify(user)} does not exist`);
  const cluster = flags.given('cluster');
  if (cluster && !config.clusters.has(cluster)) {
    throw new UserError(`no server found for cluster ${JSON.stringify(cluster)}`);
  }
}

function clusterWithFlags(entry: ClusterEntry = NO_CLUSTER, flags: FlagReader): ClusterEntry {
  const server = flags.given('server') ?? '';
  const authority = flags.given('certificate-authority') ?? '';
  const serverName = flags.given('tls-server-name') ?? '';
  const insecure = flags.bool('insecure-skip-tls-verify');
  return {
    ...entry,
    ...(server === '' ? {} : { server }),
    // A flag about trust replaces all that the kubeconfig says of it.
    ...(insecure || authority !== ''
      ? { insecureSkipTlsVerify: insecure, certificateAuthority: authority, certificateAuthorityData: '' }
      : {}),
    ...(serverName !== '' || server !== '' ? { tlsServerName: serverName } : {}),
    ...(flags.bool('disable-compression') ? { disableCompression: true } : {}),
  };
}

function userWithFlags(entry: UserEntry = NO_USER, flags: FlagReader): UserEntry {
  const text = (name: string): string => flags.given(name) ?? '';
  const groups = flags.list('as-group');
  const extra = extraOf(flags.list('as-user-extra'));
  return {
    ...entry,
    ...(text('token') === '' ? {} : { token: text('token'), tokenFile: '' }),
    ...(text('username') === '' ? {} : { username: text('username') }),
    ...(text('password') === '' ? {} : { password: text('password') }),
    ...(text('client-certificate') === ''
      ? {}
      : { clientCertificate: text('client-certificate'), clientCertificateData: '' }),
    ...(text('client-key') === '' ? {} : { clientKey: text('client-key'), clientKeyData: '' }),
    ...(text('as') === '' ? {} : { impersonate: text('as') }),
    ...(text('as-uid') === '' ? {} : { impersonateUid: text('as-uid') }),
    ...(groups.length === 0 ? {} : { impersonateGroups: groups }),
    ...(Object.keys(extra).length === 0 ? {} : { impersonateUserExtra: extra }),
  };
}

/** `KEY=VALUE` flags; a key may come several times. */
function extraOf(pairs: readonly string[]): Record<string, string[]> {
  const extra = new Map<string, string[]>();
  for (const pair of pairs) {
    const [key = '', ...rest] = pair.split('=');
    if (rest.length === 0) {
      throw new UserError(`as-user-extra must be in the form of key=value, got ${JSON.stringify(pair)}`);
    }
    extra.set(key, [...(extra.get(key) ?? []), rest.join('=')]);
  }
  return Object.fromEntries(extra);
}
