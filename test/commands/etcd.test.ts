import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EtcdServer, startEtcd } from '../peers/etcd-server.ts';
import { type Ran, run } from './run-program.ts';

interface Store {
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

async function localStore(): Promise<Store> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-etcd-commands-'));
  return {
    env: { KUBE_LITE_DATA_DIR: path.join(folder, 'store') },
    stop: async () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

let etcd: EtcdServer;

async function etcdStore(): Promise<Store> {
  etcd = await startEtcd();
  return { env: { KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(',') }, stop: () => etcd.stop() };
}

const POD = '/api/v1/namespaces/default/pods/my-pod';
const manifest = `apiVersion: v1
kind: Pod
metadata: {name: my-pod}
spec: {containers: [{name: c, image: my-image}]}
`;

function describeEtcdCommands(name: string, open: () => Promise<Store>): void {
  describe(`etcd commands on ${name}`, () => {
    let store: Store;
    const kubectl = (...argv: string[]): Promise<Ran> => run(argv, { env: store.env });
    const withInput = (input: string | Buffer, ...argv: string[]): Promise<Ran> => run(argv, { env: store.env, input });
    beforeAll(async () => {
      store = await open();
      expect(await withInput(manifest, 'create', '-f', '-')).toMatchObject({ status: 0 });
      expect(await kubectl('create', 'configmap', 'my-config', '--from-literal=a=b')).toMatchObject({ status: 0 });
    });
    afterAll(() => store.stop());

    it('get decodes protobuf by key and by API path alike', async () => {
      const byKey = await kubectl('etcd', 'get', '/registry/pods/default/my-pod');
      const byPath = await kubectl('etcd', 'get', POD);
      expect(byPath).toEqual(byKey);
      expect(byKey.output).toMatch(
        /^# \/registry\/pods\/default\/my-pod\n# create revision \d+, mod revision \d+, version 1, protobuf\napiVersion: v1\nkind: Pod\n/,
      );
      expect(byKey.output).toContain('\n  - image: my-image\n');
    });

    it('get shows JSON with revisions, and the bytes themselves', async () => {
      const json = JSON.parse((await kubectl('etcd', 'get', POD, '-o', 'json')).output) as {
        kvs: { key: string; version: number; encoding: string; object: { kind: string } }[];
      };
      expect(json.kvs).toMatchObject([
        { key: '/registry/pods/default/my-pod', version: 1, encoding: 'protobuf', object: { kind: 'Pod' } },
      ]);
      const hex = (await kubectl('etcd', 'get', POD, '-o', 'hex')).output.trim();
      const base64 = (await kubectl('etcd', 'get', POD, '-o', 'base64')).output.trim();
      expect(hex).toMatch(/^6b387300/);
      expect(Buffer.from(base64, 'base64').toString('hex')).toBe(hex);
    });

    it('get of a prefix, of keys alone, of a count, and of what is not there', async () => {
      const keys = await kubectl('etcd', 'get', '/registry/namespaces/', '--prefix', '--keys-only');
      expect(keys.output.split('\n').filter(Boolean)).toEqual(
        ['default', 'kube-node-lease', 'kube-public', 'kube-system'].map((each) => `/registry/namespaces/${each}`),
      );
      expect((await kubectl('etcd', 'get', '/registry/namespaces/', '--prefix', '--count-only')).output).toBe('4\n');
      expect(await kubectl('etcd', 'get', '/registry/pods/default/absent')).toEqual({
        status: 1,
        output: '',
        errors: 'error: key "/registry/pods/default/absent" not found\n',
      });
    });

    it('ls shows keys with their revisions', async () => {
      const { output } = await kubectl('etcd', 'ls', '/api/v1/namespaces/default/configmaps');
      expect(output).toMatch(
        /^KEY +CREATED +MODIFIED +VERSION\n\/registry\/configmaps\/default\/my-config +(\d+) +\1 +1\n$/,
      );
      expect((await kubectl('etcd', 'ls', '/registry/none/')).errors).toBe('No keys found.\n');
    });

    it('put makes a key, and overwrites one only when its revision is named', async () => {
      const first = await kubectl('etcd', 'put', '/my/key', 'one');
      const revision = /revision (\d+)/.exec(first.output)?.[1] ?? '';
      expect(first).toMatchObject({ status: 0, output: `/my/key put at revision ${revision}\n` });
      expect((await kubectl('etcd', 'put', '/my/key', 'two')).errors).toBe(
        `error: key "/my/key" exists at mod revision ${revision}; overwrite that version with --if-revision=${revision}, or any with --force\n`,
      );
      expect((await kubectl('etcd', 'put', '/my/key', 'two', '--if-revision=1')).status).toBe(1);
      expect((await kubectl('etcd', 'put', '/my/key', 'two', `--if-revision=${revision}`)).status).toBe(0);
      expect((await kubectl('etcd', 'get', '/my/key', '-o', 'raw')).output).toBe('two');
      expect((await kubectl('etcd', 'put', '/my/key', 'three', '--force')).status).toBe(0);
      expect((await kubectl('etcd', 'get', '/my/key')).output).toMatch(/version 3, text\nthree\n$/);
    });

    it('put writes an object in the encoding that an API server uses', async () => {
      const object =
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: put, namespace: default, uid: u}\ndata: {k: v}\n';
      const target = '/api/v1/namespaces/default/configmaps/put';
      expect(await withInput(object, 'etcd', 'put', target, '-')).toMatchObject({ status: 0, errors: '' });
      expect((await kubectl('etcd', 'get', target, '-o', 'hex')).output).toMatch(/^6b387300/);
      expect((await kubectl('get', 'configmap', 'put', '-o', 'jsonpath={.data.k}')).output).toBe('v');
      const notAnObject = await withInput(
        'just text',
        'etcd',
        'put',
        '/api/v1/namespaces/default/configmaps/text',
        '-',
      );
      expect(notAnObject).toMatchObject({ status: 1, output: '' });
      expect(notAnObject.errors).toContain('the value is no Kubernetes object');
    });

    it('del removes one key, many with --prefix, and none by mistake', async () => {
      await kubectl('etcd', 'put', '/del/a', '1');
      await kubectl('etcd', 'put', '/del/b', '2');
      expect((await kubectl('etcd', 'del', '/del/a', '--if-revision=1')).errors).toContain('its mod revision is not 1');
      expect((await kubectl('etcd', 'del', '/del/')).errors).toBe('error: key "/del/" not found\n');
      expect((await kubectl('etcd', 'del', '/del/', '--prefix')).output).toMatch(/^2 keys deleted at revision \d+\n$/);
      expect((await kubectl('etcd', 'del', '/api/v1/namespaces/default/configmaps')).errors).toContain('add --prefix');
    });

    it('watch shows each change decoded, from a revision of the past on', async () => {
      const put = await kubectl('etcd', 'put', '/watched', '{"apiVersion":"v1","kind":"Thing","x":1}');
      const revision = /revision (\d+)/.exec(put.output)?.[1] ?? '';
      await kubectl('etcd', 'del', '/watched');
      const stop = new AbortController();
      const watch = run(['etcd', 'watch', '/watched', `--rev=${revision}`, '-o', 'json'], {
        env: store.env,
        signal: stop.signal,
      });
      setTimeout(() => stop.abort(), 1500);
      const { status, output } = await watch;
      const events = output
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { type: string; object?: unknown });
      expect(events).toMatchObject([
        { type: 'PUT', object: { kind: 'Thing', x: 1 } },
        { type: 'DELETE', key: '/watched' },
      ]);
      expect(status).toBe(1);
    });

    it.each([
      [['etcd', 'get'], 'exactly one KEY is required, got 0'],
      [['etcd', 'get', '/a', '-o', 'xml'], '--output must be one of yaml, json, raw, base64, hex, not "xml"'],
      [['etcd', 'get', '/api/v1/namespaces/default/pods/p/status'], 'names a subresource, which has no key of its own'],
      [['etcd', 'get', '/api/v1/namespaces/default/bananas/p'], 'there is no resource "bananas" in v1'],
      [['etcd', 'get', '/api/v1/pods/p'], 'names an object of a namespace without the namespace'],
      [['etcd', 'put', '/a'], 'exactly one of VALUE and --filename is required'],
      [['etcd', 'put', '/a', 'zz', '--as=hex'], 'the value is not hex'],
      [['etcd', 'put', '/a', '-f', '/no-such-file'], 'cannot read /no-such-file: no such file or directory'],
    ])('%j is refused', async (argv, message) => {
      const { status, errors, output } = await kubectl(...argv);
      expect(errors).toContain(message);
      expect({ status, output }).toEqual({ status: 1, output: '' });
    });
  });
}

