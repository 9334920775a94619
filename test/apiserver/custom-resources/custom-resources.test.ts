import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import type { Status } from '../../../src/model/status.ts';
import { type ApiHarness, apiHarness } from '../api-harness.ts';
import { CRON_TABS, cronTab, cronTabDefinition, DEFINITIONS, version } from './definition-objects.ts';

const MERGE = { 'content-type': 'application/merge-patch+json' };
const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
const AGGREGATED = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };

async function withCronTabs(definition = cronTabDefinition()): Promise<ApiHarness> {
  const api = apiHarness();
  await api.send('POST', DEFINITIONS, definition);
  return api;
}

async function stored(api: ApiHarness, key: string): Promise<string> {
  const { kvs } = await api.memory.range({ key: Buffer.from(key) });
  return kvs[0]?.value.toString('utf8') ?? '';
}

describe('a definition', () => {
  it('answers as it was sent, and is established when the answer is there', async () => {
    const api = apiHarness();
    const created = await api.send('POST', DEFINITIONS, cronTabDefinition());
    expect(created['status']).toEqual({
      conditions: null,
      acceptedNames: { plural: '', kind: '' },
      storedVersions: ['v1'],
    });
    const found = await api.send('GET', `${DEFINITIONS}/crontabs.stable.example.com`);
    expect(found['status']).toMatchObject({
      acceptedNames: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab', listKind: 'CronTabList' },
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
        { type: 'Established', status: 'True', reason: 'InitialNamesAccepted' },
      ],
      storedVersions: ['v1'],
    });
    expect(found.metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: 'kube-apiserver', subresource: 'status' }),
    );
    const text = await stored(
      api,
      '/registry/apiextensions.k8s.io/customresourcedefinitions/crontabs.stable.example.com',
    );
    expect(text).toMatch(/^\{"kind":"CustomResourceDefinition","apiVersion":"apiextensions.k8s.io\/v1beta1"/);
  });

  it('does not get the names of another', async () => {
    const api = await withCronTabs();
    const rival = cronTabDefinition((spec) => {
      spec['names'] = { plural: 'others', kind: 'CronTab', shortNames: ['ct'] };
    });
    rival.metadata.name = 'others.stable.example.com';
    await api.send('POST', DEFINITIONS, rival);
    const found = await api.send('GET', `${DEFINITIONS}/others.stable.example.com`);
    expect(found['status']).toMatchObject({
      conditions: [
        {
          type: 'NamesAccepted',
          status: 'False',
          reason: 'ListKindConflict',
          message: '"CronTabList" is already in use',
        },
        { type: 'Established', status: 'False', reason: 'NotAccepted' },
      ],
    });
    expect(await api.request('GET', '/apis/stable.example.com/v1/others')).toMatchObject({ status: 404 });
    await api.send('DELETE', `${DEFINITIONS}/crontabs.stable.example.com`);
    expect(await api.request('GET', '/apis/stable.example.com/v1/others')).toMatchObject({ status: 200 });
  });

  it('is served when another process wrote it, and is settled then', async () => {
    const api = await withCronTabs();
    const key = '/registry/apiextensions.k8s.io/customresourcedefinitions/crontabs.stable.example.com';
    const object = JSON.parse(await stored(api, key)) as KubeObject;
    object['status'] = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] };
    const other = apiHarness();
    await other.memory.txn({
      compares: [],
      success: [{ type: 'put', key: Buffer.from(key), value: Buffer.from(JSON.stringify(object)) }],
    });
    await other.send('POST', CRON_TABS, cronTab('good'));
    expect(await stored(other, key)).toContain('"Established","status":"True"');
  });

  it('takes its objects with it', async () => {
    const api = await withCronTabs();
    for (const name of ['a', 'b']) await api.send('POST', CRON_TABS, cronTab(name));
    await api.send('DELETE', `${DEFINITIONS}/crontabs.stable.example.com`);
    expect(await api.request('GET', `${DEFINITIONS}/crontabs.stable.example.com`)).toMatchObject({ status: 404 });
    expect(await api.request('GET', CRON_TABS)).toMatchObject({ status: 404 });
    expect(await stored(api, '/registry/stable.example.com/crontabs/default/a')).toBe('');
  });

  it('waits for objects with finalizers', async () => {
    const api = await withCronTabs();
    const kept = cronTab('kept');
    kept.metadata.finalizers = ['example.com/keep'];
    await api.send('POST', CRON_TABS, kept);
    const path = `${DEFINITIONS}/crontabs.stable.example.com`;
    const answer = await api.send('DELETE', path);
    expect(answer.metadata.finalizers).toEqual(['customresourcecleanup.apiextensions.k8s.io']);
    const refused = await api.request('POST', CRON_TABS, cronTab('late'));
    expect((refused.body as Status).message).toBe(
      'crontabs.stable.example.com "late" is forbidden: create not allowed while custom resource definition is terminating',
    );
    expect((await api.send('GET', path))['status']).toMatchObject({
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress' }),
      ]) as unknown,
    });
    await api.send('PATCH', `${CRON_TABS}/kept`, { metadata: { finalizers: null } }, MERGE);
    expect(await api.request('GET', path)).toMatchObject({ status: 404 });
  });

  it('costs requests of built-in resources nothing', async () => {
    const api = await withCronTabs();
    const before = api.memory.calls.length;
    await api.send('GET', '/api/v1/namespaces/default/configmaps');
    expect(api.memory.calls.length - before).toBe(1);
    await api.send('GET', CRON_TABS);
    expect(api.memory.calls.length - before).toBe(3);
  });
});

