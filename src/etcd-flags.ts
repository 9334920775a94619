import type { FlagValues } from './commands/flag-values.ts';
import { UserError } from './model/user-error.ts';
import { parseDuration } from './model/duration.ts';
import type { EtcdOptions } from './storage/etcd/etcd-options.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How to reach etcd: flags, then `KUBE_LITE_ETCD_…`, then etcdctl's own `ETCDCTL_…` variables, so that a shell that is set
 * up for etcdctl works. Throws UserError when no endpoint is known, the user has no password, or a value makes no sense.
 */
export function etcdOptions(flags: FlagValues, env: Environment, byDefault: readonly string[] = []): EtcdOptions {
  const text = (flag: string, name: string): string | undefined =>
    flags.given(`etcd-${flag}`) || env[`KUBE_LITE_ETCD_${name}`] || env[`ETCDCTL_${name}`] || undefined;
  const given = flags.list('etcd-endpoints');
  const named = env['KUBE_LITE_ETCD_ENDPOINTS'] || env['ETCDCTL_ENDPOINTS'] || '';
  const known = (given.length > 0 ? given : named.split(',')).map((each) => each.trim()).filter((each) => each !== '');
  const endpoints = known.length > 0 ? known : byDefault;
  if (endpoints.length === 0) {
    throw new UserError(
      'the etcd backend needs to know where etcd is: give --etcd-endpoints or set KUBE_LITE_ETCD_ENDPOINTS',
    );
  }
  const insecure = flags.bool('etcd-insecure-skip-tls-verify') || env['ETCDCTL_INSECURE_SKIP_TLS_VERIFY'] === 'true';
  return {
    endpoints,
    caFile: text('cacert', 'CACERT'),
    certFile: text('cert', 'CERT'),
    keyFile: text('key', 'KEY'),
    insecureSkipVerify: insecure,
    ...credentials(text('user', 'USER'), text('password', 'PASSWORD')),
    transport: transportOf(text('transport', 'TRANSPORT')),
    dialTimeoutMs: milliseconds(text('dial-timeout', 'DIAL_TIMEOUT'), '--etcd-dial-timeout'),
    requestTimeoutMs: requestTimeout(flags) ?? milliseconds(env['ETCDCTL_COMMAND_TIMEOUT'], 'ETCDCTL_COMMAND_TIMEOUT'),
  };
}

/** `NAME:PASSWORD`, or a name and a password of their own. Throws UserError for a name without one. */
function credentials(
  user: string | undefined,
  password: string | undefined,
): Pick<EtcdOptions, 'username' | 'password'> {
  const colon = user?.indexOf(':') ?? -1;
  if (colon >= 0) return { username: user?.slice(0, colon), password: user?.slice(colon + 1) };
  if (user !== undefined && password === undefined) {
    throw new UserError(
      '--etcd-user is given without a password: add it as NAME:PASSWORD, or set KUBE_LITE_ETCD_PASSWORD',
    );
  }
  return { username: user, password };
}

function transportOf(text: string | undefined): 'grpc' | 'http' | undefined {
  if (text === undefined || text === 'grpc' || text === 'http') return text;
  throw new UserError(`--etcd-transport must be grpc or http, not ${JSON.stringify(text)}`);
}

/** A duration in milliseconds; undefined for none. */
function milliseconds(text: string | undefined, name: string): number | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const value = Number(parseDuration(text)) / 1e6;
    if (value > 0) return value;
  } catch (error) {
    throw new UserError(`${name} is no duration: ${JSON.stringify(text)}; want one such as 5s`, { cause: error });
  }
  throw new UserError(`${name} must be more than zero, not ${JSON.stringify(text)}`);
}

/** `--request-timeout` in milliseconds; undefined for none. A bare number is seconds. */
function requestTimeout(flags: FlagValues): number | undefined {
  const text = flags.string('request-timeout');
  if (text === '' || text === '0') return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  try {
    return Number(parseDuration(text)) / 1e6;
  } catch (error) {
    const message =
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)';
    throw new UserError(message, { cause: error });
  }
}

/** The prefix of all keys of the API server, without a slash at its end: `--etcd-prefix`, `KUBE_LITE_ETCD_PREFIX`, `/registry`. */
export function keyPrefix(flags: FlagValues, env: Environment): string {
  const named = flags.given('etcd-prefix') ?? env['KUBE_LITE_ETCD_PREFIX'];
  return (named || flags.string('etcd-prefix')).replace(/\/+$/, '');
}

/** The EncryptionConfiguration file: `--etcd-encryption-config`, `KUBE_LITE_ETCD_ENCRYPTION_CONFIG`; undefined for none. */
export function encryptionConfigFile(flags: FlagValues, env: Environment): string | undefined {
  return flags.given('etcd-encryption-config') || env['KUBE_LITE_ETCD_ENCRYPTION_CONFIG'] || undefined;
}

/**
 * The file to read instead of a running etcd: `--etcd-snapshot`, then `KUBE_LITE_ETCD_SNAPSHOT`; undefined for none. Throws
 * UserError when endpoints are named as well.
 */
export function etcdSnapshot(flags: FlagValues, env: Environment): string | undefined {
  const byFlag = flags.given('etcd-snapshot');
  const endpointsGiven = flags.list('etcd-endpoints').length > 0;
  if (byFlag) {
    if (!endpointsGiven) return byFlag;
    throw new UserError('--etcd-snapshot and --etcd-endpoints name two places to read from; give one');
  }
  const named = env['KUBE_LITE_ETCD_SNAPSHOT'] || undefined;
  if (named === undefined || endpointsGiven) return undefined;
  if (env['KUBE_LITE_ETCD_ENDPOINTS']) {
    throw new UserError('KUBE_LITE_ETCD_SNAPSHOT and KUBE_LITE_ETCD_ENDPOINTS are both set; unset one');
  }
  return named;
}
