import { describe, expect, it } from 'vitest';
import type { WatchEvent } from '../../src/model/api-message.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import type { Table } from '../../src/model/table.ts';
import { type ApiHarness, apiHarness, CONFIG_MAPS, configMap } from './api-harness.ts';

const MERGE = { 'content-type': 'application/merge-patch+json' };
const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
const METADATA = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };

function names(list: KubeObject): (string | undefined)[] {
  return (list['items'] as KubeObject[]).map(({ metadata }) => metadata.name);
}

async function withLabels(): Promise<ApiHarness> {
  const api = apiHarness();
  for (const [name, app] of [
    ['a', 'web'],
    ['b', 'web'],
    ['c', 'db'],
  ] as const) {
    await api.send('POST', CONFIG_MAPS, { ...configMap(name), metadata: { name, labels: { app } } });
  }
  return api;
}

async function watch(
  api: ApiHarness,
  query: string,
  headers: Record<string, string> = {},
): Promise<{
  take: (count: number) => Promise<WatchEvent[]>;
  end: () => Promise<void>;
}> {
  const controller = new AbortController();
  const response = await api.handler({
    method: 'GET',
    path: CONFIG_MAPS,
    query: new URLSearchParams(`watch=1&${query}`),
    headers,
    signal: controller.signal,
  });
  const iterator = response.events?.[Symbol.asyncIterator]();
  if (iterator === undefined) throw new Error(JSON.stringify(response.body));
  return {
    async take(count) {
      const events: WatchEvent[] = [];
      while (events.length < count) {
        const next = await iterator.next();
        if (next.done === true) break;
        events.push(next.value);
      }
      return events;
    },
    async end() {
      controller.abort();
      await iterator.return?.();
    },
  };
}

const shown = ({ type, object }: WatchEvent): string => `${type} ${(object as KubeObject).metadata.name ?? ''}`;

