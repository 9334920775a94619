import fs from 'node:fs';
import { ConnectionError } from '../../model/connection-error.ts';
import { UserError } from '../../model/user-error.ts';
import type { ClusterEntry, UserEntry } from './kubeconfig-entries.ts';
import type { Credentials } from './remote-connection.ts';

/** A user whose credentials a plugin gives, and the cluster that they are for. */
export interface PluginUser {
  readonly name: string;
  readonly user: UserEntry;
  readonly cluster: ClusterEntry;
  /** For error texts. */
  readonly address: string;
  readonly pluginRefusal?: PluginRefusal;
}

/** Why a plugin, named as the kubeconfig has it, may not run; undefined when it may. */
export type PluginRefusal = (command: string) => string | undefined;

const INSTALL_ADVICE = `

It looks like you are trying to use a client-go credential plugin that is not installed.

To learn more about this feature, consult the documentation available at:
      https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins`;

/**
 * Credentials from an exec plugin or an auth provider, through @kubernetes/client-node. They are kept until they are asked
 * for with `refresh`; then the plugin runs again.
 */
export function pluginCredentials(plugin: PluginUser): (refresh: boolean) => Promise<Credentials> {
  let kept: Promise<Credentials> | undefined;
  return async (refresh) => {
    if (kept === undefined || refresh) kept = askPlugin(plugin);
    const asked = kept;
    try {
      return await asked;
    } catch (error) {
      if (kept === asked) kept = undefined;
      throw error;
    }
  };
}

async function askPlugin({ name, user, cluster, address, pluginRefusal }: PluginUser): Promise<Credentials> {
  const refusal = user.exec === undefined ? undefined : pluginRefusal?.(String(user.exec['command']));
  if (refusal !== undefined) throw new ConnectionError('other', address, `getting credentials: ${refusal}`);
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const options: { headers: Record<string, string>; cert?: unknown; key?: unknown } = { headers: {} };
  try {
    config.loadFromOptions({
      clusters: [{ name: 'cluster', server: cluster.server }],
      users: [{ name, exec: execOf(user, cluster), authProvider: user.authProvider }],
      contexts: [{ name: 'context', cluster: 'cluster', user: name }],
      currentContext: 'context',
    });
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw failureOf(error, user, address);
  }
  const { Authorization: authorization } = options.headers;
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(typeof options.cert === 'string' && typeof options.key === 'string'
      ? { cert: options.cert, key: options.key }
      : {}),
  };
}

/** The plugin with what client-node does not tell it: KUBERNETES_EXEC_INFO. */
function execOf({ exec }: UserEntry, cluster: ClusterEntry): Record<string, unknown> | undefined {
  if (exec === undefined) return undefined;
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec['apiVersion'],
    spec: { ...(exec['provideClusterInfo'] === true ? { cluster: clusterInfo(cluster) } : {}), interactive: false },
  };
  const env: unknown[] = Array.isArray(exec['env']) ? exec['env'] : [];
  return { ...exec, env: [...env, { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }] };
}

function clusterInfo(cluster: ClusterEntry): Record<string, unknown> {
  const { server, tlsServerName, insecureSkipTlsVerify, certificateAuthority, proxyUrl } = cluster;
  const file = certificateAuthority === '' ? '' : fs.readFileSync(certificateAuthority).toString('base64');
  const authorityData = cluster.certificateAuthorityData || file;
  return {
    server,
    ...(tlsServerName === '' ? {} : { 'tls-server-name': tlsServerName }),
    ...(insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(authorityData === '' ? {} : { 'certificate-authority-data': authorityData }),
    ...(proxyUrl === '' ? {} : { 'proxy-url': proxyUrl }),
    config: null,
  };
}

function failureOf(error: unknown, { exec, authProvider }: UserEntry, address: string): Error {
  const text = error instanceof Error ? error.message.trim() : String(error);
  if (exec === undefined) {
    return new UserError(`auth provider ${JSON.stringify(authProvider?.['name'])}: ${text}`, { cause: error });
  }
  const command = String(exec['command']);
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  const hint =
    typeof exec['installHint'] === 'string' && exec['installHint'] !== '' ? `\n\n${exec['installHint']}` : '';
  const message = missing
    ? `exec: executable ${command} not found${INSTALL_ADVICE}${hint}`
    : `exec: executable ${command} failed: ${text}`;
  return new ConnectionError('other', address, `getting credentials: ${message}`, { cause: error });
}
