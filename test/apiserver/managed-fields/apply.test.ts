import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import type { Status } from '../../../src/model/status.ts';
import { type ApiHarness, apiHarness, CONFIG_MAPS } from '../api-harness.ts';

const APPLY = { 'content-type': 'application/apply-patch+yaml' };
const MERGE = { 'content-type': 'application/merge-patch+json' };
const SERVICES = '/api/v1/namespaces/default/services';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';

function config(data?: Record<string, unknown>, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', ...metadata }, ...(data ? { data } : {}) };
}

function service(spec: object): object {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec };
}

function deployment(spec: object, containers: object[] = [{ name: 'c', image: 'i' }], metadata: object = {}): object {
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers } };
  const selector = { matchLabels: { a: 'b' } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', ...metadata },
    spec: { selector, template, ...spec },
  };
}

/** Applies as a manager; the path's last part is the object's name, with more of a query after `&`. */
async function apply(api: ApiHarness, path: string, manager: string, body: object): Promise<KubeObject> {
  const [name = '', more] = path.split('&');
  return api.send('PATCH', `${name}?fieldManager=${manager}${more === undefined ? '' : `&${more}`}`, body, APPLY);
}

async function refused(api: ApiHarness, path: string, body: unknown): Promise<Status> {
  const response = await api.request('PATCH', path, body, APPLY);
  expect(response.status).toBeGreaterThanOrEqual(400);
  return response.body as Status;
}

/** What each manager owns, as `manager operation`. */
function owned({ metadata }: KubeObject): Record<string, unknown> {
  const entries = JSON.parse(JSON.stringify(metadata.managedFields ?? [])) as Record<string, unknown>[];
  return Object.fromEntries(
    entries.map((entry) => [
      [entry['manager'], entry['operation'], entry['subresource']].filter(Boolean).join(' '),
      entry['fieldsV1'],
    ]),
  );
}

const C = `${CONFIG_MAPS}/c`;
const S = `${SERVICES}/s`;
const D = `${DEPLOYMENTS}/d`;

