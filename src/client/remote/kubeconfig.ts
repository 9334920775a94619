import fs from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { kubeconfigFiles } from '../../kubeconfig/kubeconfig-files.ts';
import { ConnectionError } from '../../model/connection-error.ts';
import { UserError } from '../../model/user-error.ts';
import { goFileError } from '../../model/go-file-error.ts';
import { impersonationHeaders } from './impersonation-headers.ts';
import type { ClusterEntry, UserEntry } from './kubeconfig-entries.ts';
import { loadKubeconfig } from './load-kubeconfig.ts';
import { pluginCredentials, type PluginRefusal } from './plugin-credentials.ts';
import { parseProxyUrl, proxyOfEnvironment } from './proxy-url.ts';
import type { RemoteConnection } from './remote-connection.ts';
import { parseRequestTimeout } from './request-timeout.ts';
import { type FlagReader, resolveKubeconfig, type ResolvedKubeconfig } from './resolve-kubeconfig.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Whether anything names a server: a flag, a kubeconfig file that is there, or a pod's service account. Reads no file. */
export function hasKubeconfig(flags: FlagReader, env: Environment, homeFolder: string): boolean {
  if (flags.given('server') || flags.given('kubeconfig') || env['KUBERNETES_MASTER']) return true;
  const files = kubeconfigFiles(undefined, env, homeFolder);
  return ('list' in files && files.list.some((each) => fs.existsSync(each))) || isInCluster(env, SERVICE_ACCOUNT);
}

/** A connection with the namespace of the context that it came from. */
export type NamespacedConnection = RemoteConnection & { readonly namespace?: string };

export interface ConnectionOptions {
  /** Where a pod's service account is mounted. */
  readonly serviceAccountFolder?: string;
  /** Which credential plugins may not run; absent: all may. */
  readonly pluginRefusal?: PluginRefusal;
}

/**
 * Puts kubeconfig files, flags and environment together by client-go's rules. Without any, in a pod its service account,
 * else http://localhost:8080. Throws UserError and ConfigurationError in kubectl's words.
 */
export async function loadConnection(
  flags: FlagReader,
  env: Environment,
  homeFolder: string,
  { serviceAccountFolder = SERVICE_ACCOUNT, pluginRefusal }: ConnectionOptions = {},
): Promise<NamespacedConnection> {
  const config = await loadKubeconfig(kubeconfigFiles(flags.given('kubeconfig'), env, homeFolder));
  const resolved = resolveKubeconfig(config, flags, env['KUBERNETES_MASTER'] || 'http://localhost:8080');
  const timeout = parseRequestTimeout(flags.given('request-timeout') || '0');
  const chosen =
    resolved.byDefault && isInCluster(env, serviceAccountFolder)
      ? inCluster(resolved, env, serviceAccountFolder)
      : resolved;
  const connection = connectionOf(chosen, env, pluginRefusal);
  const { namespace } = chosen.context;
  return {
    ...connection,
    ...(timeout === undefined ? {} : { timeoutMilliseconds: timeout }),
    ...(namespace === '' ? {} : { namespace }),
  };
}

function isInCluster(env: Environment, folder: string): boolean {
  return Boolean(env['KUBERNETES_SERVICE_HOST'] && env['KUBERNETES_SERVICE_PORT']) && fs.existsSync(`${folder}/token`);
}

function inCluster(resolved: ResolvedKubeconfig, env: Environment, folder: string): ResolvedKubeconfig {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const server = `https://${net.isIPv6(host) ? `[${host}]` : host}:${env['KUBERNETES_SERVICE_PORT'] ?? ''}`;
  const { cluster, user, context } = resolved;
  const authority = cluster.certificateAuthority || (cluster.insecureSkipTlsVerify ? '' : `${folder}/ca.crt`);
  const mounted = fs.existsSync(`${folder}/namespace`) ? fs.readFileSync(`${folder}/namespace`, 'utf8').trim() : '';
  return {
    ...resolved,
    cluster: { ...cluster, server, certificateAuthority: authority },
    user: user.token === '' ? { ...user, tokenFile: `${folder}/token` } : user,
    context: { ...context, namespace: context.namespace || env['POD_NAMESPACE'] || mounted },
  };
}

