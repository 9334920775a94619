import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasKubeconfig, loadConnection, type NamespacedConnection } from '../../../src/client/remote/kubeconfig.ts';
import { createAuthority, createClientCertificate } from '../../../src/http/certificates.ts';
import { temporaryFolder } from '../../http/running-server.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => folder.remove());

function write(name: string, text: string): string {
  const file = path.join(folder.path, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function flags(given: Record<string, string | string[] | true>) {
  return {
    given: (name: string) => (typeof given[name] === 'string' ? given[name] : undefined),
    list: (name: string) => [given[name] ?? []].flat().filter((each) => each !== true),
    bool: (name: string) => given[name] === true,
  };
}

async function load(
  given: Record<string, string | string[] | true> = {},
  env: Record<string, string> = {},
): Promise<NamespacedConnection> {
  return loadConnection(flags(given), env, folder.path, {
    serviceAccountFolder: path.join(folder.path, 'serviceaccount'),
  });
}

async function errorOf(
  given: Record<string, string | string[] | true>,
  env: Record<string, string> = {},
): Promise<string> {
  return load(given, env).then(
    () => 'no error',
    (error: unknown) => (error as Error).message,
  );
}

const CONFIG = `apiVersion: v1
kind: Config
current-context: x
contexts:
- {name: x, context: {cluster: c, user: u, namespace: team}}
- {name: nocluster, context: {cluster: zzz, user: u}}
- {name: nouser, context: {cluster: c, user: zz}}
clusters:
- {name: c, cluster: {server: "https://127.0.0.1:1"}}
- {name: ca, cluster: {server: "https://127.0.0.1:1", certificate-authority: missing.crt}}
- {name: empty, cluster: {}}
- {name: proxied, cluster: {server: "https://127.0.0.1:1", proxy-url: "http://proxy:3128"}}
- {name: badproxy, cluster: {server: "https://127.0.0.1:1", proxy-url: "ftp://proxy"}}
users:
- {name: u, user: {token: abc}}
- {name: both, user: {token: abc, username: a, password: b}}
- {name: basic, user: {username: a, password: b}}
- {name: cert, user: {client-certificate: x.crt}}
- {name: file, user: {tokenFile: sub/token}}
- {name: acting, user: {token: abc, as: jane, as-uid: "7", as-groups: [dev, ops], as-user-extra: {"a/b": [v1, v2]}}}
`;

describe('loadConnection', () => {
  it('takes the server from ~/.kube/config, the token and the namespace of the context', async () => {
    write('.kube/config', CONFIG);
    const connection = await load();
    expect(connection.server.href).toBe('https://127.0.0.1:1/');
    expect(connection).toMatchObject({
      address: '127.0.0.1:1',
      namespace: 'team',
      headers: { authorization: 'Bearer abc' },
    });
  });

  it('goes to localhost:8080 without any configuration, or where the environment says', async () => {
    expect((await load()).server.href).toBe('http://localhost:8080/');
    expect((await load({}, { KUBERNETES_MASTER: 'https://master:6443' })).server.href).toBe('https://master:6443/');
    write('.kube/config', CONFIG);
    for (const given of [{ context: 'nocluster' }, { cluster: 'empty' }]) {
      expect((await load(given)).server.href).toBe('http://localhost:8080/');
    }
  });

  // Each text was printed by kubectl 1.32, after its `error: ` where the message has no beginning of its own.
  it('says what is wrong in the words of kubectl', async () => {
    const file = write('.kube/config', CONFIG);
    const here = path.dirname(file);
    expect(await errorOf({ kubeconfig: '/nonexist' })).toBe('stat /nonexist: no such file or directory');
    expect(await errorOf({ context: 'nope' })).toBe(
      'Error in configuration: context was not found for specified context: nope',
    );
    expect(await errorOf({ cluster: 'nope' })).toBe('no server found for cluster "nope"');
    expect(await errorOf({ user: 'nope' })).toBe('auth info "nope" does not exist');
    expect(await errorOf({ cluster: 'ca' })).toBe(
      `unable to read certificate-authority ${here}/missing.crt for ca due to open ${here}/missing.crt: no such file or directory`,
    );
    expect(await errorOf({ user: 'both' })).toBe(
      'more than one authentication method found for both; found [token basicAuth], only one is allowed',
    );
    expect(await errorOf({ user: 'cert' })).toBe(
      `Error in configuration: \n* client-key-data or client-key must be specified for cert to use the clientCert authentication method.\n* unable to read client-cert ${here}/x.crt for cert due to open ${here}/x.crt: no such file or directory`,
    );
    expect(await errorOf({ 'as-group': ['g'] })).toBe(
      'requesting uid, groups or user-extra for u without impersonating a user',
    );
    expect(await errorOf({ 'request-timeout': 'abc' })).toMatch(
      /^Invalid timeout value\. Timeout must be a single integer/,
    );
    expect(await errorOf({ server: '::bad' })).toBe('invalid port ":bad" after host');
    expect(await errorOf({ server: 'ftp://x' })).toBe('unsupported protocol scheme "ftp"');
    expect(await errorOf({ 'certificate-authority': file })).toBe(
      'unable to load root certificates: unable to parse bytes as PEM block',
    );
    expect(await errorOf({ 'certificate-authority': file, 'insecure-skip-tls-verify': true })).toBe(
      'specifying a root certificates file with the insecure flag is not allowed',
    );
    const bad = write('bad', 'a: [');
    expect(await errorOf({ kubeconfig: bad })).toBe(
      `error loading config file ${JSON.stringify(bad)}: yaml: line 1: did not find expected node content`,
    );
    expect(await errorOf({ kubeconfig: folder.path })).toBe(
      `error loading config file ${JSON.stringify(folder.path)}: read ${folder.path}: is a directory`,
    );
    expect(await errorOf({ cluster: 'badproxy' })).toBe(
      `invalid 'proxy-url' "ftp://proxy" for cluster "badproxy": unsupported scheme "ftp", must be http, https, or socks5`,
    );
  });

  it('merges the files of $KUBECONFIG: the first to say something wins, missing ones are skipped', async () => {
    const first = write(
      'one/config',
      'contexts: [{name: x, context: {cluster: other, user: u}}]\nclusters: [{name: other, cluster: {server: "https://other", certificate-authority: ca.crt}}]',
    );
    const { cert } = await createAuthority(new Date());
    write('one/ca.crt', cert);
    const second = write('two/config', CONFIG);
    const connection = await load({}, { KUBECONFIG: ['/nonexist', first, '', second, first].join(path.delimiter) });
    expect(connection.server.href).toBe('https://other/');
    expect(String(connection.tls.ca)).toBe(cert);
    expect(connection.headers).toEqual({ authorization: 'Bearer abc' });
    expect((await load({}, { KUBECONFIG: '/nonexist' })).server.href).toBe('http://localhost:8080/');
  });

  it('lays flags over the files', async () => {
    write('.kube/config', CONFIG);
    expect(await load({ server: 'https://there:443/k8s', 'tls-server-name': 'name', token: 'xyz' })).toMatchObject({
      address: 'there:443',
      headers: { authorization: 'Bearer xyz' },
      tls: { serverName: 'name', insecureSkipVerify: false },
    });
    expect((await load({ server: 'https://there:443/k8s?x#y' })).server.href).toBe('https://there/k8s');
    expect(await load({ cluster: 'ca', 'insecure-skip-tls-verify': true })).toMatchObject({
      tls: { insecureSkipVerify: true },
    });
    expect((await load({ user: 'basic' })).headers).toEqual({
      authorization: `Basic ${Buffer.from('a:b').toString('base64')}`,
    });
    expect((await load({ user: 'basic', password: 'c' })).headers['authorization']).toBe(
      `Basic ${Buffer.from('a:c').toString('base64')}`,
    );
    expect((await load({ 'request-timeout': '90' })).timeoutMilliseconds).toBe(90_000);
    expect((await load({ 'request-timeout': '1m30.5s' })).timeoutMilliseconds).toBe(90_500);
    expect(await load({ 'request-timeout': '0' })).not.toHaveProperty('timeoutMilliseconds');
  });

  it('does not send what identifies the user over plain http', async () => {
    write('.kube/config', CONFIG);
    for (const server of ['http://there', 'there', 'localhost:8001']) {
      const connection = await load({ server });
      expect(connection.server.protocol).toBe('http:');
      expect(connection.headers).toEqual({});
    }
  });

  it('acts as another user when told to', async () => {
    write('.kube/config', CONFIG);
    expect((await load({ user: 'acting' })).headers).toEqual({
      authorization: 'Bearer abc',
      'impersonate-user': 'jane',
      'impersonate-uid': '7',
      'impersonate-group': ['dev', 'ops'],
      'impersonate-extra-a%2Fb': ['v1', 'v2'],
    });
    const given = { as: 'bob', 'as-group': ['g'], 'as-uid': '9', 'as-user-extra': ['k=v=w', 'k=x'] };
    expect((await load(given)).headers).toMatchObject({
      'impersonate-user': 'bob',
      'impersonate-uid': '9',
      'impersonate-group': ['g'],
      'impersonate-extra-k': ['v=w', 'x'],
    });
  });

  it('reads a token file for every request, and certificates once', async () => {
    const file = write('.kube/config', CONFIG);
    const token = path.join(path.dirname(file), 'sub/token');
    write('.kube/sub/token', 'first\n');
    const { credentials } = await load({ user: 'file' });
    expect(await credentials?.(false)).toEqual({ authorization: 'Bearer first' });
    writeFileSync(token, 'second');
    expect(await credentials?.(false)).toEqual({ authorization: 'Bearer second' });

    const authority = await createAuthority(new Date());
    const pair = await createClientCertificate(authority, { name: 'jane', groups: [] }, new Date());
    const cert = write('jane.crt', pair.cert);
    const key = write('jane.key', pair.key);
    const connection = await load({ user: 'file', 'client-certificate': cert, 'client-key': key });
    expect([String(connection.tls.cert), String(connection.tls.key)]).toEqual([pair.cert, pair.key]);
    const stranger = write('other.key', authority.key);
    expect(await errorOf({ user: 'file', 'client-certificate': cert, 'client-key': stranger })).toBe(
      'tls: private key does not match public key',
    );
  });

  it('asks an exec plugin, tells it the cluster, and runs it again only when told', async () => {
    const plugin = write(
      'plugins/plugin',
      `#!/bin/sh\necho run >> "$(dirname "$0")/runs"\nprintf '{"status":{"token":"%s"}}' "$(printf '%s' "$KUBERNETES_EXEC_INFO" | base64 -w0)"\n`,
    );
    mkdirSync(path.join(folder.path, '.kube'));
    const { chmodSync, readFileSync } = await import('node:fs');
    chmodSync(plugin, 0o755);
    const exec = (command: string): string => `
current-context: x
contexts: [{name: x, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: u, user: {exec: {command: ${command}, apiVersion: client.authentication.k8s.io/v1, provideClusterInfo: true}}}]`;
    write('.kube/config', exec('../plugins/plugin'));
    const { credentials } = await load();
    const { authorization = '' } = (await credentials?.(false)) ?? {};
    const info: unknown = JSON.parse(Buffer.from(authorization.replace('Bearer ', ''), 'base64').toString());
    expect(info).toMatchObject({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: { interactive: false, cluster: { server: 'https://127.0.0.1:1' } },
    });
    const runs = (): number => readFileSync(path.join(folder.path, 'plugins/runs'), 'utf8').split('\n').length - 1;
    await credentials?.(false);
    expect(runs()).toBe(1);
    await credentials?.(true);
    expect(runs()).toBe(2);

    write('.kube/config', exec('no-such-plugin'));
    const missing = await load();
    await expect(missing.credentials?.(false)).rejects.toThrow(
      /^getting credentials: exec: executable no-such-plugin not found\n\nIt looks like you are trying to use a client-go credential plugin that is not installed\./,
    );
  });

  it('uses the service account of a pod when nothing else names a server', async () => {
    const { cert } = await createAuthority(new Date());
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    expect((await load({}, env)).server.href).toBe('http://localhost:8080/');
    write('serviceaccount/token', 'pod-token');
    write('serviceaccount/ca.crt', cert);
    write('serviceaccount/namespace', 'pod-namespace');
    const connection = await load({}, env);
    expect(connection).toMatchObject({ address: '[fd00::1]:443', namespace: 'pod-namespace' });
    expect(await connection.credentials?.(false)).toEqual({ authorization: 'Bearer pod-token' });
    expect((await load({ token: 'mine' }, env)).headers).toEqual({ authorization: 'Bearer mine' });
    expect((await load({}, { ...env, POD_NAMESPACE: 'told' })).namespace).toBe('told');
    expect((await load({ server: 'https://there' }, env)).address).toBe('there');
  });

  it("takes the cluster's proxy, or the environment's unless the host is exempt", async () => {
    write('.kube/config', CONFIG);
    expect((await load({ cluster: 'proxied' })).proxy?.href).toBe('http://proxy:3128/');
    const env = { HTTPS_PROXY: 'proxy:1', NO_PROXY: 'exempt.org, .below.org,10.0.0.0/8,192.168.1.1' };
    const proxied = async (server: string): Promise<boolean> =>
      (await load({ server: `https://${server}` }, env)).proxy !== undefined;
    for (const server of ['example.org', 'notexempt.org', 'below.org', '11.0.0.1', '192.168.1.2']) {
      expect([server, await proxied(server)]).toEqual([server, true]);
    }
    for (const server of [
      'exempt.org',
      'a.exempt.org:6443',
      'a.below.org',
      '10.1.2.3',
      '192.168.1.1:6443',
      'localhost',
      '127.0.0.2',
      '[::1]',
    ]) {
      expect([server, await proxied(server)]).toEqual([server, false]);
    }
  });
});

describe('hasKubeconfig', () => {
  it('tells whether anything names a server', () => {
    const has = (given: Record<string, string> = {}, env: Record<string, string> = {}) =>
      hasKubeconfig(flags(given), env, folder.path);
    expect(has()).toBe(false);
    expect(has({ server: 'x' })).toBe(true);
    expect(has({ kubeconfig: '/nonexist' })).toBe(true);
    expect(has({}, { KUBECONFIG: '/nonexist' })).toBe(false);
    write('.kube/config', '');
    expect(has()).toBe(true);
    expect(has({}, { KUBECONFIG: `/nonexist${path.delimiter}${folder.path}/.kube/config` })).toBe(true);
  });
});
