import { describe, expect, it } from 'vitest';
import type { WatchEvent } from '../../src/model/api-message.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { type ApiHarness, apiHarness, CONFIG_MAPS, configMap } from './api-harness.ts';

async function withMaps(count: number): Promise<ApiHarness> {
  const api = apiHarness();
  for (let index = 0; index < count; index++) await api.send('POST', CONFIG_MAPS, configMap(`c${index}`));
  return api;
}

async function firstEvents(
  api: ApiHarness,
  target: string,
  count: number,
  headers: Record<string, string> = {},
): Promise<WatchEvent[]> {
  const controller = new AbortController();
  const [path = '', query] = target.split('?');
  const request = { method: 'GET', path, query: new URLSearchParams(query), headers } as const;
  const { events, body } = await api.handler({ ...request, signal: controller.signal });
  if (events === undefined) throw new Error(JSON.stringify(body));
  const seen: WatchEvent[] = [];
  for await (const event of events) {
    seen.push(event);
    if (seen.length === count) break;
  }
  controller.abort();
  return seen;
}

const names = (list: KubeObject): unknown[] => (list['items'] as KubeObject[]).map(({ metadata }) => metadata.name);

describe('what of list and watch options goes together', () => {
  it.each([
    ['resourceVersionMatch=Exact', 'resourceVersionMatch is forbidden unless resourceVersion is provided'],
    [
      'resourceVersionMatch=Exact&resourceVersion=0',
      'resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    ['resourceVersionMatch=Nearly&resourceVersion=1', 'resourceVersionMatch: Unsupported value: "Nearly"'],
    ['sendInitialEvents=true', 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list'],
    [
      'watch=1&sendInitialEvents=true',
      'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ],
    [
      'watch=1&resourceVersionMatch=NotOlderThan',
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
    [
      'watch=1&resourceVersionMatch=Exact&sendInitialEvents=false',
      'resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"',
    ],
    ['resourceVersion=yesterday', 'resourceVersion: Invalid value: "yesterday"'],
  ])('refuses %s', async (query, message) => {
    const { status, body } = await (await withMaps(1)).request('GET', `${CONFIG_MAPS}?${query}`);
    expect({ status, body }).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
    expect((body as { message: string }).message).toContain(message);
  });

  it.each(['watch=true', 'watch=True', 'watch=1', 'watch=t', 'watch='])('takes %s for a watch', async (query) => {
    const api = await withMaps(1);
    expect(await firstEvents(api, `${CONFIG_MAPS}?${query}`, 1)).toMatchObject([{ type: 'ADDED' }]);
  });

  it.each(['watch=false', 'watch=False', 'watch=0'])('takes %s for a list', async (query) => {
    expect(names(await (await withMaps(1)).send('GET', `${CONFIG_MAPS}?${query}`))).toEqual(['c0']);
  });
});

describe('a list at a resourceVersion', () => {
  it('is of that very version where it must be exact, and of no older one otherwise', async () => {
    const api = await withMaps(2);
    const then = api.memory.revision;
    await api.send('POST', CONFIG_MAPS, configMap('late'));
    const exact = await api.send('GET', `${CONFIG_MAPS}?resourceVersion=${then}&resourceVersionMatch=Exact`);
    expect([names(exact), exact.metadata.resourceVersion]).toEqual([['c0', 'c1'], String(then)]);
    const newer = await api.send('GET', `${CONFIG_MAPS}?resourceVersion=${then}&resourceVersionMatch=NotOlderThan`);
    expect(names(newer)).toEqual(['c0', 'c1', 'late']);
    expect(names(await api.send('GET', `${CONFIG_MAPS}?resourceVersion=0`))).toEqual(['c0', 'c1', 'late']);
    const paged = await api.send('GET', `${CONFIG_MAPS}?resourceVersion=${then}&limit=5`);
    expect(names(paged)).toEqual(['c0', 'c1']);
  });

  it('is gone after compaction, and says how to go on', async () => {
    const api = await withMaps(3);
    const first = await api.send('GET', `${CONFIG_MAPS}?limit=1`);
    const { continue: token } = first.metadata as { continue?: string };
    await api.send('POST', CONFIG_MAPS, configMap('later'));
    await api.memory.compact(api.memory.revision);
    const late = await api.request('GET', `${CONFIG_MAPS}?limit=1&continue=${token}`);
    expect(late).toMatchObject({ status: 410, body: { code: 410, reason: 'Expired' } });
    expect((late.body as { message: string }).message).toMatch(
      /^The provided continue parameter is too old to display a consistent list result\./,
    );
    const [error] = await firstEvents(api, `${CONFIG_MAPS}?watch=1&resourceVersion=1`, 1);
    expect(error).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired', status: 'Failure' } });
  });
});

describe('field selectors', () => {
  it.each([
    ['/api/v1/namespaces/default/pods', 'spec.nodeName=n1,status.phase!=Running,spec.restartPolicy=Always'],
    ['/api/v1/events', 'involvedObject.kind=Pod,reason=Started,type=Normal,source=kubelet,reportingComponent='],
    ['/api/v1/secrets', 'type=Opaque'],
    ['/api/v1/namespaces', 'status.phase=Active'],
    ['/api/v1/nodes', 'spec.unschedulable=false'],
    ['/api/v1/replicationcontrollers', 'status.replicas=0'],
    ['/apis/batch/v1/jobs', 'status.successful=0'],
    ['/apis/certificates.k8s.io/v1/certificatesigningrequests', 'spec.signerName=example.com/a'],
    ['/apis/apps/v1/deployments', 'metadata.name=a,metadata.namespace=default'],
  ])('%s are selected by %s', async (path, selector) => {
    expect(await apiHarness().send('GET', `${path}?fieldSelector=${encodeURIComponent(selector)}`)).toHaveProperty(
      'items',
    );
  });

  it.each([
    ['/api/v1/pods', 'spec.hostname', 'field label not supported: spec.hostname'],
    ['/api/v1/services', 'spec.selector', 'field label not supported: spec.selector'],
    ['/apis/apps/v1/deployments', 'status.replicas', '"status.replicas" is not a known field selector'],
  ])('%s are not selected by %s', async (path, field, message) => {
    const { status, body } = await apiHarness().request('GET', `${path}?fieldSelector=${field}%3Dx`);
    expect({ status, body }).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
    expect((body as { message: string }).message).toContain(message);
  });
});

describe('what a watch shows', () => {
  const START = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';

  it('is bare metadata where that is asked for, bookmarks as well', async () => {
    const api = await withMaps(1);
    const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
    const [added, bookmark] = await firstEvents(api, `${CONFIG_MAPS}?${START}`, 2, { accept });
    expect(added).toMatchObject({
      type: 'ADDED',
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: 'c0' } },
    });
    expect(added?.object).not.toHaveProperty('data');
    expect(bookmark).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'PartialObjectMetadata', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
  });

  it('is rows of a table where that is asked for', async () => {
    const api = await withMaps(2);
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const events = await firstEvents(api, `${CONFIG_MAPS}?${START}`, 3, { accept });
    expect(events.map(({ type, object }) => [type, (object as { kind: string }).kind])).toEqual([
      ['ADDED', 'Table'],
      ['ADDED', 'Table'],
      ['BOOKMARK', 'Table'],
    ]);
    expect(events[0]).toMatchObject({ object: { rows: [{ cells: ['c0', 0, expect.anything()] }] } });
  });

  it('begins with nothing where initial events are not wanted', async () => {
    const api = await withMaps(1);
    const target = `${CONFIG_MAPS}?watch=1&resourceVersion=${api.memory.revision}`;
    const coming = firstEvents(api, target, 1);
    await api.send('POST', CONFIG_MAPS, configMap('next'));
    expect(await coming).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'next' } } }]);
  });
});
