import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { storageVersionHash } from '../../src/apiserver/discovery/storage-version-hash.ts';
import { builtInResources } from '../../src/model/schema/built-in-resources.ts';
import { apiHarness } from './api-harness.ts';

interface Recorded {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/reference/resources.json', import.meta.url), 'utf8'),
) as Recorded[];

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

interface ResourceList {
  readonly resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
}

describe('discovery', () => {
  it('lists every resource and subresource that a real server lists', async () => {
    const api = apiHarness();
    const versions = new Set(
      recorded.map(({ group, version }) => (group === '' ? `/api/${version}` : `/apis/${group}/${version}`)),
    );
    for (const path of versions) {
      const { resources } = (await api.send('GET', path)) as unknown as ResourceList;
      const expected = recorded.filter(
        ({ group, version }) => path === (group === '' ? `/api/${version}` : `/apis/${group}/${version}`),
      );
      expect(resources.map(({ name }) => name).sort()).toEqual(expected.map(({ plural }) => plural).sort());
      for (const { plural, kind, namespaced, verbs } of expected) {
        const found = resources.find(({ name }) => name === plural);
        expect(found).toMatchObject({ kind, namespaced });
        expect([...(found?.verbs ?? [])].sort()).toEqual([...verbs].sort());
      }
    }
  });

  it('answers groups, the core versions and all at once', async () => {
    const api = apiHarness();
    expect(JSON.stringify(await api.send('GET', '/api')).startsWith('{"kind":"APIVersions"')).toBe(true);
    const groups = (await api.send('GET', '/apis')) as unknown as {
      groups: { name: string; preferredVersion: { version: string } }[];
    };
    expect(groups.groups.find(({ name }) => name === 'autoscaling')?.preferredVersion.version).toBe('v2');
    expect(await api.send('GET', '/apis/apps')).toMatchObject({ kind: 'APIGroup', name: 'apps' });
    expect(await api.request('GET', '/apis/nonsense')).toMatchObject({ status: 404 });
    const all = await api.request('GET', '/apis', undefined, { accept: AGGREGATED });
    expect(all.headers['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(all.body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' });
    const core = await api.send('GET', '/api', undefined, { accept: AGGREGATED });
    const [item] = core['items'] as { versions: { resources: { resource: string; subresources?: unknown[] }[] }[] }[];
    expect(item?.versions[0]?.resources.find(({ resource }) => resource === 'pods')?.subresources).toContainEqual(
      expect.objectContaining({ subresource: 'status' }),
    );
  });

  it('hashes storage versions as kube-apiserver does', () => {
    const hash = (plural: string): string =>
      builtInResources()
        .filter((each) => each.plural === plural)
        .map(storageVersionHash)[0] ?? '';
    expect(hash('pods')).toBe('xPOwRZ+Yhw8=');
    expect(hash('configmaps')).toBe('qFsyl6wFWjQ=');
    expect(hash('deployments')).toBe('8aSe+NMegvE=');
  });

  it('says what it is and that it lives', async () => {
    const api = apiHarness();
    expect(await api.send('GET', '/version')).toMatchObject({ major: '1', minor: '36' });
    expect(((await api.send('GET', '/version')) as unknown as { gitVersion: string }).gitVersion).toMatch(
      /^v1\.36\.\d+\+kube-lite/,
    );
    for (const path of ['/healthz', '/livez', '/readyz', '/readyz/ping']) {
      expect(await api.request('GET', path)).toMatchObject({ status: 200, body: 'ok' });
    }
    expect(await api.request('GET', '/openapi')).toMatchObject({ status: 404 });
    expect(await api.request('POST', '/version')).toMatchObject({ status: 405 });
  });
});

describe('every stored kind', () => {
  it('can be listed, and says what it does not do', async () => {
    const api = apiHarness();
    for (const { group, version, plural, kind, verbs } of builtInResources()) {
      const path = group === '' ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
      const response = await api.request('GET', path);
      if (verbs.includes('watch')) expect(response).toMatchObject({ status: 200, body: { kind: `${kind}List` } });
      else expect([404, 405, 501]).toContain(response.status);
    }
    // As kube-apiserver, a pod that is not there comes before what is done with it.
    expect(await api.request('POST', '/api/v1/namespaces/default/pods/p/exec', {})).toMatchObject({ status: 404 });
    expect(await api.request('GET', '/api/v1/namespaces/default/pods/p/nonsense')).toMatchObject({ status: 404 });
    expect(await api.request('PUT', '/api/v1/namespaces/default/pods', {})).toMatchObject({ status: 405 });
    expect(await api.request('POST', '/api/v1/configmaps', {})).toMatchObject({ status: 405 });
  });
});
