import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { type ApiHarness, apiHarness } from './api-harness.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

function harness(authority: () => string | undefined = () => PEM): ApiHarness {
  return apiHarness({ namespaceContent: { certificateAuthority: authority } });
}

const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

async function names(api: ApiHarness, path: string): Promise<string[]> {
  const { items } = (await api.send('GET', path)) as unknown as { items: KubeObject[] };
  return items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}

describe('what controllers keep in every namespace', () => {
  it('is there in the namespaces of a fresh store, and in new ones', async () => {
    const api = harness();
    await api.send('POST', '/api/v1/namespaces', namespace('web'));
    const spaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system', 'web'];
    expect(await names(api, '/api/v1/serviceaccounts')).toEqual(spaces.map((each) => `${each}/default`));
    expect(await names(api, '/api/v1/configmaps')).toEqual(spaces.map((each) => `${each}/kube-root-ca.crt`));
    expect(await api.send('GET', '/api/v1/namespaces/web/configmaps/kube-root-ca.crt')).toMatchObject({
      metadata: { annotations: { 'kubernetes.io/description': expect.stringContaining('CA bundle') } },
      data: { 'ca.crt': PEM },
    });
  });

  it('comes back when it is deleted or changed', async () => {
    let authority = PEM;
    const api = harness(() => authority);
    const [account, map] = ['serviceaccounts/default', 'configmaps/kube-root-ca.crt'].map(
      (each) => `/api/v1/namespaces/default/${each}`,
    );
    const before = await api.send('GET', account ?? '');
    await api.send('DELETE', account ?? '');
    const after = await api.send('GET', account ?? '');
    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    const patch = { 'content-type': 'application/merge-patch+json' };
    await api.send('PATCH', map ?? '', { data: { 'ca.crt': 'mine' } }, patch);
    expect(await api.send('GET', map ?? '')).toMatchObject({ data: { 'ca.crt': PEM } });
    await api.send('DELETE', '/api/v1/namespaces/default/configmaps');
    expect(await names(api, '/api/v1/namespaces/default/configmaps')).toEqual(['default/kube-root-ca.crt']);
    authority = 'another';
    const later = apiHarness({ storage: api.storage, namespaceContent: { certificateAuthority: () => authority } });
    expect(await later.send('GET', map ?? '')).toMatchObject({ data: { 'ca.crt': 'another' } });
  });

  it('goes with its namespace, and is not made where there is none', async () => {
    const api = harness();
    await api.send('POST', '/api/v1/namespaces', namespace('web'));
    await api.send('DELETE', '/api/v1/namespaces/web');
    expect(await names(api, '/api/v1/namespaces/web/configmaps')).toEqual([]);
    expect(await names(api, '/api/v1/namespaces/none/serviceaccounts')).toEqual([]);
    await api.send('POST', '/api/v1/namespaces', namespace('web'));
    expect(await names(api, '/api/v1/namespaces/web/configmaps')).toEqual(['web/kube-root-ca.crt']);
  });

  it('has no certificate where the server has no authority', async () => {
    const api = harness(() => undefined);
    expect(await names(api, '/api/v1/namespaces/default/configmaps')).toEqual([]);
    expect(await names(api, '/api/v1/namespaces/default/serviceaccounts')).toEqual(['default/default']);
  });

  it('is left to a controller manager that runs, and is not made without being asked for', async () => {
    const api = harness();
    await api.send('POST', '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases', {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'kube-controller-manager' },
      spec: { holderIdentity: 'm', leaseDurationSeconds: 15, renewTime: '2026-11-24T09:06:00.000000Z' },
    });
    expect(await names(api, '/api/v1/serviceaccounts')).toEqual([]);
    expect(await names(apiHarness(), '/api/v1/serviceaccounts')).toEqual([]);
  });
});