describe('list', () => {
  it('selects by labels and fields', async () => {
    const api = await withLabels();
    expect(names(await api.send('GET', `${CONFIG_MAPS}?labelSelector=app%3Dweb`))).toEqual(['a', 'b']);
    expect(names(await api.send('GET', `${CONFIG_MAPS}?labelSelector=app+notin+(web)`))).toEqual(['c']);
    expect(names(await api.send('GET', `${CONFIG_MAPS}?fieldSelector=metadata.name%3Db`))).toEqual(['b']);
    expect(names(await api.send('GET', `${CONFIG_MAPS}?fieldSelector=metadata.name!%3Db`))).toEqual(['a', 'c']);
    expect(names(await api.send('GET', '/api/v1/configmaps?fieldSelector=metadata.name%3Db'))).toEqual(['b']);
    expect(
      names(await api.send('GET', `${CONFIG_MAPS}?fieldSelector=metadata.name%3Db&labelSelector=app%3Ddb`)),
    ).toEqual([]);
  });

  it.each([
    ['fieldSelector=data.k%3Dv', '"data.k" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    [
      'labelSelector=bad+selector+%3D',
      "unable to parse requirement: found 'selector', expected: in, notin, =, ==, !=, gt, lt",
    ],
    ['continue=nonsense', 'invalid continue token: continue key is not valid'],
  ])('refuses %s', async (query, message) => {
    const api = await withLabels();
    expect((await api.request('GET', `${CONFIG_MAPS}?${query}`)).body).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message,
    });
  });

  it('pages at one revision', async () => {
    const api = apiHarness();
    for (let index = 0; index < 5; index++) await api.send('POST', CONFIG_MAPS, configMap(`c${index}`));
    const first = await api.send('GET', `${CONFIG_MAPS}?limit=2`);
    const metadata = first['metadata'] as { continue: string; remainingItemCount: number; resourceVersion: string };
    expect(names(first)).toEqual(['c0', 'c1']);
    expect(metadata.remainingItemCount).toBe(3);
    expect(JSON.parse(Buffer.from(metadata.continue, 'base64url').toString())).toEqual({
      v: 'meta.k8s.io/v1',
      rv: Number(metadata.resourceVersion),
      start: 'c1\0',
    });
    await api.send('DELETE', `${CONFIG_MAPS}/c3`);
    await api.send('POST', CONFIG_MAPS, configMap('c9'));
    const second = await api.send('GET', `${CONFIG_MAPS}?limit=2&continue=${metadata.continue}`);
    const third = await api.send(
      'GET',
      `${CONFIG_MAPS}?limit=2&continue=${String((second.metadata as Record<string, unknown>)['continue'])}`,
    );
    expect([...names(second), ...names(third)]).toEqual(['c2', 'c3', 'c4']);
    expect(third.metadata).toEqual({ resourceVersion: metadata.resourceVersion });
  });

  it('counts a limit after the selector', async () => {
    const api = apiHarness();
    for (let index = 0; index < 9; index++) {
      const name = `c${index}`;
      await api.send('POST', CONFIG_MAPS, {
        ...configMap(name),
        metadata: { name, labels: { odd: String(index % 2) } },
      });
    }
    const first = await api.send('GET', `${CONFIG_MAPS}?limit=3&labelSelector=odd%3D0`);
    expect(names(first)).toEqual(['c0', 'c2', 'c4']);
    expect(first.metadata).not.toHaveProperty('remainingItemCount');
    const token = String((first.metadata as Record<string, unknown>)['continue']);
    const second = await api.send('GET', `${CONFIG_MAPS}?limit=3&labelSelector=odd%3D0&continue=${token}`);
    expect(names(second)).toEqual(['c6', 'c8']);
    expect(second.metadata).not.toHaveProperty('continue');
  });

  it('says when a token is too old, and gives one that goes on', async () => {
    const api = apiHarness();
    for (let index = 0; index < 3; index++) await api.send('POST', CONFIG_MAPS, configMap(`c${index}`));
    const first = await api.send('GET', `${CONFIG_MAPS}?limit=1`);
    const token = String((first.metadata as Record<string, unknown>)['continue']);
    await api.send('POST', CONFIG_MAPS, configMap('c9'));
    await api.memory.compact(api.memory.revision);
    const late = await api.request('GET', `${CONFIG_MAPS}?limit=1&continue=${token}`);
    expect(late).toMatchObject({ status: 410, body: { reason: 'Expired' } });
    const next = (late.body as { metadata: { continue: string } }).metadata.continue;
    expect(names(await api.send('GET', `${CONFIG_MAPS}?continue=${next}`))).toEqual(['c1', 'c2', 'c9']);
    const gone = await api.request('GET', `${CONFIG_MAPS}?resourceVersion=2&resourceVersionMatch=Exact`);
    expect(gone.body).toMatchObject({ code: 410, message: 'The resourceVersion for the provided list is too old.' });
    const future = await api.request('GET', `${CONFIG_MAPS}?resourceVersion=9999`);
    expect(future.body).toMatchObject({
      code: 504,
      message: `Timeout: Too large resource version: 9999, current: ${api.memory.revision}`,
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
    });
  });

  it('names every value that cannot be read', async () => {
    const api = await withLabels();
    await api.memory.txn({
      compares: [],
      success: [
        { type: 'put', key: Buffer.from('/registry/configmaps/default/broken'), value: Buffer.from('k8s\0nonsense') },
        {
          type: 'put',
          key: Buffer.from('/registry/configmaps/default/enc'),
          value: Buffer.from('k8s:enc:aescbc:v1:x'),
        },
      ],
    });
    const { body, status } = await api.request('GET', CONFIG_MAPS);
    expect(status).toBe(500);
    expect(body).toMatchObject({
      reason: 'StoreReadError',
      details: {
        causes: [{ field: '/registry/configmaps/default/broken' }, { field: '/registry/configmaps/default/enc' }],
      },
    });
    expect((body as { message: string }).message).toMatch(
      /^failed to read one or more configmaps from the storage: \/registry\/configmaps\/default\/broken: .*\(and 1 more\)$/,
    );
    expect(await api.send('GET', `${CONFIG_MAPS}/a`)).toMatchObject({ metadata: { name: 'a' } });
  });

  it('answers tables and bare metadata', async () => {
    const api = await withLabels();
    api.now = new Date('2026-11-24T09:06:11Z');
    const table = (await api.send('GET', CONFIG_MAPS, undefined, TABLE)) as unknown as Table;
    expect(table).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(table.columnDefinitions.length).toBeGreaterThan(0);
    expect(table.rows.map(({ cells }) => cells[0])).toEqual(['a', 'b', 'c']);
    expect(table.rows[0]?.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } });
    const none = (await api.send('GET', `${CONFIG_MAPS}/a?includeObject=None`, undefined, TABLE)) as unknown as Table;
    expect(none.rows).toHaveLength(1);
    expect(none.rows[0]).not.toHaveProperty('object');
    const metadata = await api.send('GET', CONFIG_MAPS, undefined, METADATA);
    expect(metadata).toMatchObject({
      kind: 'PartialObjectMetadataList',
      items: [{ kind: 'PartialObjectMetadata' }, {}, {}],
    });
    expect(await api.request('GET', CONFIG_MAPS, undefined, { accept: 'text/html' })).toMatchObject({ status: 406 });
  });
});