describe('a custom resource', () => {
  it('is defaulted, and stored as sorted JSON', async () => {
    const api = await withCronTabs();
    const created = await api.send('POST', CRON_TABS, cronTab('good', { replicas: 3, note: null }));
    expect(JSON.stringify(created).replaceAll(/"managedFields":\[.*?\],"name"/g, '"name"')).toBe(
      '{"apiVersion":"stable.example.com/v1","kind":"CronTab","metadata":{"creationTimestamp":"2026-11-24T09:06:06Z","generation":1,"name":"good","namespace":"default","resourceVersion":"5","uid":"00000000-0000-4000-8000-000000000007"},"spec":{"cronSpec":"* * * * *","image":"busybox","note":null,"replicas":3}}',
    );
    const text = await stored(api, '/registry/stable.example.com/crontabs/default/good');
    expect(text).toMatch(/^\{"apiVersion":"stable.example.com\/v1","kind":"CronTab","metadata":\{"creationTimestamp"/);
    expect(text.endsWith('"spec":{"cronSpec":"* * * * *","image":"busybox","note":null,"replicas":3}}\n')).toBe(true);
    const list = await api.send('GET', CRON_TABS);
    expect(Object.keys(list)).toEqual(['apiVersion', 'items', 'kind', 'metadata']);
    expect(list).toMatchObject({ kind: 'CronTabList', metadata: { continue: '' } });
  });

  it('loses, tells or refuses unknown fields', async () => {
    const api = await withCronTabs();
    const body = cronTab('x', { unknown: 1 });
    (body as Record<string, unknown>)['extra'] = true;
    body.metadata['colour'] = 'red';
    const refused = await api.request('POST', `${CRON_TABS}?fieldValidation=Strict`, body);
    expect((refused.body as Status).message).toBe(
      'CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "metadata.colour", unknown field "extra", unknown field "spec.unknown"',
    );
    const warned = await api.request('POST', `${CRON_TABS}?fieldValidation=Warn`, body);
    expect(warned.headers['warning']).toContain('unknown field \\"spec.unknown\\"');
    const { metadata, ...kept } = warned.body as KubeObject;
    expect(kept).toEqual({
      apiVersion: 'stable.example.com/v1',
      kind: 'CronTab',
      spec: { cronSpec: '* * * * *', image: 'busybox' },
    });
    expect(metadata).not.toHaveProperty('colour');
  });

  it('is refused when its metadata or kind are wrong', async () => {
    const api = await withCronTabs();
    const wrong = async (change: (object: KubeObject) => void): Promise<string> => {
      const object = cronTab('x');
      change(object);
      return ((await api.request('POST', CRON_TABS, object)).body as Status).message ?? '';
    };
    expect(await wrong((object) => (object.kind = 'Other'))).toBe(
      'CronTab.stable.example.com "x" is invalid: kind: Invalid value: "Other": must be CronTab',
    );
    expect(await wrong((object) => (object.metadata['labels'] = 'a' as never))).toBe(
      'CronTab in version "v1" cannot be handled as a CronTab: json: cannot unmarshal string into Go struct field ObjectMeta.labels of type map[string]string',
    );
    expect(await wrong((object) => (object.metadata.name = 'A'))).toContain('metadata.name: Invalid value: "A"');
  });

  it('counts changes of what is wanted alone', async () => {
    const api = await withCronTabs();
    await api.send('POST', CRON_TABS, { ...cronTab('c', { replicas: 1 }), status: { replicas: 9 } });
    const path = `${CRON_TABS}/c`;
    const at = async (): Promise<unknown> => {
      const { metadata, status } = await api.send('GET', path);
      return [metadata.generation, status];
    };
    expect(await at()).toEqual([1, undefined]);
    await api.send('PATCH', path, { metadata: { labels: { a: 'b' } }, status: { replicas: 1 } }, MERGE);
    expect(await at()).toEqual([1, undefined]);
    await api.send('PATCH', path, { spec: { replicas: 2 } }, MERGE);
    expect(await at()).toEqual([2, undefined]);
    await api.send('PATCH', `${path}/status`, { spec: { replicas: 7 }, status: { replicas: 2 } }, MERGE);
    expect(await at()).toEqual([2, { replicas: 2 }]);
    expect(await api.send('GET', path)).toMatchObject({ spec: { replicas: 2 } });
    const json = { 'content-type': 'application/json-patch+json' };
    await api.send('PATCH', path, [{ op: 'replace', path: '/spec/replicas', value: 3 }], json);
    expect(await at()).toEqual([3, { replicas: 2 }]);
    const strategic = { 'content-type': 'application/strategic-merge-patch+json' };
    expect((await api.request('PATCH', path, {}, strategic)).body).toMatchObject({
      code: 415,
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    });
  });

  it('is updated only from the version that it has', async () => {
    const api = await withCronTabs();
    const created = await api.send('POST', CRON_TABS, cronTab('c'));
    const { resourceVersion: _version, ...metadata } = created.metadata;
    expect((await api.request('PUT', `${CRON_TABS}/c`, { ...created, metadata })).body).toMatchObject({
      message:
        'CronTab.stable.example.com "c" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    });
    expect(await api.request('PUT', `${CRON_TABS}/c`, created)).toMatchObject({ status: 200 });
  });

  it('has a scale', async () => {
    const api = await withCronTabs();
    await api.send('POST', CRON_TABS, cronTab('none'));
    await api.send('POST', CRON_TABS, cronTab('c', { replicas: 3 }));
    await api.send('PATCH', `${CRON_TABS}/c/status`, { status: { replicas: 1, selector: 'a=b' } }, MERGE);
    const scale = await api.send('GET', `${CRON_TABS}/c/scale`);
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 3 }, status: { replicas: 1, selector: 'a=b' } });
    await api.send('PUT', `${CRON_TABS}/c/scale`, { ...scale, spec: { replicas: 5 } });
    expect(await api.send('GET', `${CRON_TABS}/c`)).toMatchObject({
      spec: { replicas: 5 },
      metadata: { generation: 2 },
    });
    expect((await api.request('GET', `${CRON_TABS}/none/scale`)).body).toMatchObject({
      message: 'Internal error occurred: the spec replicas field ".spec.replicas" does not exist',
    });
    const tooMany = await api.request('PATCH', `${CRON_TABS}/c/scale`, { spec: { replicas: 50 } }, MERGE);
    expect((tooMany.body as Status).message).toContain(
      'spec.replicas: Invalid value: 50: spec.replicas in body should be less than or equal to 10',
    );
  });

  it('prints its columns', async () => {
    const api = await withCronTabs();
    await api.send('POST', CRON_TABS, cronTab('c', { replicas: 3 }));
    api.now = new Date('2026-11-24T09:08:36Z');
    const { columnDefinitions, rows } = (await api.send('GET', CRON_TABS, undefined, TABLE)) as unknown as {
      columnDefinitions: { name: string; type: string; priority: number }[];
      rows: { cells: unknown[] }[];
    };
    expect(columnDefinitions.map(({ name, type, priority }) => [name, type, priority])).toEqual([
      ['Name', 'string', 0],
      ['Spec', 'string', 0],
      ['Replicas', 'integer', 1],
      ['Age', 'date', 0],
    ]);
    expect(rows[0]?.cells).toEqual(['c', '* * * * *', 3, '2m30s']);
  });

  it('is selected by its fields', async () => {
    const api = await withCronTabs();
    await api.send('POST', CRON_TABS, cronTab('a', { image: 'x' }));
    await api.send('POST', CRON_TABS, cronTab('b'));
    const names = async (selector: string): Promise<unknown> =>
      ((await api.send('GET', `${CRON_TABS}?fieldSelector=${selector}`))['items'] as KubeObject[]).map(
        ({ metadata }) => metadata.name,
      );
    expect(await names('spec.image=x')).toEqual(['a']);
    expect(await names('spec.image=busybox')).toEqual(['b']);
    expect((await api.request('GET', `${CRON_TABS}?fieldSelector=spec.note=x`)).body).toMatchObject({
      message: 'field label not supported: spec.note',
    });
  });

  it('goes with its namespace', async () => {
    const api = await withCronTabs();
    await api.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
    await api.send('POST', CRON_TABS.replace('default', 'n'), cronTab('c'));
    await api.send('DELETE', '/api/v1/namespaces/n');
    expect((await api.send('GET', '/apis/stable.example.com/v1/crontabs'))['items']).toEqual([]);
  });

  it('is watched', async () => {
    const api = await withCronTabs();
    await api.send('POST', CRON_TABS, cronTab('c'));
    const { events } = await api.request('GET', `${CRON_TABS}?watch=true&timeoutSeconds=1`);
    const iterator = events?.[Symbol.asyncIterator]();
    const first = await iterator?.next();
    await iterator?.return?.();
    expect(first?.value).toMatchObject({ type: 'ADDED', object: { kind: 'CronTab', metadata: { name: 'c' } } });
  });
});

describe('versions', () => {
  const two = cronTabDefinition((spec) => {
    const { schema } = version('x') as { schema: { openAPIV3Schema: { properties: Record<string, unknown> } } };
    const old = structuredClone(schema.openAPIV3Schema);
    const properties = (old.properties['spec'] as { properties: Record<string, unknown> }).properties;
    delete properties['image'];
    properties['oldName'] = { type: 'string' };
    spec['versions'] = [
      version('v1'),
      version('v1beta1', { storage: false, deprecated: true, schema: { openAPIV3Schema: old }, selectableFields: [] }),
    ];
  });
  const BETA = CRON_TABS.replace('/v1/', '/v1beta1/');

  it('differ in the apiVersion, and in what they keep', async () => {
    const api = await withCronTabs(two);
    const old = { ...cronTab('c', { oldName: 'x', replicas: 2 }), apiVersion: 'stable.example.com/v1beta1' };
    const created = await api.request('POST', BETA, old);
    expect(created.headers['warning']).toBe(
      '299 - "stable.example.com/v1beta1 CronTab is deprecated; use stable.example.com/v1 CronTab"',
    );
    expect(created.body).toMatchObject({ apiVersion: 'stable.example.com/v1beta1', spec: { replicas: 2 } });
    expect(await api.send('GET', `${CRON_TABS}/c`)).toMatchObject({
      apiVersion: 'stable.example.com/v1',
      spec: { cronSpec: '* * * * *', image: 'busybox', replicas: 2 },
    });
    expect(await stored(api, '/registry/stable.example.com/crontabs/default/c')).toContain(
      '"apiVersion":"stable.example.com/v1"',
    );
  });

  it('are not converted by a webhook', async () => {
    const webhook = structuredClone(two);
    const client = { url: 'https://example.com/convert' };
    (webhook['spec'] as Record<string, unknown>)['conversion'] = {
      strategy: 'Webhook',
      webhook: { clientConfig: client, conversionReviewVersions: ['v1'] },
    };
    const api = await withCronTabs(webhook);
    await api.send('POST', CRON_TABS, cronTab('c'));
    expect(await api.request('GET', `${CRON_TABS}/c`)).toMatchObject({ status: 200 });
    expect((await api.request('GET', `${BETA}/c`)).body).toMatchObject({
      code: 501,
      message:
        "kube-lite's API server does not implement conversion webhooks, which crontabs.stable.example.com needs to convert from stable.example.com/v1 to stable.example.com/v1beta1",
    });
  });

  it('are discovered, the preferred one first', async () => {
    const api = await withCronTabs(two);
    const groups = (await api.send('GET', '/apis')) as unknown as { groups: { name: string; versions: unknown[] }[] };
    expect(groups.groups.at(-1)).toMatchObject({
      name: 'stable.example.com',
      preferredVersion: { version: 'v1' },
      versions: [{ version: 'v1' }, { version: 'v1beta1' }],
    });
    const { resources } = (await api.send('GET', '/apis/stable.example.com/v1')) as unknown as { resources: unknown };
    expect(resources).toEqual([
      {
        name: 'crontabs',
        singularName: 'crontab',
        namespaced: true,
        kind: 'CronTab',
        verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
        shortNames: ['ct'],
        categories: ['all'],
        storageVersionHash: expect.stringMatching(/^.{11}=$/) as unknown,
      },
      {
        name: 'crontabs/status',
        singularName: '',
        namespaced: true,
        kind: 'CronTab',
        verbs: ['get', 'patch', 'update'],
      },
      {
        name: 'crontabs/scale',
        singularName: '',
        namespaced: true,
        group: 'autoscaling',
        version: 'v1',
        kind: 'Scale',
        verbs: ['get', 'patch', 'update'],
      },
    ]);
    const all = (await api.send('GET', '/apis', undefined, AGGREGATED))['items'] as { metadata: { name: string } }[];
    expect(all.at(-1)).toMatchObject({
      metadata: { name: 'stable.example.com' },
      versions: [{ version: 'v1', resources: [{ resource: 'crontabs', shortNames: ['ct'] }] }, { version: 'v1beta1' }],
    });
  });
});
