import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';
import { comparable, configMap, type Env, everything, fill, type Item, ok } from '../move/shop.ts';
import { run } from '../run-program.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-undelete-'));
let etcd: EtcdServer;
let stores = 0;

beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(async () => {
  await etcd.stop();
  fs.rmSync(root, { recursive: true, force: true });
});

function local(): Env {
  return { KUBE_LITE_DATA_DIR: path.join(root, `store-${stores++}`) };
}

function onEtcd(): Env {
  return {
    KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(','),
    KUBE_LITE_ETCD_PREFIX: `/undelete-${stores++}`,
    XDG_STATE_HOME: path.join(root, 'state'),
  };
}

const BACKENDS = [
  ['local', local],
  ['etcd', onEtcd],
] as const;

describe.each(BACKENDS)('undelete on %s', (_name, newEnv) => {
  it('brings a namespace of 500 objects back as it was, with owners linked anew', async () => {
    const env = newEnv();
    await fill(env, 'shop', 500);
    const before = await everything(env, 'shop');
    await ok(env, ['delete', 'namespace', 'shop']);
    expect((await run(['get', 'ns', 'shop'], { env })).status).toBe(1);

    const dry = await ok(env, ['undelete', 'namespace', 'shop', '--all', '--dry-run']);
    expect(dry.split('\n').length).toBeGreaterThan(500);
    expect(dry).toMatch(/^NAMESPACE +KIND +NAME +DELETED AT +FROM\n +namespace +shop +\d+ +\d+\n/);
    expect((await run(['get', 'ns', 'shop'], { env })).status).toBe(1);

    const { status, output, errors } = await run(['undelete', 'namespace', 'shop', '--all', '--summary'], { env });
    expect({ status, errors: status === 0 ? '' : errors }).toEqual({ status: 0, errors: '' });
    expect(output).toContain('namespace/shop undeleted\n');
    const after = await everything(env, 'shop');
    expect(comparable(after)).toEqual(comparable(before));
    const uidBefore = new Map(before.map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.uid]));
    for (const { kind, metadata } of after) expect(metadata.uid).not.toBe(uidBefore.get(`${kind}/${metadata.name}`));
    const owned = after.find(({ metadata }) => metadata.name === 'owned');
    const owner = after.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'o3');
    expect(owned?.metadata['ownerReferences']).toMatchObject([{ uid: owner?.metadata.uid }]);

    const again = await run(['undelete', 'namespace', 'shop', '--all'], { env });
    expect(again).toMatchObject({ status: 0, output: 'namespace/shop exists, skipped\n' });
  }, 120_000);

  it('brings single objects back, from their last revision or another one', async () => {
    const env = newEnv();
    await ok(env, ['create', 'configmap', 'a', '--from-literal=v=1']);
    const first = JSON.parse(await ok(env, ['get', 'configmap', 'a', '-o', 'json'])) as Item;
    await ok(env, ['patch', 'configmap', 'a', '-p', '{"data":{"v":"2"}}']);
    await ok(env, ['delete', 'configmap', 'a']);
    expect(await ok(env, ['undelete', 'configmap', 'a'])).toBe('configmap/a undeleted\n');
    expect(await ok(env, ['get', 'cm', 'a', '-o', 'jsonpath={.data.v}'])).toBe('2');
    expect(await ok(env, ['undelete', 'cm/a'])).toBe('configmap/a exists, skipped\n');
    await ok(env, ['delete', 'configmap', 'a']);
    const revision = String(first.metadata['resourceVersion']);
    await ok(env, ['undelete', 'cm/a', `--at-revision=${revision}`]);
    expect(await ok(env, ['get', 'cm', 'a', '-o', 'jsonpath={.data.v}'])).toBe('1');
    // One that exists is overwritten when that is asked for.
    await ok(env, ['patch', 'configmap', 'a', '-p', '{"data":{"v":"9"}}']);
    expect(await ok(env, ['undelete', 'cm/a', `--at-revision=${revision}`, '--if-exists=update'])).toBe(
      'configmap/a updated\n',
    );
    expect(await ok(env, ['get', 'cm', 'a', '-o', 'jsonpath={.data.v}'])).toBe('1');
  });

  it('selects by kind, label and revision, and tells of what it does not find', async () => {
    const env = newEnv();
    for (const name of ['a', 'b', 'c']) await ok(env, ['create', 'configmap', name, '--from-literal=k=v']);
    await ok(env, ['label', 'configmap', 'a', 'b', 'app=web']);
    await ok(env, ['create', 'secret', 'generic', 's', '--from-literal=k=v']);
    await ok(env, ['delete', 'configmap', 'a', 'b', 'c']);
    await ok(env, ['delete', 'secret', 's']);
    expect(await ok(env, ['undelete', '--kind=configmap', '-l', 'app=web'])).toBe(
      'configmap/a undeleted\nconfigmap/b undeleted\n',
    );
    const found = await run(['undelete', 'cm/c', 'cm/nosuch'], { env });
    expect(found).toMatchObject({ status: 1, output: 'configmap/c undeleted\n' });
    expect(found.errors).toContain('configmaps "nosuch" in namespace "default" not found: ');
    expect(await ok(env, ['undelete', '--all'])).toBe('secret/s undeleted\n');
    const none = await run(['undelete', '--all'], { env });
    expect(none.status).toBe(1);
    expect(none.errors).toContain('nothing to bring back');
  });

  it('finds the type of a definition that is deleted too', async () => {
    const env = newEnv();
    await fill(env, 'ct', 10);
    await ok(env, ['delete', 'crd', 'crontabs.stable.example.com']);
    const missing = await run(['undelete', 'crontab', 'o4', '-n', 'ct'], { env });
    expect(missing.status).toBe(1);
    expect(missing.errors).toContain('no matches for kind "CronTab"');
    const output = await ok(env, [
      'undelete',
      'crd/crontabs.stable.example.com',
      'ct.stable.example.com/o4',
      '-n',
      'ct',
    ]);
    expect(output).toBe(
      'customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com undeleted\ncrontab.stable.example.com/o4 undeleted\n',
    );
    expect(await ok(env, ['get', 'crontab', 'o4', '-n', 'ct', '-o', 'jsonpath={.spec.n}'])).toBe('4');
  });

  it('leaves to controllers what they make, and brings nothing whose owner is gone', async () => {
    const env = newEnv();
    const owned = {
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gone', uid: '11111111-2222-3333-4444-555555555555' },
      ],
    };
    await ok(env, ['create', '-f', '-'], JSON.stringify(configMap('orphan', 'default', { a: 'b' }, owned)));
    await run(['delete', 'configmap', 'orphan'], { env });
    const { status, errors } = await run(['undelete', 'cm/orphan'], { env });
    expect(status).toBe(1);
    expect(errors).toContain('its owner Deployment gone is not there');
    await ok(env, ['undelete', 'cm/orphan', '--orphans']);
    expect(await ok(env, ['get', 'cm/orphan', '-o', 'jsonpath={.metadata.ownerReferences}'])).toBe('');
  });
});