describe('watch', () => {
  it('tells what is there and then what changes', async () => {
    const api = await withLabels();
    const watcher = await watch(api, '');
    expect((await watcher.take(3)).map(shown)).toEqual(['ADDED a', 'ADDED b', 'ADDED c']);
    await api.send('PATCH', `${CONFIG_MAPS}/a`, { data: { k: 'v' } }, MERGE);
    await api.send('DELETE', `${CONFIG_MAPS}/b`);
    const [modified, deleted] = await watcher.take(2);
    expect(modified).toMatchObject({ type: 'MODIFIED', object: { kind: 'ConfigMap', data: { k: 'v' } } });
    expect(deleted).toMatchObject({
      type: 'DELETED',
      object: { metadata: { name: 'b', resourceVersion: String(api.memory.revision), labels: { app: 'web' } } },
    });
    await watcher.end();
  });

  it('goes on after a resourceVersion, and shows what comes into and out of a selector', async () => {
    const api = await withLabels();
    const watcher = await watch(api, `resourceVersion=${api.memory.revision}&labelSelector=app%3Dweb`);
    await api.send('PATCH', `${CONFIG_MAPS}/a`, { metadata: { labels: { app: 'db' } } }, MERGE);
    await api.send('PATCH', `${CONFIG_MAPS}/c`, { metadata: { labels: { app: 'web' } } }, MERGE);
    await api.send('PATCH', `${CONFIG_MAPS}/c`, { data: { k: 'v' } }, MERGE);
    expect((await watcher.take(3)).map(shown)).toEqual(['DELETED a', 'ADDED c', 'MODIFIED c']);
    await watcher.end();
  });

  it('sends bookmarks and the end of the initial events', async () => {
    const api = await withLabels();
    const watcher = await watch(
      api,
      'allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
    );
    const events = await watcher.take(4);
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'ADDED', 'BOOKMARK']);
    expect(events[3]?.object).toMatchObject({
      kind: 'ConfigMap',
      metadata: { resourceVersion: String(api.memory.revision), annotations: { 'k8s.io/initial-events-end': 'true' } },
    });
    await api.send('POST', '/api/v1/namespaces/default/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
    });
    expect(await watcher.take(1)).toMatchObject([
      { type: 'BOOKMARK', object: { metadata: { resourceVersion: String(api.memory.revision) } } },
    ]);
    await watcher.end();
  });

  it('ends with Expired when its start is compacted', async () => {
    const api = await withLabels();
    await api.memory.compact(api.memory.revision);
    const watcher = await watch(api, 'resourceVersion=1');
    expect(await watcher.take(2)).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
  });

  it('tells the columns of a table once', async () => {
    const api = await withLabels();
    const watcher = await watch(api, '', TABLE);
    const [first, second] = (await watcher.take(2)).map(({ object }) => object as Table);
    expect(first?.columnDefinitions.length).toBeGreaterThan(0);
    expect(second?.columnDefinitions).toEqual([]);
    expect(second?.rows).toHaveLength(1);
    await watcher.end();
  });

  it('ends after timeoutSeconds', async () => {
    const api = await withLabels();
    const watcher = await watch(api, `timeoutSeconds=1&resourceVersion=${api.memory.revision}`);
    expect(await watcher.take(1)).toEqual([]);
  });
});
