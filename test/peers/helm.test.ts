import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServe } from '../transcripts/columns.ts';
import { helmBinary, kubectlBinary } from './kubectl-binary.ts';

const charts = new URL('../../fixtures/charts/', import.meta.url).pathname;
let folder: string;
let server: { kubeconfig: string; stop(): Promise<void> };

async function call(binary: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: server.kubeconfig };
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

  it('says what an API server says of a wrong value', async () => {
    await expect(helm('install', 'wrong', `${charts}web`, '--set', 'replicas=-1')).rejects.toThrow(
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
  });
});