describe('server-side apply', () => {
  it('creates what is not there, and changes nothing the second time', async () => {
    const api = apiHarness();
    const first = await api.request('PATCH', `${C}?fieldManager=m`, config({ a: '1' }), APPLY);
    expect(first.status).toBe(201);
    const created = first.body as KubeObject;
    expect(created).toMatchObject({ data: { a: '1' }, metadata: { name: 'c', namespace: 'default' } });
    expect(owned(created)).toEqual({ 'm Apply': { 'f:data': { 'f:a': {} } } });
    api.now = new Date('2026-11-24T10:00:00Z');
    const again = await api.request('PATCH', `${C}?fieldManager=m`, config({ a: '1' }), APPLY);
    expect(again).toMatchObject({ status: 200, body: created });
  });

  it('refuses to change what another manager applied, and says what', async () => {
    const api = apiHarness();
    await apply(api, C, 'one', config({ a: '1', b: '1' }, { labels: { l: 'x' } }));
    const status = await refused(api, `${C}?fieldManager=two`, config({ b: '2', c: '2' }));
    expect(status).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Apply failed with 1 conflict: conflict with "one": .data.b',
      reason: 'Conflict',
      details: {
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.b' }],
      },
      code: 409,
    });
    await api.send('PATCH', `${C}?fieldManager=up`, { data: { u: '1' } }, MERGE);
    const several = await refused(
      api,
      `${C}?fieldManager=two`,
      config({ a: '2', b: '2', u: '2' }, { labels: { l: 'y' } }),
    );
    expect(several.message).toBe(
      'Apply failed with 4 conflicts: conflicts with "one":\n- .data.a\n- .data.b\n- .metadata.labels.l\nconflicts with "up" using v1:\n- .data.u',
    );
    expect(several.details?.causes).toHaveLength(4);
  });

  it('takes over by force, and shares what is the same', async () => {
    const api = apiHarness();
    await apply(api, C, 'one', config({ a: '1', b: '1' }));
    const forced = await apply(api, `${C}&force=true`, 'two', config({ b: '2', c: '2' }));
    expect(forced['data']).toEqual({ a: '1', b: '2', c: '2' });
    expect(owned(forced)).toEqual({
      'one Apply': { 'f:data': { 'f:a': {} } },
      'two Apply': { 'f:data': { 'f:b': {}, 'f:c': {} } },
    });
    const shared = await apply(api, C, 'three', config({ a: '1' }));
    expect(owned(shared)).toMatchObject({
      'one Apply': { 'f:data': { 'f:a': {} } },
      'three Apply': { 'f:data': { 'f:a': {} } },
    });
    const left = await apply(api, C, 'one', config());
    expect(left['data']).toEqual({ a: '1', b: '2', c: '2' });
    expect(owned(left)).not.toHaveProperty('one Apply');
  });

  it('removes what its manager gave up, and nobody else has', async () => {
    const api = apiHarness();
    await apply(api, C, 'm', config({ a: '1', b: '1' }, { labels: { l: 'x' } }));
    await api.send('PATCH', `${C}?fieldManager=up`, { data: { u: '1' } }, MERGE);
    const less = await apply(api, C, 'm', config({ b: '1' }));
    expect(less['data']).toEqual({ b: '1', u: '1' });
    expect(less.metadata.labels).toBeUndefined();
    const none = await apply(api, C, 'm', config());
    expect(none['data']).toEqual({ u: '1' });
    expect(owned(none)).toEqual({ 'up Update': { 'f:data': { 'f:u': {} } } });
  });

  it('merges lists by the keys of their items, filling keys that have a default', async () => {
    const api = apiHarness();
    await apply(api, S, 'one', service({ ports: [{ name: 'http', port: 80 }] }));
    const both = await apply(api, S, 'two', service({ ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] }));
    expect(both['spec']).toMatchObject({ ports: [{ name: 'http' }, { name: 'dns' }] });
    expect(owned(both)['one Apply']).toEqual({
      'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } } },
    });
    const status = await refused(api, `${S}?fieldManager=two`, service({ ports: [{ name: 'web', port: 80 }] }));
    expect(status.message).toBe(
      'Apply failed with 1 conflict: conflict with "one": .spec.ports[port=80,protocol="TCP"].name',
    );
    const less = await apply(api, S, 'two', service({}));
    expect((less['spec'] as { ports: unknown[] }).ports).toHaveLength(1);
  });

  it('keeps an item of which another manager has a field', async () => {
    const api = apiHarness();
    await apply(
      api,
      D,
      'one',
      deployment({}, [
        { name: 'c', image: 'i' },
        { name: 'side', image: 's' },
      ]),
    );
    const env = [{ name: 'side', env: [{ name: 'E', value: '1' }] }];
    const body = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: { template: { spec: { containers: env } } },
    };
    await apply(api, D, 'two', body);
    const less = await apply(api, `${D}&dryRun=All`, 'two', { ...body, spec: {} });
    const { containers } = (less['spec'] as { template: { spec: { containers: Record<string, unknown>[] } } }).template
      .spec;
    expect(containers.map(({ name }) => name)).toEqual(['c', 'side']);
    expect(containers[1]).not.toHaveProperty('env');
    // One gives the container up: that two names it keeps it, but without its image it is no container.
    const invalid = await refused(api, `${D}?fieldManager=one`, deployment({}));
    expect(invalid.message).toContain('spec.template.spec.containers[1].image: Required value');
  });

  it('treats sets by their values and atomic fields as one', async () => {
    const api = apiHarness();
    await apply(api, C, 'one', config(undefined, { finalizers: ['a.b/one'] }));
    const both = await apply(api, C, 'two', config(undefined, { finalizers: ['a.b/two'] }));
    expect(both.metadata.finalizers).toEqual(['a.b/one', 'a.b/two']);
    expect(owned(both)['two Apply']).toEqual({ 'f:metadata': { 'f:finalizers': { 'v:"a.b/two"': {} } } });
    expect((await apply(api, C, 'one', config())).metadata.finalizers).toEqual(['a.b/two']);
    await apply(api, S, 'one', service({ selector: { a: 'b' }, ports: [{ port: 1 }] }));
    const status = await refused(api, `${S}?fieldManager=two`, service({ selector: { c: 'd' } }));
    expect(status.message).toContain('conflict with "one": .spec.selector');
    const forced = await apply(api, `${S}&force=true`, 'two', service({ selector: { c: 'd' } }));
    expect(forced['spec']).toMatchObject({ selector: { c: 'd' } });
    expect((forced['spec'] as { selector: object }).selector).not.toHaveProperty('a');
  });

  it('puts items in the order in which they are applied', async () => {
    const api = apiHarness();
    const named = (...names: string[]): object[] => names.map((name) => ({ name, image: 'i' }));
    const namesOf = (object: KubeObject): string[] =>
      (object['spec'] as { template: { spec: { containers: { name: string }[] } } }).template.spec.containers.map(
        ({ name }) => name,
      );
    await apply(api, D, 'm', deployment({}, named('a', 'b', 'c')));
    expect(namesOf(await apply(api, D, 'm', deployment({}, named('c', 'a', 'b'))))).toEqual(['c', 'a', 'b']);
    expect(namesOf(await apply(api, D, 'other', deployment({}, named('x', 'b'))))).toEqual(['c', 'a', 'x', 'b']);
  });

  it('lets a field go back to its default', async () => {
    const api = apiHarness();
    await apply(api, D, 'm', deployment({ replicas: 3, revisionHistoryLimit: 2 }));
    const less = await apply(api, D, 'm', deployment({ replicas: 3 }));
    expect(less['spec']).toMatchObject({ replicas: 3, revisionHistoryLimit: 10 });
  });

  it('stores nothing of a dry run', async () => {
    const api = apiHarness();
    const created = await apply(api, `${C}&dryRun=All`, 'm', config({ a: '1' }));
    expect(created['data']).toEqual({ a: '1' });
    expect((await api.request('GET', C)).status).toBe(404);
  });

  it('gives a status to its subresource, and nothing else', async () => {
    const api = apiHarness();
    const missing = await refused(api, `${D}/status?fieldManager=m`, deployment({}));
    expect(missing).toMatchObject({ code: 404 });
    await apply(api, D, 'm', { ...deployment({}), status: { replicas: 7 } });
    expect(owned(await api.send('GET', D))['m Apply']).not.toHaveProperty('f:status');
    const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, status: { replicas: 2 } };
    const written = await apply(api, `${D}/status`, 'controller', body);
    expect(written['status']).toMatchObject({ replicas: 2 });
    expect(owned(written)['controller Apply status']).toEqual({ 'f:status': { 'f:replicas': {} } });
    // A write to the object itself, which cannot change the status, takes it from nobody.
    const { status: _status, ...rest } = written;
    const put = await api.send('PUT', `${D}?fieldManager=putter`, {
      ...rest,
      metadata: { ...rest.metadata, labels: { l: 'x' } },
    });
    expect(owned(put)).toHaveProperty('controller Apply status');
  });

  it('is refused for what is no configuration', async () => {
    const api = apiHarness();
    expect(await refused(api, C, config())).toMatchObject({
      code: 422,
      message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    });
    const at = `${C}?fieldManager=m`;
    const messageOf = async (body: unknown): Promise<string | undefined> => (await refused(api, at, body)).message;
    expect(await messageOf({ ...config(), kind: 'Secret' })).toBe('invalid object type: /v1, Kind=Secret');
    expect(await messageOf({})).toBe('invalid object type: /, Kind=');
    expect(await messageOf([])).toContain('json: cannot unmarshal array into Go value');
    expect(await messageOf(config({}, { managedFields: [] }))).toBe('metadata.managedFields must be nil');
    expect(await messageOf(config({}, { name: 'other' }))).toContain('does not match the name on the URL (c)');
    expect(await messageOf(config({}, { namespace: 'other' }))).toContain('does not match the namespace sent');
    expect(await messageOf(config({}, { uid: 'u' }))).toContain('uid mismatch: the provided object specified uid u');
    const unforced = await api.request('PATCH', `${C}?force=true`, {}, MERGE);
    expect((unforced.body as Status).message).toContain('force: Forbidden: may not be specified for non-apply patch');
  });

  it('says what is not of its type', async () => {
    const api = apiHarness();
    const messageOf = async (path: string, body: object): Promise<string | undefined> => {
      const status = await refused(api, `${path}?fieldManager=m`, body);
      expect(status).toMatchObject({ code: 500, reason: '' });
      return status.message;
    };
    expect(await messageOf(C, { ...config(), dat: 1 })).toBe(
      'failed to create typed patch object (/c; /v1, Kind=ConfigMap): .dat: field not declared in schema',
    );
    expect(await messageOf(C, config({ a: 1, b: true }))).toBe(
      'failed to create typed patch object (/c; /v1, Kind=ConfigMap): errors:\n  .data.a: expected string, got &value.valueUnstructured{Value:1}\n  .data.b: expected string, got &value.valueUnstructured{Value:true}',
    );
    expect(await messageOf(D, deployment({ replicas: 'x', paused: 1 }))).toContain(
      '.spec.replicas: expected numeric (int or float), got string\n  .spec.paused: expected boolean, got &{1}',
    );
    expect(await messageOf(S, service({ ports: [{ port: 80 }, { port: 80, name: 'x' }] }))).toContain(
      '.spec.ports: duplicate entries for key [port=80,protocol="TCP"]',
    );
    expect(await messageOf(S, service({ ports: {} }))).toContain('.spec.ports: expected list, got &{map[]}');
    expect(await messageOf(C, config(undefined, { finalizers: [null] }))).toContain(
      ".metadata.finalizers: element 0: associative list without keys has an element that's an explicit null",
    );
    expect(await messageOf(D, deployment({ replicas: 1.5 }))).toMatch(
      /^failed to convert new object \(\/d; apps\/v1, Kind=Deployment\) to proper version \(apps\/v1\): unable to convert unstructured/,
    );
  });

  it('holds to the version that a configuration names', async () => {
    const api = apiHarness();
    const { metadata } = await apply(api, C, 'm', config({ a: '1' }));
    const { resourceVersion = '' } = metadata;
    const next = await apply(api, C, 'm', config({ a: '2' }, { resourceVersion }));
    expect(next['data']).toEqual({ a: '2' });
    const stale = await refused(api, `${C}?fieldManager=m`, config({ a: '3' }, { resourceVersion }));
    expect(stale).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(stale.message).toContain('the object has been modified');
  });
});