function connectionOf(
  { cluster, user, userName }: ResolvedKubeconfig,
  env: Environment,
  pluginRefusal: PluginRefusal | undefined,
): RemoteConnection {
  const { server, address } = parseServer(cluster.server);
  const secure = server.protocol === 'https:';
  const proxy = cluster.proxyUrl === '' ? proxyOfEnvironment(server, env) : parseProxyUrl(cluster.proxyUrl);
  return {
    server,
    address,
    // As client-go: what identifies the user is not sent where everyone can read it.
    tls: secure ? tlsOf(cluster, user) : { insecureSkipVerify: false },
    headers: { ...impersonationHeaders(user), ...(secure ? authorizationOf(user) : {}) },
    ...(secure
      ? credentialsOf({
          name: userName,
          user,
          cluster,
          address,
          ...(pluginRefusal === undefined ? {} : { pluginRefusal }),
        })
      : {}),
    ...(proxy instanceof URL ? { proxy } : {}),
    ...(cluster.disableCompression ? { disableCompression: true } : {}),
  };
}

/** A server without a scheme is http, as client-go's DefaultServerURL has it. */
function parseServer(text: string): { server: URL; address: string } {
  const url = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const [, address = ''] = /^[^:]+:\/\/(?:[^/@]*@)?([^/?#]*)/.exec(url) ?? [];
  if (!URL.canParse(url)) {
    const port = /:[^:\]]*$/.exec(address)?.[0];
    throw new ConnectionError(
      'other',
      address,
      port === undefined
        ? `parse ${JSON.stringify(url)}: invalid URL`
        : `invalid port ${JSON.stringify(port)} after host`,
    );
  }
  const server = new URL(url);
  if (server.protocol !== 'http:' && server.protocol !== 'https:') {
    throw new ConnectionError(
      'other',
      address,
      `unsupported protocol scheme ${JSON.stringify(server.protocol.slice(0, -1))}`,
    );
  }
  server.search = '';
  server.hash = '';
  return { server, address };
}

function tlsOf(cluster: ClusterEntry, user: UserEntry): RemoteConnection['tls'] {
  const ca = pemOf(cluster.certificateAuthority, cluster.certificateAuthorityData);
  if (ca !== undefined && cluster.insecureSkipTlsVerify) {
    throw new UserError('specifying a root certificates file with the insecure flag is not allowed');
  }
  if (ca !== undefined && !ca.includes('-----BEGIN ')) {
    throw new UserError('unable to load root certificates: unable to parse bytes as PEM block');
  }
  const cert = pemOf(user.clientCertificate, user.clientCertificateData);
  const key = pemOf(user.clientKey, user.clientKeyData);
  if (cert !== undefined && key !== undefined) checkKeyPair(cert, key);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(cluster.tlsServerName === '' ? {} : { serverName: cluster.tlsServerName }),
    insecureSkipVerify: cluster.insecureSkipTlsVerify,
  };
}

/** Data beats a file. */
function pemOf(file: string, data: string): Buffer | undefined {
  if (data !== '') return Buffer.from(data, 'base64');
  if (file === '') return undefined;
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new UserError(goFileError('open', file, error), { cause: error });
  }
}

function checkKeyPair(cert: Buffer, key: Buffer): void {
  for (const [what, pem] of [
    ['certificate', cert],
    ['key', key],
  ] as const) {
    if (!pem.includes('-----BEGIN ')) throw new UserError(`tls: failed to find any PEM data in ${what} input`);
  }
  try {
    tls.createSecureContext({ cert, key });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const message = /key values mismatch/i.test(text) ? 'private key does not match public key' : text;
    throw new UserError(`tls: ${message}`, { cause: error });
  }
}

function authorizationOf({ token, username, password }: UserEntry): Record<string, string> {
  if (token !== '') return { authorization: `Bearer ${token}` };
  if (username === '' && password === '') return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** Credentials that change: from a token file, read again for every request, or from a plugin. */
function credentialsOf(plugin: Parameters<typeof pluginCredentials>[0]): Pick<RemoteConnection, 'credentials'> {
  const { user } = plugin;
  if (user.token !== '') return {};
  if (user.tokenFile !== '') {
    return { credentials: async () => ({ authorization: `Bearer ${readToken(user.tokenFile)}` }) };
  }
  return user.exec === undefined && user.authProvider === undefined ? {} : { credentials: pluginCredentials(plugin) };
}

function readToken(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UserError(goFileError('open', file, error), { cause: error });
  }
}