describe('undelete from a snapshot', () => {
  it.each(BACKENDS)(
    'brings a namespace back into %s, from before its deletion and from after it',
    async (_name, newEnv) => {
      const source = onEtcd();
      await fill(source, 'shop', 500);
      const before = await everything(source, 'shop');
      const saved = path.join(root, `before-${stores++}.db`);
      await ok(source, ['etcd', 'snapshot', 'save', saved]);
      await ok(source, ['delete', 'namespace', 'shop']);
      const after = path.join(root, `after-${stores++}.db`);
      await ok(source, ['etcd', 'snapshot', 'save', after]);
      const prefix = `--etcd-prefix=${source['KUBE_LITE_ETCD_PREFIX'] ?? ''}`;
      for (const file of [saved, after]) {
        // The prefix is that of the target too.
        const env = { ...newEnv(), KUBE_LITE_ETCD_PREFIX: '' };
        const target = 'KUBE_LITE_DATA_DIR' in env ? [prefix] : undefined;
        if (target === undefined) {
          await ok(source, ['undelete', 'namespace', 'shop', '--all', `--from-snapshot=${file}`]);
          expect(comparable(await everything(source, 'shop'))).toEqual(comparable(before));
          await ok(source, ['delete', 'namespace', 'shop']);
          continue;
        }
        await ok(env, ['undelete', 'crd/crontabs.stable.example.com', `--from-snapshot=${file}`, ...target]);
        await ok(env, ['undelete', 'namespace', 'shop', '--all', `--from-snapshot=${file}`, ...target]);
        const text = await ok(env, ['get', 'everything', '-n', 'shop', '-o', 'json', ...target]);
        expect(comparable((JSON.parse(text) as { items: Item[] }).items)).toEqual(comparable(before));
      }
    },
    120_000,
  );

  it('asks where to look when there is only an API server, and names a file that is none', async () => {
    const api = await run(['undelete', 'cm', 'a', '--server=http://127.0.0.1:1'], {});
    expect(api).toMatchObject({ status: 1, output: '' });
    expect(api.errors).toContain('an API server does not know the past');
    const file = path.join(root, 'not-a-snapshot.db');
    fs.writeFileSync(file, 'no database');
    const none = await run(['undelete', 'cm', 'a', `--from-snapshot=${file}`], { env: local() });
    expect(none.status).toBe(1);
    expect(none.errors).toContain(file);
  });
});

