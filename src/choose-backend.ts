import path from 'node:path';
import type { BackendKind } from './commands/context.ts';
import type { FlagValues } from './commands/flag-values.ts';
import { UserError } from './model/user-error.ts';

/** Which backend a command line means, and why. */
export interface BackendChoice {
  readonly kind: BackendKind;
  /** True when nothing chose it: a person must be told that no cluster was reached. */
  readonly byDefault: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const API_FLAGS = ['server', 'kubeconfig', 'context', 'cluster', 'user', 'token'];
const KINDS: readonly BackendKind[] = ['api', 'etcd', 'local'];

/**
 * A flag beats an environment variable, which beats a config file, which beats the default. Throws UserError for an unknown
 * `--backend` and for flags that name two backends. `clusterIsConfigured` looks for a kubeconfig, and is only asked when
 * nothing else decides. A command `likeEtcdctl` is also told by etcdctl's own ETCDCTL_ENDPOINTS.
 */
export async function chooseBackend(
  flags: FlagValues,
  env: Environment,
  clusterIsConfigured: () => Promise<boolean>,
  likeEtcdctl = false,
): Promise<BackendChoice> {
  const named = flags.given('backend') ?? (namesOne(flags) ? undefined : env['KUBE_LITE_BACKEND']);
  if (named !== undefined && named !== '') {
    const kind = KINDS.find((each) => each === named);
    if (kind === undefined) {
      throw new UserError(`--backend must be one of api, etcd, local, not ${JSON.stringify(named)}`);
    }
    return { kind, byDefault: false };
  }
  const byFlag = kindOfFlags(flags);
  if (byFlag !== undefined) return { kind: byFlag, byDefault: false };
  if (env['KUBE_LITE_ETCD_ENDPOINTS'] || env['KUBE_LITE_ETCD_SNAPSHOT']) return { kind: 'etcd', byDefault: false };
  if (env['KUBE_LITE_DATA_DIR']) return { kind: 'local', byDefault: false };
  if (likeEtcdctl && env['ETCDCTL_ENDPOINTS']) return { kind: 'etcd', byDefault: false };
  return (await clusterIsConfigured()) ? { kind: 'api', byDefault: false } : { kind: 'local', byDefault: true };
}

function namesOne(flags: FlagValues): boolean {
  return kindOfFlags(flags) !== undefined;
}

function kindOfFlags(flags: FlagValues): BackendKind | undefined {
  const found = [
    ...API_FLAGS.filter((name) => flags.given(name)).map((flag) => ({ flag, kind: 'api' as const })),
    ...(flags.list('etcd-endpoints').length > 0 ? [{ flag: 'etcd-endpoints', kind: 'etcd' as const }] : []),
    ...(flags.given('etcd-snapshot') ? [{ flag: 'etcd-snapshot', kind: 'etcd' as const }] : []),
    ...(flags.given('data-dir') ? [{ flag: 'data-dir', kind: 'local' as const }] : []),
  ];
  const [first] = found;
  const other = found.find((each) => each.kind !== first?.kind);
  if (first !== undefined && other !== undefined) {
    throw new UserError(
      `--${first.flag} and --${other.flag} name two backends (${first.kind} and ${other.kind}); give one, or say which with --backend`,
    );
  }
  return first?.kind;
}

/** The folder of the local store: flag, environment, or the user's data folder. */
export function localFolder(flags: FlagValues, env: Environment, homeFolder: string): string {
  const named = flags.given('data-dir') || env['KUBE_LITE_DATA_DIR'];
  if (named) return path.resolve(named);
  const dataHome = env['XDG_DATA_HOME'] || path.join(homeFolder, '.local', 'share');
  return path.join(dataHome, 'kube-lite');
}
