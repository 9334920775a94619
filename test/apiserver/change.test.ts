import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { type ApiHarness, apiHarness, CONFIG_MAPS, configMap } from './api-harness.ts';

const C = `${CONFIG_MAPS}/c`;
const MERGE = { 'content-type': 'application/merge-patch+json' };
const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };
const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';

async function withConfigMap(
  data: Record<string, string> = { a: '1' },
): Promise<{ api: ApiHarness; created: KubeObject }> {
  const api = apiHarness();
  return { api, created: await api.send('POST', CONFIG_MAPS, configMap('c', data)) };
}

function deployment(name = 'web'): KubeObject {
  const containers = [
    { name: 'one', image: 'nginx:1' },
    { name: 'two', image: 'redis:1' },
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
    },
  };
}

describe('update', () => {
  it('replaces an object and keeps what the server owns', async () => {
    const { api, created } = await withConfigMap();
    const updated = await api.send('PUT', C, configMap('c', { b: '2' }));
    expect(updated['data']).toEqual({ b: '2' });
    expect(updated.metadata.uid).toBe(created.metadata.uid);
    expect(updated.metadata.creationTimestamp).toBe(created.metadata.creationTimestamp);
    expect(Number(updated.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
  });

  it('writes nothing when nothing changes', async () => {
    const { api, created } = await withConfigMap();
    const revision = api.memory.revision;
    expect(await api.send('PUT', C, created)).toEqual(created);
    expect(await api.send('PATCH', C, { data: { a: '1' } }, MERGE)).toEqual(created);
    expect(api.memory.revision).toBe(revision);
  });

  it('refuses an update that was made from an older object', async () => {
    const { api, created } = await withConfigMap();
    await api.send('PUT', C, configMap('c', { b: '2' }));
    const stale = await api.request('PUT', C, created);
    expect(stale.status).toBe(409);
    expect(stale.body).toMatchObject({
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "c": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'c', kind: 'configmaps' },
    });
  });

  it('loses no write of many at once', async () => {
    const { api } = await withConfigMap({});
    await Promise.all(
      Array.from({ length: 20 }, (_each, index) => api.send('PATCH', C, { data: { [`k${index}`]: 'v' } }, MERGE)),
    );
    expect(Object.keys((await api.send('GET', C))['data'] as object)).toHaveLength(20);
  });

  it('refuses another uid, immutable metadata and a missing object', async () => {
    const { api } = await withConfigMap();
    const uid = await api.request('PUT', C, { ...configMap('c'), metadata: { name: 'c', uid: 'other' } });
    expect(uid).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
    const patched = await api.request('PATCH', C, { metadata: { uid: 'other' } }, MERGE);
    expect(patched.body).toMatchObject({
      code: 422,
      message: 'ConfigMap "c" is invalid: metadata.uid: Invalid value: "other": field is immutable',
    });
    expect(await api.request('PUT', `${CONFIG_MAPS}/absent`, configMap('absent'))).toMatchObject({ status: 404 });
  });
});

describe('patch', () => {
  it('merges strategically by the keys of the type', async () => {
    const api = apiHarness();
    await api.send('POST', DEPLOYMENTS, deployment());
    const patch = { spec: { template: { spec: { containers: [{ name: 'two', image: 'redis:2' }] } } } };
    const patched = await api.send('PATCH', `${DEPLOYMENTS}/web`, patch, STRATEGIC);
    expect(patched).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'one', image: 'nginx:1' },
              { name: 'two', image: 'redis:2' },
            ],
          },
        },
      },
    });
  });

  it('applies JSON patches', async () => {
    const { api } = await withConfigMap({ a: '1', c: '3' });
    const patch = [
      { op: 'replace', path: '/data/a', value: '7' },
      { op: 'remove', path: '/data/c' },
    ];
    expect((await api.send('PATCH', C, patch, JSON_PATCH))['data']).toEqual({ a: '7' });
  });

  it.each([
    [
      'a failed test',
      JSON_PATCH,
      [{ op: 'test', path: '/data/a', value: 'nope' }],
      422,
      'the server rejected our request due to an error in our request',
    ],
    [
      'an absent path',
      JSON_PATCH,
      [{ op: 'remove', path: '/data/absent' }],
      422,
      'the server rejected our request due to an error in our request',
    ],
    [
      'another name',
      MERGE,
      { metadata: { name: 'other' } },
      400,
      'the name of the object (other) does not match the name on the URL (c)',
    ],
    [
      'an old resourceVersion',
      MERGE,
      { metadata: { resourceVersion: '1' } },
      409,
      'Operation cannot be fulfilled on configmaps "c": the object has been modified; please apply your changes to the latest version and try again',
    ],
    [
      'a type that is none',
      { 'content-type': 'text/plain' },
      {},
      415,
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml',
    ],
  ])('refuses %s', async (...row) => {
    const [, headers, patch, status, message] = row;
    const { api } = await withConfigMap();
    const response = await api.request('PATCH', C, patch, headers);
    expect(response.body).toMatchObject({ code: status, message });
  });

  it('tells a wrong type in a strategic patch as kube-apiserver does', async () => {
    const api = apiHarness();
    await api.send('POST', DEPLOYMENTS, deployment());
    const response = await api.request('PATCH', `${DEPLOYMENTS}/web`, { spec: { replicas: 'three' } }, STRATEGIC);
    expect(response.body).toMatchObject({
      code: 422,
      reason: 'Invalid',
      details: {
        causes: [
          { field: 'patch', message: 'Invalid value: "map[spec:map[replicas:three]]": unrecognized type: int32' },
        ],
      },
    });
  });

  it('writes status through its subresource alone', async () => {
    const api = apiHarness();
    await api.send('POST', DEPLOYMENTS, deployment());
    const patch = { status: { replicas: 2 }, spec: { replicas: 9 } };
    await api.send('PATCH', `${DEPLOYMENTS}/web/status`, patch, MERGE);
    expect(await api.send('GET', `${DEPLOYMENTS}/web`)).toMatchObject({
      spec: { replicas: 2 },
      status: { replicas: 2 },
    });
    await api.send('PATCH', `${DEPLOYMENTS}/web`, patch, MERGE);
    await api.send('PATCH', `${DEPLOYMENTS}/web`, { status: { replicas: 7 } }, MERGE);
    expect(await api.send('GET', `${DEPLOYMENTS}/web`)).toMatchObject({
      spec: { replicas: 9 },
      status: { replicas: 2 },
    });
  });

  it('scales through the scale subresource', async () => {
    const api = apiHarness();
    await api.send('POST', DEPLOYMENTS, deployment());
    const path = `${DEPLOYMENTS}/web/scale`;
    expect(await api.send('GET', path)).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=web' },
    });
    expect(await api.send('PATCH', path, { spec: { replicas: 4 } }, MERGE)).toMatchObject({ spec: { replicas: 4 } });
    const scale = await api.send('GET', path);
    scale['spec'] = { replicas: 5 };
    await api.send('PUT', path, scale);
    expect(await api.send('GET', `${DEPLOYMENTS}/web`)).toMatchObject({
      spec: { replicas: 5 },
      metadata: { name: 'web' },
    });
    expect(await api.request('PUT', path, scale)).toMatchObject({ status: 409 });
    const negative = await api.request('PATCH', path, { spec: { replicas: -1 } }, MERGE);
    expect(negative.body).toMatchObject({
      message:
        'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    });
  });
});