describe('undelete of what is out of reach', () => {
  it('says which revisions are left after a compaction', async () => {
    const env = onEtcd();
    await ok(env, ['create', 'namespace', 'old']);
    await ok(env, ['create', 'configmap', 'a', '-n', 'old', '--from-literal=k=v']);
    const { metadata } = JSON.parse(await ok(env, ['get', 'cm', 'a', '-n', 'old', '-o', 'json'])) as Item;
    await ok(env, ['delete', 'namespace', 'old']);
    const now = Number(
      (JSON.parse(await ok(env, ['etcd', 'status', '-w', 'json'])) as { Status: { header: { revision: number } } }[])[0]
        ?.Status.header.revision,
    );
    await ok(env, ['etcd', 'compact', String(now)]);
    const named = await run(['undelete', 'cm/a', '-n', 'old'], { env });
    expect(named.status).toBe(1);
    expect(named.errors).toContain(`the store keeps revisions ${now} to `);
    expect(named.errors).toContain('has been compacted');
    const at = await run(['undelete', 'cm/a', '-n', 'old', `--at-revision=${String(metadata['resourceVersion'])}`], {
      env,
    });
    expect(at.status).toBe(1);
    expect(at.errors).toContain(`has been compacted; the oldest that is kept is ${now}`);
  });
});

describe('undelete into another store', () => {
  it("looks in the past of another local store, and of an etcd that is not the command's own", async () => {
    for (const [flag, source] of [
      ['--from-data-dir=', local()],
      ['--from-etcd=', { ...onEtcd(), KUBE_LITE_ETCD_PREFIX: '/registry' }],
    ] as const) {
      const env: Env = { ...source };
      await ok(env, ['create', 'configmap', 'moved', '--from-literal=k=v']);
      await ok(env, ['delete', 'configmap', 'moved']);
      const target = local();
      const where = env['KUBE_LITE_DATA_DIR'] ?? env['KUBE_LITE_ETCD_ENDPOINTS'] ?? '';
      expect(await ok(target, ['undelete', 'cm/moved', `${flag}${where}`])).toBe('configmap/moved undeleted\n');
      expect(await ok(target, ['get', 'cm', 'moved', '-o', 'jsonpath={.data.k}'])).toBe('v');
      expect((await run(['get', 'cm', 'moved'], { env })).status).toBe(1);
    }
  });
});
