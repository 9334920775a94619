import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';
import { run } from '../run-program.ts';
import { comparable, type Env, everything, fill, ok } from './shop.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-export-'));
const source: Env = { KUBE_LITE_DATA_DIR: path.join(root, 'source') };
let etcd: EtcdServer;
let places = 0;
let before: Record<string, unknown>;

beforeAll(async () => {
  etcd = await startEtcd();
  await fill(source, 'shop', 60);
  before = comparable(await everything(source, 'shop'));
});
afterAll(async () => {
  await etcd.stop();
  fs.rmSync(root, { recursive: true, force: true });
});

function local(): Env {
  return { KUBE_LITE_DATA_DIR: path.join(root, `store-${places++}`) };
}

function onEtcd(): Env {
  return {
    KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(','),
    KUBE_LITE_ETCD_PREFIX: `/import-${places++}`,
    XDG_STATE_HOME: path.join(root, 'state'),
  };
}

/** Exports the namespace, with the definition that it needs, and answers where. */
async function exported(output: string): Promise<string> {
  const file = path.join(root, `${places++}-${output}`);
  const types = 'namespaces,crds,configmaps,secrets,services,serviceaccounts,deployments,crontabs';
  const { status, errors } = await run(['export', types, '-n', 'shop', '-o', file], { env: source });
  expect({ status, errors: status === 0 ? '' : errors }).toEqual({ status: 0, errors: '' });
  return file;
}

describe('export and import', () => {
  it.each([
    ['shop.jsonl', 'etcd', onEtcd],
    ['shop.yaml', 'local', local],
    ['shop.json', 'local', local],
    ['shop/', 'etcd', onEtcd],
  ])('bring a namespace by %s to another store, %s', async (output, _name, newEnv) => {
    const file = await exported(output);
    const env = newEnv();
    const first = await run(['import', file], { env });
    expect({ status: first.status, errors: first.status === 0 ? '' : first.errors }).toEqual({ status: 0, errors: '' });
    expect(first.errors).toMatch(/ created.* in [\d.]+s\n\d+ verified\n$/);
    expect(comparable(await everything(env, 'shop'))).toEqual(before);
    const text = await ok(env, ['get', 'cm/owned', 'deployment/o3', '-n', 'shop', '-o', 'json']);
    const [owned, owner] = (
      JSON.parse(text) as { items: { metadata: { uid: string; ownerReferences?: { uid: string }[] } }[] }
    ).items;
    expect(owned?.metadata.ownerReferences?.[0]?.uid).toBe(owner?.metadata.uid);
    // Again, it changes nothing.
    const again = await run(['import', file], { env });
    expect(again.status).toBe(0);
    expect(
      again.output
        .trim()
        .split('\n')
        .every((line) => line.endsWith(' unchanged')),
    ).toBe(true);
  });

  it('write files for their owner alone, without what a server owns, and never half', async () => {
    const file = await exported('mode.jsonl');
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    const lines = fs
      .readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; metadata: object });
    for (const { metadata } of lines) {
      for (const field of ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields']) {
        expect(metadata).not.toHaveProperty(field);
      }
    }
    // What others need comes first.
    expect(lines.slice(0, 1).map(({ kind }) => kind)).toEqual(['Namespace']);
    expect(lines.findIndex(({ kind }) => kind === 'CustomResourceDefinition')).toBeLessThan(
      lines.findIndex(({ kind }) => kind === 'CronTab'),
    );
    const again = await run(['export', '-n', 'shop', '-o', file], { env: source });
    expect(again).toMatchObject({ status: 1, output: '', errors: `error: ${file} exists; --overwrite replaces it\n` });
    const bad = await run(['export', 'nosuch', '-o', path.join(root, 'none.yaml')], { env: source });
    expect(bad.status).toBe(1);
    expect(fs.readdirSync(root).filter((name) => name.startsWith('none') || name.endsWith('.part'))).toEqual([]);
  });

  it('go through a pipe, with a selection', async () => {
    const { status, output } = await run(['export', '-n', 'shop', '-l', 'n=1', '--exclude=secrets,crontabs,services'], {
      env: source,
    });
    expect(status).toBe(0);
    const env = local();
    await ok(env, ['import', '-'], output);
    expect(
      (await ok(env, ['get', 'everything', '-n', 'shop', '-o', 'name']))
        .trim()
        .split('\n')
        .every((line) => !line.startsWith('secret')),
    ).toBe(true);
    expect(Object.keys(comparable(await everything(env, 'shop'))).length).toBe(output.trim().split('\n').length - 1);
  });

  it('go on after an interruption, and tell of what exists and differs', async () => {
    const file = await exported('resume.jsonl');
    const env = local();
    const part = path.join(root, 'part.jsonl');
    fs.writeFileSync(part, fs.readFileSync(file, 'utf8').split('\n').slice(0, 20).join('\n'));
    await ok(env, ['import', part, '-q']);
    await ok(env, ['patch', 'cm', 'o0', '-n', 'shop', '-p', '{"data":{"n":"other"}}']);
    const { status, errors, output } = await run(['import', file], { env });
    expect(status).toBe(1);
    expect(errors).toContain(
      'ConfigMap shop/o0 exists and differs in data.n (--if-exists=skip leaves it, update replaces it)',
    );
    expect(output).toContain(' unchanged\n');
    expect(output).toContain(' created\n');
    const skipped = await run(['import', file, '--if-exists=skip'], { env });
    expect(skipped.status).toBe(0);
    expect(skipped.output).toContain('configmap/o0 exists, skipped\n');
    const updated = await run(['import', file, '--if-exists=update'], { env });
    expect(updated.status).toBe(0);
    expect(updated.output).toContain('configmap/o0 updated\n');
    expect(comparable(await everything(env, 'shop'))).toEqual(before);
  });

  it('name the line of a file that is damaged, and what has no owner', async () => {
    const file = path.join(root, 'damaged.jsonl');
    const object = (name: string, more: object = {}) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', ...more } });
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'gone', uid: 'x' }];
    fs.writeFileSync(file, `${object('a')}\n${object('b', { ownerReferences })}\n${object('c').slice(0, 30)}`);
    const env = local();
    const { status, output, errors } = await run(['import', file], { env });
    expect({ status, output }).toEqual({ status: 1, output: 'configmap/a created\n' });
    expect(errors).toContain(`${file}, line 3: `);
    expect(errors).toContain('its owner Deployment gone is not there');
    expect((await run(['import', path.join(root, 'nosuch')], { env })).errors).toContain('does not exist');
    fs.writeFileSync(file, '');
    expect((await run(['import', file], { env })).errors).toContain('there are no objects in');
  });
});