describe('objects that were there before', () => {
  it('belong to before-first-apply where nobody tracked them', async () => {
    const api = apiHarness();
    await api.send('POST', `${CONFIG_MAPS}?fieldManager=m`, config({ a: '1', b: '1' }));
    await api.send('PATCH', C, { metadata: { managedFields: [{}] } }, MERGE);
    const untracked = await api.send('PATCH', `${C}?fieldManager=m`, { data: { c: '1' } }, MERGE);
    expect(untracked.metadata.managedFields).toBeUndefined();
    const status = await refused(api, `${C}?fieldManager=new`, config({ a: '2' }));
    expect(status.message).toBe('Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a');
    const applied = await apply(api, C, 'new', config({ a: '1' }));
    expect(owned(applied)).toMatchObject({
      'before-first-apply Update': { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {}, 'f:c': {} } },
      'new Apply': { 'f:data': { 'f:a': {} } },
    });
  });

  it('are taken over by kubectl where client-side apply left them as they were', async () => {
    const api = apiHarness();
    const last = 'kubectl.kubernetes.io/last-applied-configuration';
    const text = JSON.stringify(config({ a: '1', b: '1' }));
    const body = config({ a: '1', b: '1' }, { annotations: { [last]: text } });
    await api.send('POST', `${CONFIG_MAPS}?fieldManager=kubectl-client-side-apply`, body);
    const other = await refused(api, `${C}?fieldManager=other`, config({ a: '2' }));
    expect(other.message).toContain('conflict with "kubectl-client-side-apply" using v1: .data.a');
    const taken = await apply(api, C, 'kubectl', config({ a: '2', b: '1' }));
    expect(taken['data']).toEqual({ a: '2', b: '1' });
    expect(taken.metadata.annotations?.[last]).toBe(
      '{"apiVersion":"v1","data":{"a":"2","b":"1"},"kind":"ConfigMap","metadata":{"name":"c"}}\n',
    );
    await api.send('PATCH', `${C}?fieldManager=edit`, { data: { b: '9' } }, MERGE);
    const edited = await refused(api, `${C}?fieldManager=kubectl`, config({ a: '2', b: '1' }));
    expect(edited.message).toBe('Apply failed with 1 conflict: conflict with "edit" using v1: .data.b');
  });

  it('are managed across the versions of their kind', async () => {
    const api = apiHarness();
    const path = (version: string): string =>
      `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers/h`;
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' };
    const of = (version: string, spec: object): object => ({
      apiVersion: `autoscaling/${version}`,
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'h' },
      spec: { scaleTargetRef: target, ...spec },
    });
    await apply(api, path('v1'), 'one', of('v1', { maxReplicas: 5, targetCPUUtilizationPercentage: 50 }));
    const status = await refused(api, `${path('v2')}?fieldManager=two`, of('v2', { maxReplicas: 6 }));
    expect(status.message).toBe('Apply failed with 1 conflict: conflict with "one": .spec.maxReplicas');
    const shared = await apply(api, path('v2'), 'two', of('v2', { maxReplicas: 5, minReplicas: 2 }));
    expect((shared['spec'] as { metrics: unknown[] }).metrics).toHaveLength(1);
    // The applier is the same in every version, and gives up in the new one what it applied in the old one.
    const moved = await apply(api, path('v2'), 'one', of('v2', { maxReplicas: 5 }));
    expect(moved.metadata.managedFields?.map(({ manager, apiVersion }) => `${manager} ${apiVersion}`).sort()).toEqual([
      'one autoscaling/v2',
      'two autoscaling/v2',
    ]);
    expect(moved['spec']).toMatchObject({ minReplicas: 2, maxReplicas: 5 });
  });
});

