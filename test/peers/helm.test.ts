import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServe } from '../transcripts/columns.ts';
import { helmBinary, kubectlBinary } from './kubectl-binary.ts';
import { QUICK_GO } from './run-kubectl.ts';

const charts = new URL('../../fixtures/charts/', import.meta.url).pathname;
let folder: string;
let server: { kubeconfig: string; stop(): Promise<void> };

async function call(binary: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...QUICK_GO, PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: server.kubeconfig };
    execFile(binary, args, { env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${args.join(' ')}: ${stderr}${stdout}`));
    });
  });
}

const helm = async (...args: string[]): Promise<string> => call(await helmBinary(), ...args);
const kubectl = async (...args: string[]): Promise<string> => call(await kubectlBinary(), ...args);

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-helm-'));
  server = await startServe(folder);
});
afterAll(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function statuses(release: string): Promise<string[]> {
  const history = JSON.parse(await helm('history', release, '-o', 'json')) as { status: string }[];
  return history.map(({ status }) => status);
}

describe('helm on kube-lite serve', () => {
  it('installs, upgrades, rolls back and uninstalls a web application', async () => {
    await helm('install', 'shop', `${charts}web`);
    expect(await kubectl('get', 'deployment', 'shop', '-o', 'jsonpath={.spec.replicas}')).toBe('2');
    const token = await kubectl('get', 'secret', 'shop-secret', '-o', 'jsonpath={.data.token}');
    expect(token).not.toBe('');

    await helm('upgrade', 'shop', `${charts}web`, '--set', 'replicas=5,greeting=bye');
    expect(await kubectl('get', 'deployment', 'shop', '-o', 'jsonpath={.spec.replicas}')).toBe('5');
    expect(await kubectl('get', 'configmap', 'shop-config', '-o', 'jsonpath={.data.greeting}')).toBe('bye');
    // What the chart looks up is what the server has.
    expect(await kubectl('get', 'secret', 'shop-secret', '-o', 'jsonpath={.data.token}')).toBe(token);

    await helm('rollback', 'shop', '1');
    expect(await kubectl('get', 'hpa', 'shop', '-o', 'jsonpath={.spec.minReplicas}')).toBe('2');
    expect(await statuses('shop')).toEqual(['superseded', 'superseded', 'deployed']);

    await helm('uninstall', 'shop');
    expect(
      await kubectl('get', 'deploy,svc,cm,secret,ing,hpa', '-l', 'app.kubernetes.io/managed-by=Helm', '-o', 'name'),
    ).toBe('');
    await expect(kubectl('get', 'deployment', 'shop')).rejects.toThrow('deployments.apps "shop" not found');
  });

  it('runs hooks, and changes nothing when nothing changed', async () => {
    await helm('install', 'nightly', `${charts}batch`);
    const before = await kubectl('get', 'cronjob', 'nightly', '-o', 'jsonpath={.metadata.resourceVersion}');
    await helm('upgrade', 'nightly', `${charts}batch`);
    expect(await kubectl('get', 'cronjob', 'nightly', '-o', 'jsonpath={.metadata.resourceVersion}')).toBe(before);
    expect(await kubectl('get', 'configmap', 'nightly-hook', '-o', 'jsonpath={.data.revision}')).toBe('2');
    await helm('uninstall', 'nightly');
  });

  it('installs definitions and objects of their kinds', async () => {
    await helm('install', 'mine', `${charts}crds`);
    expect(await kubectl('get', 'widget', 'mine', '-o', 'jsonpath={.spec}')).toBe('{"colour":"blue","size":3}');
    await helm('upgrade', 'mine', `${charts}crds`, '--set', 'colour=red');
    expect(await kubectl('get', 'widget', 'mine', '-o', 'jsonpath={.spec.colour}')).toBe('red');
    await expect(
      helm('install', 'bad', `${charts}crds`, '--set', 'size=0', '--set-string', 'size=big'),
    ).rejects.toThrow(/spec.size/);
  });

  it('runs the hooks of each step, and takes away those that have done their work', async () => {
    const made = async (hook: string): Promise<string> =>
      kubectl('get', 'configmap', `db-${hook}`, '--ignore-not-found', '-o', 'jsonpath={.data.revision}');
    await helm('install', 'db', `${charts}store`, '--wait=false');
    expect(await kubectl('get', 'sts,pdb,hpa,netpol,cronjob,job,svc', '-o', 'name')).toContain('statefulset.apps/db\n');
    expect([await made('pre-install'), await made('post-upgrade'), await made('pre-delete')]).toEqual(['1', '', '']);
    expect(await kubectl('get', 'secret', 'db-passing', '--ignore-not-found')).toBe('');
    expect(await kubectl('get', 'pdb', 'db', '-o', 'jsonpath={.spec.minAvailable}')).toBe('50%');

    await helm('upgrade', 'db', `${charts}store`, '--set', 'replicas=4,schedule=@daily,disruption.minAvailable=2');
    expect(await kubectl('get', 'sts', 'db', '-o', 'jsonpath={.spec.replicas} {.metadata.generation}')).toBe('4 2');
    expect(await kubectl('get', 'pdb', 'db', '-o', 'jsonpath={.spec.minAvailable}')).toBe('2');
    expect(await kubectl('get', 'cronjob', 'db-backup', '-o', 'jsonpath={.spec.schedule}')).toBe('@daily');
    expect([await made('pre-install'), await made('post-upgrade')]).toEqual(['1', '2']);
    // What cannot be changed stays, the release is a failed one, and a rollback mends it.
    await expect(helm('upgrade', 'db', `${charts}store`, '--set', 'size=2Gi')).rejects.toThrow(
      /updates to statefulset spec for fields other than/,
    );
    expect(await statuses('db')).toEqual(['superseded', 'deployed', 'failed']);

    await helm('rollback', 'db', '1');
    expect(await kubectl('get', 'sts', 'db', '-o', 'jsonpath={.spec.replicas}')).toBe('3');
    // A hook is what the release had that is gone back to.
    expect(await made('post-rollback')).toBe('1');

    await helm('uninstall', 'db');
    expect(await made('pre-delete')).not.toBe('');
    expect(await kubectl('get', 'sts,pdb,hpa,netpol,cronjob,job,svc', '-l', 'app.kubernetes.io/managed-by=Helm')).toBe(
      '',
    );
  });

  it('looks up what the server has, with a chart inside a chart, roles and a definition', async () => {
    await helm('install', 'keeper', `${charts}operator`, '--create-namespace', '--namespace=keeping');
    const read = async (kind: string, name: string, path: string): Promise<string> =>
      kubectl('get', kind, name, '-n', 'keeping', '-o', `jsonpath={${path}}`);
    expect(await read('backup', 'keeper', '.spec')).toBe('{"interval":"30s","keep":7}');
    expect(await read('configmap', 'keeper-settings', '.data.level')).toBe('info');
    expect(await read('configmap', 'keeper-seen', '.data.knows')).toBe('true');
    const namespace = await kubectl('get', 'namespace', 'keeping', '-o', 'jsonpath={.metadata.uid}');
    const as = '--as=system:serviceaccount:keeping:keeper';
    expect(await kubectl('auth', 'can-i', 'update', 'backups/status', '-n', 'keeping', as)).toBe('yes\n');

    await helm('upgrade', 'keeper', `${charts}operator`, '-n', 'keeping', '--set', 'interval=5m,settings.level=debug');
    expect(await read('configmap', 'keeper-seen', '.data.namespace')).toBe(namespace);
    expect(await read('configmap', 'keeper-seen', '.data.backups')).toBe('1');
    expect(await kubectl('get', 'bu', '-n', 'keeping', '--no-headers')).toMatch(/^keeper +5m\n$/);
    expect(await helm('get', 'values', 'keeper', '-n', 'keeping', '-o', 'json')).toBe(
      '{"interval":"5m","settings":{"level":"debug"}}\n',
    );
    await helm('test', 'keeper', '-n', 'keeping');
    expect(await read('configmap', 'keeper-test', '.data.level')).toBe('debug');
    await expect(
      helm('upgrade', 'keeper', `${charts}operator`, '-n', 'keeping', '--set', 'settings.level=loud'),
    ).rejects.toThrow(/level/);
    await expect(
      helm('upgrade', 'keeper', `${charts}operator`, '-n', 'keeping', '--set', 'interval=often'),
    ).rejects.toThrow(/spec.interval: Invalid value: "often"/);

    await helm('rollback', 'keeper', '1', '-n', 'keeping');
    expect(await read('backup', 'keeper', '.spec.interval')).toBe('30s');
    await helm('upgrade', 'keeper', `${charts}operator`, '-n', 'keeping', '--set', 'settings.enabled=false');
    expect(await kubectl('get', 'cm', 'keeper-settings', '-n', 'keeping', '--ignore-not-found')).toBe('');
    await helm('uninstall', 'keeper', '-n', 'keeping');
    expect(await kubectl('get', 'clusterrole,clusterrolebinding', 'keeper', '--ignore-not-found')).toBe('');
    expect(await kubectl('get', 'bu,sa,cm', '-n', 'keeping', '-o', 'name')).not.toContain('keeper\n');
    // helm leaves definitions where they are.
    expect(await kubectl('get', 'crd', 'backups.store.example.com', '-o', 'name')).toContain(
      'backups.store.example.com',
    );
  });

  it('says what an API server says of a wrong value', async () => {
    await expect(helm('install', 'wrong', `${charts}web`, '--set', 'replicas=-1')).rejects.toThrow(
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
  });
});
