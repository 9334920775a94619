import { X509Certificate } from 'node:crypto';
import { readdir, readFile, stat, writeFile, chmod } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConnection } from '../../src/client/remote/kubeconfig.ts';
import { openRemoteTransport } from '../../src/client/remote/remote-transport.ts';
import { type RunningServer, startServer, type StartServerOptions } from '../../src/http/serve.ts';
import { createAuthority, createServerCertificate } from '../../src/http/certificates.ts';
import { temporaryFolder } from './running-server.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const running: RunningServer[] = [];
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (each) => each.stop()));
  await folder.remove();
});

const place = (...names: string[]): string => path.join(folder.path, ...names);

async function start(options: Partial<StartServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({
    handler: async ({ user }) => ({ status: 200, headers: {}, body: { user } }),
    address: '127.0.0.1',
    port: 0,
    folder: place('private'),
    kubeconfigPath: place('config', 'kubeconfig'),
    now: new Date(),
    ...options,
  });
  running.push(server);
  return server;
}

const NO_FLAGS = { given: () => undefined, list: () => [], bool: () => false };

async function ask(kubeconfig: string): Promise<unknown> {
  const connection = await loadConnection(NO_FLAGS, { KUBECONFIG: kubeconfig }, folder.path);
  return (await openRemoteTransport(connection)({ method: 'GET', path: '/api' })).body;
}

async function contents(): Promise<Record<string, string>> {
  const names = await readdir(place('private'));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(place('private', name), 'utf8')])),
  );
}

describe('startServer', () => {
  it('writes a kubeconfig that leads to the server', async () => {
    const server = await start();
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(server.kubeconfigPath).toBe(place('config', 'kubeconfig'));
    expect(await ask(server.kubeconfigPath)).toMatchObject({ user: { name: 'kube-lite-admin' } });
  });

  it('keeps its secrets to its owner, and uses them again', async () => {
    const first = await start();
    expect((await stat(place('private'))).mode & 0o777).toBe(0o700);
    const modes = (await readdir(place('private'))).map(
      async (name) => (await stat(place('private', name))).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o600, 0o600, 0o600, 0o600, 0o600]);
    expect((await stat(first.kubeconfigPath)).mode & 0o777).toBe(0o600);
    const before = await contents();
    expect(Object.keys(before)).toEqual(['ca.crt', 'ca.key', 'server.crt', 'server.key', 'token']);
    await first.stop();
    await chmod(place('private'), 0o755);
    await chmod(place('private', 'token'), 0o644);
    const second = await start();
    expect(await contents()).toEqual(before);
    expect((await stat(place('private'))).mode & 0o777).toBe(0o700);
    expect((await stat(place('private', 'token'))).mode & 0o777).toBe(0o600);
    expect(await ask(second.kubeconfigPath)).toMatchObject({ user: { name: 'kube-lite-admin' } });
  });

  it('makes anew what is damaged, too old, or for other addresses', async () => {
    await (await start()).stop();
    const first = await contents();
    const addressed = await start({ address: '127.0.0.2' });
    const second = await contents();
    expect(second['ca.crt']).toBe(first['ca.crt']);
    expect(second['server.crt']).not.toBe(first['server.crt']);
    expect(new X509Certificate(second['server.crt']!).checkIP('127.0.0.2')).toBe('127.0.0.2');
    await addressed.stop();

    await (await start({ now: new Date(Date.now() + 360 * 86_400_000) })).stop();
    const third = await contents();
    expect([third['ca.crt'], third['server.crt'] === second['server.crt']]).toEqual([first['ca.crt'], false]);

    const stranger = await createAuthority(new Date());
    await writeFile(place('private', 'ca.key'), stranger.key);
    await writeFile(place('private', 'token'), 'short');
    const server = await start();
    const fourth = await contents();
    expect(fourth['ca.crt']).not.toBe(first['ca.crt']);
    expect(fourth['token']).toMatch(/^[\w-]{43}\n$/);
    expect(await ask(server.kubeconfigPath)).toMatchObject({ user: {} });
  });

  it('takes a token of the caller and does not keep it', async () => {
    const server = await start({ token: 'my-own' });
    expect(await readFile(server.kubeconfigPath, 'utf8')).toContain('token: "my-own"');
    expect(await ask(server.kubeconfigPath)).toMatchObject({ user: {} });
    expect(Object.keys(await contents())).not.toContain('token');
  });

  it('replaces its own kubeconfig, but no other without being told', async () => {
    await (await start()).stop();
    await (await start()).stop();
    const own = 'apiVersion: v1\nkind: Config\n';
    await writeFile(place('config', 'kubeconfig'), own);
    await expect(start()).rejects.toThrow(
      `${place('config', 'kubeconfig')} was not written by kube-lite serve and is left as it is`,
    );
    expect(await readFile(place('config', 'kubeconfig'), 'utf8')).toBe(own);
    const server = await start({ replaceKubeconfig: true });
    expect(await ask(server.kubeconfigPath)).toMatchObject({ user: {} });
    expect(await readdir(place('config'))).toEqual(['kubeconfig']);
  });

  it('stops once, closes what the handler used, and says when it has', async () => {
    let closed = 0;
    const server = await start({ onStopped: async () => void closed++ });
    await Promise.all([server.stop(), server.stop()]);
    await server.stopped;
    expect(closed).toBe(1);
    const broken = await start({
      onStopped: async () => {
        throw new Error('disk full');
      },
    });
    running.length = 0;
    await expect(broken.stop()).rejects.toThrow('disk full');
    await expect(broken.stopped).rejects.toThrow('disk full');
  });

  it('says when it cannot listen', async () => {
    const server = await start();
    const port = Number(new URL(server.url).port);
    await expect(start({ port, kubeconfigPath: place('other') })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: listen EADDRINUSE`,
    );
    await expect(readFile(place('other'))).rejects.toThrow('ENOENT');
  });
});

describe('certificates', () => {
  it('are signed, named and dated', async () => {
    const now = new Date('2049-06-01T12:00:00Z');
    const authority = await createAuthority(now);
    const hosts = [
      '127.0.0.1',
      '::1',
      'fe80::1:2',
      '::ffff:10.1.2.3',
      'localhost',
      `${'a'.repeat(60)}.${'b'.repeat(60)}.example`,
    ];
    const server = new X509Certificate((await createServerCertificate(authority, hosts, now)).cert);
    const ca = new X509Certificate(authority.cert);
    expect([ca.ca, server.ca, server.verify(ca.publicKey), server.checkIssued(ca)]).toEqual([true, false, true, true]);
    expect(
      hosts.map((host) => (host.includes(':') || /^\d/.test(host) ? server.checkIP(host) : server.checkHost(host))),
    ).toEqual(hosts);
    expect(new Date(server.validFrom).toISOString()).toBe('2049-06-01T11:59:00.000Z');
    expect(new Date(server.validTo).toISOString()).toBe('2050-06-01T12:00:00.000Z');
    expect(new Date(ca.validTo).getUTCFullYear()).toBe(2059);
  });
});