describe('dry runs', () => {
  it('answer what would be, and write nothing', async () => {
    const { api } = await withConfigMap();
    const revision = api.memory.revision;
    const created = await api.send('POST', `${CONFIG_MAPS}?dryRun=All`, configMap('new'));
    expect(created.metadata.resourceVersion).toBeUndefined();
    expect(created.metadata.uid).toBeDefined();
    expect((await api.send('PATCH', `${C}?dryRun=All`, { data: { b: '2' } }, MERGE))['data']).toEqual({
      a: '1',
      b: '2',
    });
    await api.send('DELETE', `${C}?dryRun=All`);
    expect(await api.request('POST', `${CONFIG_MAPS}?dryRun=All`, configMap('c'))).toMatchObject({ status: 409 });
    expect(api.memory.revision).toBe(revision);
    expect((await api.send('GET', C))['data']).toEqual({ a: '1' });
    expect(await api.request('POST', `${CONFIG_MAPS}?dryRun=Some`, configMap('x'))).toMatchObject({ status: 422 });
  });
});

describe('generated names', () => {
  it('are tried again when they are taken', async () => {
    const api = apiHarness();
    await api.send('POST', CONFIG_MAPS, configMap('gen-xxxx1'));
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'gen-' } };
    expect(await api.send('POST', CONFIG_MAPS, body)).toMatchObject({
      metadata: { name: 'gen-xxxx2', generateName: 'gen-' },
    });
  });

  it('give up with the name that was taken', async () => {
    const api = apiHarness({ randomness: { uuid: () => 'u', letters: () => 'taken' } });
    await api.send('POST', CONFIG_MAPS, configMap('gen-taken'));
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'gen-' } };
    expect((await api.request('POST', CONFIG_MAPS, body)).body).toMatchObject({
      reason: 'AlreadyExists',
      message:
        'configmaps "gen-taken" already exists, the server was not able to generate a unique name for the object',
    });
  });
});

describe('validation of metadata', () => {
  it.each([
    [
      { name: 'Bad_Name' },
      /^ConfigMap "Bad_Name" is invalid: metadata\.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of/,
    ],
    [{ name: 'x'.repeat(254) }, /metadata\.name: Invalid value: "x+": must be no more than 253 characters$/],
    [
      { name: 'x', labels: { 'bad key!': 'x' } },
      /metadata\.labels: Invalid value: "bad key!": name part must consist of alphanumeric characters, '-', '_' or '\.', and must start and end with an alphanumeric character \(e\.g\. 'MyName', {2}or 'my\.name', {2}or '123-abc', regex used for validation is '\(\[A-Za-z0-9\]\[-A-Za-z0-9_\.\]\*\)\?\[A-Za-z0-9\]'\)$/,
    ],
    [
      { name: 'x', labels: { a: 'not valid!' } },
      /metadata\.labels: Invalid value: "not valid!": a valid label must be an empty string/,
    ],
    [
      { name: 'x', annotations: { '/bad': 'x' } },
      /metadata\.annotations: Invalid value: "\/bad": prefix part must be non-empty$/,
    ],
    [
      { name: 'x', annotations: { big: 'x'.repeat(262_145) } },
      /metadata\.annotations: Too long: may not be more than 262144 bytes$/,
    ],
    [
      { name: 'x', ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: '', uid: '' }] },
      /\[metadata\.ownerReferences\[0\]\.name: Required value: must not be empty, metadata\.ownerReferences\[0\]\.uid: Required value: must not be empty\]$/,
    ],
  ])('refuses %j', async (metadata, message) => {
    const api = apiHarness();
    const response = await api.request('POST', CONFIG_MAPS, { ...configMap('x'), metadata });
    expect(response.status).toBe(422);
    expect((response.body as { message: string }).message).toMatch(message);
  });
});
