import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { startServer } from '../../src/http/serve.ts';
import { parseJson } from '../../src/model/json-reader.ts';
import type { ApiMethod } from '../../src/model/api-message.ts';
import { parseYaml } from '../../src/model/yaml.ts';
import { accessHarness, user } from '../apiserver/access/access-harness.ts';
import { apiHarness, configMap, CONFIG_MAPS } from '../apiserver/api-harness.ts';
import { run } from '../commands/run-program.ts';
import { rawExchange } from './raw-client.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-security-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** All files and folders below one, with what others than their owner may do. */
function openToOthers(place: string): string[] {
  return fs.readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => {
    return (fs.statSync(path.join(place, name)).mode & 0o077) !== 0;
  });
}

describe('a name or a path', () => {
  const jane = user('jane');
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'password' }, stringData: { p: 'hidden' } };
  const SECRETS = '/api/v1/namespaces/kube-system/secrets';

  it('leads to no other namespace than the one that access was checked for', async () => {
    const api = accessHarness();
    await api.send('POST', SECRETS, secret);
    await api.allow('jane', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }], 'default');
    const here = '/api/v1/namespaces/default';
    const paths = [
      SECRETS,
      `${SECRETS}/password`,
      `${here}/../kube-system/secrets`,
      `${here}/secrets/../../kube-system/secrets/password`,
      `${here}%2f..%2fkube-system/secrets`,
      `${here}/secrets/..%2f..%2fkube-system%2fsecrets%2fpassword`,
      `${here}/%2e%2e/kube-system/secrets/password`,
      `${here}/configmaps/%2e%2e%2fkube-system%2fpassword`,
      `//api/v1/namespaces/kube-system/secrets`,
      `/api//v1/namespaces/kube-system/secrets/password`,
      `/version/../api/v1/namespaces/kube-system/secrets`,
      `/api/v1/watch/namespaces/kube-system/secrets`,
      '/api/v1/secrets',
      '/api/v1/namespaces//secrets',
      '/api/v1/namespaces/%20/secrets',
      '/api/v1/namespaces/*/secrets',
      `${here}/secrets/password%00`,
      `${here}/secrets/${'../'.repeat(30)}etc/passwd`,
      '/api/v1/namespaces/kube-system%2fsecrets/secrets',
    ];
    for (const at of paths) {
      for (const method of ['GET', 'PUT', 'DELETE'] as ApiMethod[]) {
        const { status, body, events } = await api.as(jane, method, at);
        await events?.[Symbol.asyncIterator]().return?.();
        expect([400, 403, 404, 405], `${method} ${at}`).toContain(status);
        expect(JSON.stringify(body)).not.toContain('aGlkZGVu');
      }
    }
    expect(await api.request('GET', `${SECRETS}/password`)).toMatchObject({ status: 200 });
  });

  it('that a list is restricted to cannot be feigned by a field selector', async () => {
    const api = accessHarness();
    await api.send('POST', CONFIG_MAPS, configMap('mine'));
    await api.send('POST', CONFIG_MAPS, configMap('theirs'));
    await api.allow(
      'jane',
      [
        {
          apiGroups: [''],
          resources: ['configmaps', 'pods'],
          resourceNames: ['mine'],
          verbs: ['list', 'watch', 'deletecollection'],
        },
      ],
      'default',
    );
    const list = async (selector: string, method: ApiMethod = 'GET') =>
      api.as(jane, method, `${CONFIG_MAPS}?fieldSelector=${encodeURIComponent(selector)}`);
    expect(await list('metadata.name=mine')).toMatchObject({
      status: 200,
      body: { items: [{ metadata: { name: 'mine' } }] },
    });
    for (const selector of [
      '',
      'metadata.name!=theirs',
      'metadata.name=theirs',
      'metadata.namespace=default',
      'metadata.name!=x\\,metadata.name=mine',
      'metadata.namespace!=x\\,metadata.name=mine',
      'metadata.namespace!=x\\,metadata.name\\=mine',
      'metadata.name=mine\\,x',
      'xmetadata.name=mine',
    ]) {
      for (const method of ['GET', 'DELETE'] as ApiMethod[]) {
        expect([400, 403], `${method} ${selector}`).toContain((await list(selector, method)).status);
      }
    }
    expect(await api.request('GET', `${CONFIG_MAPS}/theirs`)).toMatchObject({ status: 200 });
  });
});