describe('updates', () => {
  it('keep ten managers, and merge the oldest', async () => {
    const api = apiHarness();
    await api.send('POST', `${CONFIG_MAPS}?fieldManager=m0`, config({ m0: '' }));
    let object = await api.send('GET', C);
    for (let index = 1; index <= 11; index++) {
      api.now = new Date(api.now.getTime() + 1000);
      object = await api.send('PATCH', `${C}?fieldManager=m${index}`, { data: { [`m${index}`]: '' } }, MERGE);
    }
    const managers = Object.keys(owned(object));
    expect(managers).toHaveLength(10);
    expect(owned(object)['ancient-changes Update']).toEqual({
      'f:data': { '.': {}, 'f:m0': {}, 'f:m1': {}, 'f:m2': {} },
    });
    expect(managers.at(-1)).toBe('m11 Update');
  });

  it('take fields from appliers', async () => {
    const api = apiHarness();
    await apply(api, C, 'one', config({ a: '1', b: '1' }));
    const patched = await api.send('PATCH', `${C}?fieldManager=up`, { data: { a: '2', b: null } }, MERGE);
    expect(owned(patched)).toEqual({ 'up Update': { 'f:data': { 'f:a': {} } } });
    const status = await refused(api, `${C}?fieldManager=one`, config({ a: '1' }));
    expect(status.message).toContain('conflict with "up" using v1: .data.a');
  });

  it('may write entries of their own, but not through a subresource', async () => {
    const api = apiHarness();
    const created = await api.send('POST', `${DEPLOYMENTS}?fieldManager=m`, deployment({}));
    const [entry] = JSON.parse(JSON.stringify(created.metadata.managedFields)) as object[];
    const renamed = { metadata: { managedFields: [{ ...entry, manager: 'renamed' }] } };
    const kept = await api.send('PATCH', `${D}/status?fieldManager=m`, renamed, MERGE);
    expect(Object.keys(owned(kept))).toEqual(['m Update']);
    const changed = await api.send('PATCH', `${D}?fieldManager=m`, renamed, MERGE);
    expect(Object.keys(owned(changed))).toEqual(['renamed Update']);
  });
});
