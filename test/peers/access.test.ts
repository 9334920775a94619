import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../../src/http/serve.ts';
import { loadTokenSigner } from '../../src/http/token-signer.ts';
import { servingHandler } from '../../src/serving-handler.ts';
import { ObjectStorage } from '../../src/storage/object-storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { type Ran, runKubectl } from './run-kubectl.ts';

interface Running {
  readonly stop: () => Promise<void>;
  kubectl(...args: string[]): Promise<Ran>;
}

async function start(folder: string): Promise<Running> {
  const kubeconfigPath = path.join(folder, 'kubeconfig');
  const { handler, tokenUser } = servingHandler({
    storage: new ObjectStorage({ storage: new MemoryStorage() }),
    now: () => new Date(),
    signer: await loadTokenSigner(folder),
    authorizationMode: 'RBAC',
    certificateSigner: () => server.certificateSigner,
    isOwnToken: (token) => server.isOwnToken(token),
  });
  const server = await startServer({
    handler,
    tokenUser,
    address: '127.0.0.1',
    port: 0,
    folder,
    kubeconfigPath,
    now: new Date(),
  });
  const flags = [`--kubeconfig=${kubeconfigPath}`, `--cache-dir=${path.join(folder, 'cache')}`];
  return { stop: async () => server.stop(), kubectl: async (...args) => runKubectl([...args, ...flags]) };
}

describe('access control, as the real kubectl sees it', () => {
  let folder = '';
  let server: Running;
  let token = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-test-'));
    server = await start(folder);
    await server.kubectl('create', 'serviceaccount', 'robot');
    token = (await server.kubectl('create', 'token', 'robot')).stdout.trim();
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const asRobot = (...args: string[]) => server.kubectl(...args, `--token=${token}`);

  it('gives a user a certificate that was asked for and approved', async () => {
    const fixture = (name: string) => new URL(`../../fixtures/certificates/${name}`, import.meta.url).pathname;
    const certificate = path.join(folder, 'jane.crt');
    const request = {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'jane' },
      spec: {
        request: (await readFile(fixture('jane.csr'))).toString('base64'),
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
      },
    };
    const file = path.join(folder, 'request.json');
    await writeFile(file, JSON.stringify(request));
    expect(await server.kubectl('create', '-f', file)).toMatchObject({ status: 0 });
    expect((await server.kubectl('get', 'csr', 'jane')).stdout).toMatch(/kube-lite-admin +<none> +Pending\n$/);
    expect(await server.kubectl('certificate', 'approve', 'jane')).toMatchObject({ status: 0 });
    expect((await server.kubectl('get', 'csr', 'jane')).stdout).toMatch(/ Approved,Issued\n$/);
    const issued = await server.kubectl('get', 'csr', 'jane', '-o=jsonpath={.status.certificate}');
    await writeFile(certificate, Buffer.from(issued.stdout, 'base64'));
    await server.kubectl(
      'config',
      'set-credentials',
      'jane',
      `--client-certificate=${certificate}`,
      `--client-key=${fixture('jane.key')}`,
    );
    const who = await server.kubectl('auth', 'whoami', '--user=jane', '-o=jsonpath={.status.userInfo}');
    expect(JSON.parse(who.stdout)).toMatchObject({
      username: 'jane',
      groups: ['developers', 'testers', 'system:authenticated'],
    });
  });

  it('knows who asks', async () => {
    expect((await server.kubectl('auth', 'whoami', '-o=jsonpath={.status.userInfo.username}')).stdout).toBe(
      'kube-lite-admin',
    );
    expect((await asRobot('auth', 'whoami', '-o=jsonpath={.status.userInfo.username}')).stdout).toBe(
      'system:serviceaccount:default:robot',
    );
  });

  it('refuses, allows and says so', async () => {
    expect(await asRobot('get', 'pods')).toMatchObject({
      stderr:
        'Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:default:robot" cannot list resource "pods" in API group "" in the namespace "default"\n',
      status: 1,
    });
    await server.kubectl('create', 'rolebinding', 'v', '--clusterrole=view', '--serviceaccount=default:robot');
    expect(await asRobot('get', 'pods')).toMatchObject({
      status: 0,
      stderr: 'No resources found in default namespace.\n',
    });
    expect(await asRobot('auth', 'can-i', 'list', 'secrets')).toMatchObject({ stdout: 'no\n', status: 1 });
    const as = '--as=system:serviceaccount:default:robot';
    expect(await server.kubectl('auth', 'can-i', 'list', 'pods', as)).toMatchObject({ stdout: 'yes\n', status: 0 });
    expect((await asRobot('get', 'pods', '--as=jane')).stderr).toMatch(/cannot impersonate resource "users"/);
    expect((await server.kubectl('get', 'clusterroles', '-o=name')).stdout).toContain('/cluster-admin\n');
  });

  it('believes no token when its account is gone', async () => {
    await server.kubectl('delete', 'serviceaccount', 'robot');
    expect((await asRobot('get', 'pods')).stderr).toMatch(/Unauthorized|must be logged in/);
  });
});