describe('keys that mean something to JavaScript', () => {
  const before = Object.getOwnPropertyNames(Object.prototype).join();
  const key = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'a');
  const value = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, 'polluted', 1, true),
      fc.array(tie('node'), { maxLength: 2 }),
      fc.array(fc.tuple(key, tie('node')), { maxLength: 3 }).map(objectOf),
    ),
  })).node;

  /** With `__proto__` as a key like any other. */
  function objectOf(entries: readonly (readonly [string, unknown])[]): unknown {
    return parseJson(`{${entries.map(([name, each]) => `${JSON.stringify(name)}:${JSON.stringify(each)}`).join(',')}}`);
  }

  function expectClean(): void {
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  }

  it('change no prototype, whatever they stand in: manifests, patches of all types, YAML', async () => {
    const api = apiHarness();
    await api.send('POST', CONFIG_MAPS, configMap('c'));
    await fc.assert(
      fc.asyncProperty(
        value,
        fc.constantFrom('metadata', 'data', 'metadata.labels', '__proto__'),
        async (hostile, where) => {
          const body =
            where === 'metadata.labels'
              ? objectOf([['metadata', objectOf([['labels', hostile]])]])
              : objectOf([[where, hostile]]);
          for (const type of ['merge-patch+json', 'strategic-merge-patch+json']) {
            await api.request('PATCH', `${CONFIG_MAPS}/c`, body, { 'content-type': `application/${type}` });
          }
          const pointer = `/${where.replace('.', '/')}/__proto__`;
          const operations = [
            { op: 'add', path: pointer, value: hostile },
            { op: 'copy', from: '/metadata', path: '/constructor/prototype' },
          ];
          await api.request('PATCH', `${CONFIG_MAPS}/c`, operations, { 'content-type': 'application/json-patch+json' });
          await api.request('POST', CONFIG_MAPS, body);
          await api.request('PUT', `${CONFIG_MAPS}/c`, body);
          parseYaml(JSON.stringify(body));
          expectClean();
        },
      ),
      { numRuns: 100 },
    );
  });

  it('change none from a kubeconfig, a selector or a flag', async () => {
    const file = path.join(folder, 'kubeconfig');
    fs.writeFileSync(
      file,
      '{"apiVersion":"v1","kind":"Config","__proto__":{"polluted":1},"users":[{"name":"__proto__","user":{"__proto__":{"polluted":1}}}],"contexts":[{"name":"constructor","context":{"cluster":"__proto__","user":"__proto__"}}]}',
    );
    const env = { KUBECONFIG: file, KUBE_LITE_DATA_DIR: path.join(folder, 'polluted') };
    for (const argv of [
      ['config', 'view', '--raw'],
      ['config', 'set', 'users.__proto__.token', 'x'],
      ['config', 'set', '__proto__.polluted', 'x'],
      ['config', 'use-context', 'constructor'],
      ['get', 'configmaps', '-l', '__proto__=x'],
      ['get', '__proto__'],
      ['get', 'constructor'],
      ['create', 'configmap', 'c', '--from-literal=__proto__=polluted'],
      ['label', 'configmap', 'c', '__proto__=x', 'constructor=y'],
      ['annotate', 'configmap', 'c', '__proto__=x'],
      ['get', 'configmap', 'c', '-o', 'jsonpath={.__proto__.polluted}{.constructor.name}'],
      ['get', 'configmap', 'c', '-o', 'go-template={{.__proto__}}{{.constructor.name}}'],
      ['get', 'configmap', 'c', '--sort-by={.__proto__}'],
    ]) {
      const { output } = await run(argv, { env });
      expect(output, argv.join(' ')).not.toMatch(/\[native code\]|\[object |Function/);
      expectClean();
    }
  });
});

describe('a server that is started', () => {
  it('shows itself to nobody, and writes nothing that others may read', async () => {
    const place = path.join(folder, 'serve');
    const server = await startServer({
      handler: async ({ user: who }) => ({ status: 200, headers: {}, body: { who: who?.name } }),
      address: '127.0.0.1',
      port: 0,
      folder: place,
      kubeconfigPath: path.join(place, 'kubeconfig'),
      now: new Date(),
    });
    try {
      expect(openToOthers(place)).toEqual([]);
      const port = Number(new URL(server.url).port);
      const statusOf = async (at: string, more = ''): Promise<number | undefined> => {
        const send = `GET ${at} HTTP/1.1\r\nHost: x\r\n${more}Connection: close\r\n\r\n`;
        return (await rawExchange({ port, send })).statuses[0];
      };
      for (const at of ['/healthz', '/livez', '/readyz', '/version', '/readyz/ping']) {
        expect(await statusOf(at), at).toBe(200);
      }
      for (const at of [
        '/',
        '/api',
        '/apis',
        '/openapi/v3',
        '/metrics',
        '/api/v1/namespaces',
        '/healthzz',
        '//healthz',
        '/api/v1/namespaces/x/healthz',
        '/HEALTHZ',
        '/%68ealthz',
      ]) {
        expect(await statusOf(at), at).toBe(401);
      }
      for (const header of ['Bearer wrong', 'Bearer ', 'Basic YTpi', 'Bearer', 'Negotiate x']) {
        expect(await statusOf('/version', `Authorization: ${header}\r\n`), header).toBe(401);
      }
      expect(await statusOf('/api', 'Impersonate-User: root\r\nX-Remote-User: root\r\n')).toBe(401);
    } finally {
      await server.stop();
    }
  });

  it('and commands of the store leave nothing that others may read', async () => {
    const place = path.join(folder, 'modes');
    fs.mkdirSync(place, { mode: 0o700 });
    const env = { KUBE_LITE_DATA_DIR: path.join(place, 'store'), KUBECONFIG: path.join(place, 'config') };
    const before = process.umask(0);
    try {
      expect(await run(['create', 'secret', 'generic', 's', '--from-literal=p=hidden'], { env })).toMatchObject({
        status: 0,
      });
      expect(await run(['config', 'set-credentials', 'me', '--token=hidden'], { env })).toMatchObject({ status: 0 });
    } finally {
      process.umask(before);
    }
    expect(openToOthers(place)).toEqual([]);
  });
});
