import { describe, expect, it } from 'vitest';
import { apiHarness, CONFIG_MAPS, configMap } from './api-harness.ts';

describe('create, get and list', () => {
  it('creates an object, answers it as stored and reads it again', async () => {
    const api = apiHarness();
    const created = await api.request('POST', CONFIG_MAPS, configMap('c', { b: '2', a: '1' }));
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: {
        name: 'c',
        namespace: 'default',
        creationTimestamp: '2026-11-24T09:06:06Z',
      },
      data: { a: '1', b: '2' },
    });
    expect(Object.keys(created.body as object)).toEqual(['kind', 'apiVersion', 'metadata', 'data']);
    expect(await api.send('GET', `${CONFIG_MAPS}/c`)).toEqual(created.body);
    const stored = await api.memory.range({ key: Buffer.from('/registry/configmaps/default/c') });
    expect(stored.kvs[0]?.modRevision).toBe(
      Number((created.body as { metadata: { resourceVersion: string } }).metadata.resourceVersion),
    );
    const list = await api.send('GET', CONFIG_MAPS);
    expect(list).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1', items: [{ metadata: { name: 'c' } }] });
    expect((list['items'] as object[])[0]).not.toHaveProperty('kind');
  });

  it('needs no read for a create in a namespace that was seen, which the write makes sure of', async () => {
    const api = apiHarness();
    await api.send('POST', CONFIG_MAPS, configMap('first'));
    api.memory.calls.length = 0;
    await api.send('POST', CONFIG_MAPS, configMap('second'));
    expect(api.memory.calls).toEqual(['txn']);
    api.memory.calls.length = 0;
    await api.send('GET', `${CONFIG_MAPS}/second`);
    expect(api.memory.calls).toEqual(['range']);
  });

  it('shows the objects of a fresh cluster', async () => {
    const api = apiHarness();
    const list = await api.send('GET', '/api/v1/namespaces');
    expect((list['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
    expect(await api.send('GET', '/api/v1/namespaces/default/services/kubernetes')).toMatchObject({
      spec: { clusterIP: '10.0.0.1' },
    });
  });

  it.each([
    ['a second one', 'POST', CONFIG_MAPS, configMap('c'), 409, 'configmaps "c" already exists'],
    [
      'another namespace in the body',
      'POST',
      CONFIG_MAPS,
      { ...configMap('x'), metadata: { name: 'x', namespace: 'other' } },
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'a namespace that is not there',
      'POST',
      '/api/v1/namespaces/absent/configmaps',
      configMap('x'),
      404,
      'namespaces "absent" not found',
    ],
    [
      'no name',
      'POST',
      CONFIG_MAPS,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} },
      422,
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
    [
      'unknown fields',
      'POST',
      `${CONFIG_MAPS}?fieldValidation=Strict`,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', colour: 'red' }, dat: {} },
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dat", unknown field "metadata.colour"',
    ],
    [
      'a wrong type',
      'POST',
      CONFIG_MAPS,
      { ...configMap('x'), data: { n: 5 } },
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
    [
      'a wrong type deep inside',
      'POST',
      '/apis/apps/v1/namespaces/default/deployments',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd' },
        spec: { template: { spec: { containers: [{ env: [{ name: true }] }] } } },
      },
      400,
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal bool into Go struct field EnvVar.spec.template.spec.containers.env.name of type string',
    ],
    [
      'no base64',
      'POST',
      '/api/v1/namespaces/default/secrets',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'not base64!' } },
      400,
      'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3',
    ],
    ['an object that is not there', 'GET', `${CONFIG_MAPS}/absent`, undefined, 404, 'configmaps "absent" not found'],
    [
      'another name in the body',
      'PUT',
      `${CONFIG_MAPS}/c`,
      configMap('other'),
      400,
      'the name of the object (other) does not match the name on the URL (c)',
    ],
  ] as const)('refuses %s', async (...row) => {
    const [, method, path, body, status, message] = row;
    const api = apiHarness();
    await api.send('POST', CONFIG_MAPS, configMap('c'));
    const response = await api.request(method, path, body);
    expect(response.body).toMatchObject({ kind: 'Status', status: 'Failure', message, code: status });
    expect(response.status).toBe(status);
  });

  it('knows nothing of a resource that nobody serves', async () => {
    const response = await apiHarness().request('GET', '/apis/fruit.example.com/v1/bananas');
    expect(response).toMatchObject({ status: 404, body: '404 page not found\n' });
  });

  it('warns of unknown fields when it is told to', async () => {
    const api = apiHarness();
    const body = { ...configMap('x'), dat: {}, metadata: { name: 'x', colour: 'red' } };
    const response = await api.request('POST', `${CONFIG_MAPS}?fieldValidation=Warn`, body);
    expect(response.status).toBe(201);
    expect(response.headers['warning']).toBe(
      '299 - "unknown field \\"dat\\""\n299 - "unknown field \\"metadata.colour\\""',
    );
  });
});
