import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inMode } from '../../faults/fault-mode.ts';
import { serveInProcess, type Serving } from '../../faults/serve-in-process.ts';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';
import { run } from '../run-program.ts';
import { comparable, type Env, everything, fill, type Item, ok } from './shop.ts';

const OBJECTS = inMode({ short: 120, long: 500 });
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-api-'));
let etcd: EtcdServer;
let serving: Serving;
let api: Env;
let before: Item[];

beforeAll(async () => {
  etcd = await startEtcd();
  const folder = path.join(root, 'serve');
  fs.mkdirSync(folder);
  serving = await serveInProcess({ KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(',') }, folder);
  api = { KUBECONFIG: serving.kubeconfig };
  await fill(api, 'shop', OBJECTS);
  before = await everything(api, 'shop');
});
afterAll(async () => {
  await serving.stop();
  await etcd.stop();
  fs.rmSync(root, { recursive: true, force: true });
});

const linked = (items: readonly Item[]): void => {
  const owned = items.find(({ metadata }) => metadata.name === 'owned');
  const owner = items.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'o3');
  expect(owned?.metadata['ownerReferences']).toMatchObject([{ uid: owner?.metadata.uid }]);
};

describe('a namespace of many objects behind an API server', () => {
  it('comes back from the past of its etcd, with owners linked anew', async () => {
    await ok(api, ['delete', 'namespace', 'shop']);
    const from = `--from-etcd=${etcd.endpoints.join(',')}`;
    const dry = await ok(api, ['undelete', 'namespace', 'shop', '--all', '--dry-run', from]);
    expect(dry.split('\n').length).toBeGreaterThan(OBJECTS);
    expect((await run(['get', 'ns', 'shop'], { env: api })).status).toBe(1);
    const { status, output, errors } = await run(['undelete', 'namespace', 'shop', '--all', from], { env: api });
    expect({ status, errors: status === 0 ? '' : errors }).toEqual({ status: 0, errors: '' });
    expect(output).toMatch(/^namespace\/shop undeleted\n/);
    const after = await everything(api, 'shop');
    expect(comparable(after)).toEqual(comparable(before));
    linked(after);
  }, 120_000);

  it('is exported, and imported again: what admission refuses is told of, the rest is done, and the rest of it later', async () => {
    const file = path.join(root, 'shop.jsonl');
    const types = 'namespaces,crds,configmaps,secrets,services,serviceaccounts,deployments,crontabs';
    await ok(api, ['export', types, '-n', 'shop', '-o', file]);
    await ok(api, ['delete', 'namespace', 'shop']);
    await ok(api, ['create', 'namespace', 'shop']);
    await ok(api, ['create', 'quota', 'few', '-n', 'shop', '--hard=count/configmaps=5']);
    const refused = await run(['import', file, '--if-exists=skip'], { env: api });
    expect(refused.status).toBe(1);
    expect(refused.errors).toMatch(/configmaps? "?o\d+"?.* is forbidden: exceeded quota: few/);
    const part = await everything(api, 'shop');
    expect(part.filter(({ kind }) => kind === 'ConfigMap')).toHaveLength(5);
    expect(part.filter(({ kind }) => kind === 'Deployment')).toHaveLength(
      before.filter(({ kind }) => kind === 'Deployment').length,
    );
    await ok(api, ['delete', 'quota', 'few', '-n', 'shop']);
    const rest = await run(['import', file, '--if-exists=skip'], { env: api });
    expect({ status: rest.status, errors: rest.status === 0 ? '' : rest.errors }).toEqual({ status: 0, errors: '' });
    expect(rest.errors).toMatch(/\d+ verified\n$/);
    const after = await everything(api, 'shop');
    expect(comparable(after)).toEqual(comparable(before));
    linked(after);
  }, 120_000);
});