describeEtcdCommands('local', localStore);
describeEtcdCommands('etcd', etcdStore);

describe('etcd commands beside etcdctl', () => {
  it('see what etcdctl wrote, and the other way round', async () => {
    const server = await startEtcd();
    const endpoint = server.endpoints.join(',');
    const etcdctl = (...argv: string[]): string =>
      execFileSync('etcdctl', ['--endpoints', endpoint, ...argv], {
        env: { PATH: process.env['PATH'], ETCDCTL_API: '3' },
        encoding: 'utf8',
      });
    const env = { KUBE_LITE_ETCD_ENDPOINTS: endpoint };
    try {
      etcdctl('put', '/from/etcdctl', 'hello');
      expect((await run(['etcd', 'get', '/from/etcdctl', '-o', 'raw'], { env })).output).toBe('hello');
      expect((await run(['etcd', 'put', '/from/kube-lite', 'world'], { env })).status).toBe(0);
      expect(etcdctl('get', '/from/kube-lite', '--print-value-only')).toBe('world\n');
    } finally {
      await server.stop();
    }
  });
});

describe('etcd commands on an API server', () => {
  it('say that they need a store', async () => {
    const { status, errors } = await run(['etcd', 'get', '/a', '--server=http://127.0.0.1:1']);
    expect(errors).toContain('this command works on a store itself');
    expect(status).toBe(1);
  });
});
