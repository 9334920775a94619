import { describe, expect, it } from 'vitest';
import { accessHarness, object, RBAC } from './access-harness.ts';

const PATH = `${RBAC}/clusterroles`;
const rule = (resource: string, ...verbs: string[]) => ({ apiGroups: [''], resources: [resource], verbs });
const selecting = (...labels: string[]) => ({
  clusterRoleSelectors: labels.map((label) => ({ matchLabels: { [label]: 'true' } })),
});

function part(name: string, label: string, ...rules: ReturnType<typeof rule>[]) {
  const made = object('ClusterRole', name, { rules });
  made.metadata.labels = { [label]: 'true' };
  return made;
}

type Harness = ReturnType<typeof accessHarness>;
const rulesOf = async (api: Harness, name: string) => (await api.send('GET', `${PATH}/${name}`))['rules'];

describe('an aggregated ClusterRole', () => {
  it('has the rules of those that it selects, by name and each once, as they come, change and go', async () => {
    const api = accessHarness();
    const all = object('ClusterRole', 'all', { aggregationRule: selecting('a', 'b'), rules: [rule('own', 'get')] });
    const created = await api.send('POST', PATH, all);
    expect(created['rules']).toEqual([rule('own', 'get')]);
    // As long as there are none to take in, the controller has nothing to say of them.
    expect(await rulesOf(api, 'all')).toEqual([rule('own', 'get')]);
    await api.send('POST', PATH, part('z', 'a', rule('pods', 'get'), rule('secrets', 'get')));
    await api.send('POST', PATH, part('y', 'a', rule('pods', 'get'), rule('services', 'list')));
    await api.send('POST', PATH, part('x', 'b', rule('nodes', 'list')));
    await api.send('POST', PATH, part('w', 'c', rule('events', 'list')));
    const [pods, services, secrets] = [rule('pods', 'get'), rule('services', 'list'), rule('secrets', 'get')];
    expect(await rulesOf(api, 'all')).toEqual([pods, services, secrets, rule('nodes', 'list')]);

    await api.as({ name: 'root', groups: ['system:masters'] }, 'PATCH', `${PATH}/y`, { metadata: { labels: null } });
    expect(await rulesOf(api, 'all')).toEqual([pods, secrets, rule('nodes', 'list')]);
    await api.send('DELETE', `${PATH}/x`);
    expect(await rulesOf(api, 'all')).toEqual([pods, secrets]);
    await api.send('DELETE', `${PATH}/z`);
    expect(await rulesOf(api, 'all')).toBeNull();
  });

  it('belongs in its rules to the controller, and keeps its version while nothing changes', async () => {
    const api = accessHarness();
    await api.send('POST', PATH, part('p', 'a', rule('pods', 'get')));
    await api.send('POST', PATH, object('ClusterRole', 'all', { aggregationRule: selecting('a') }));
    const { metadata } = await api.send('GET', `${PATH}/all`);
    const entry = metadata.managedFields?.find(({ manager }) => manager === 'clusterrole-aggregation-controller');
    expect(entry).toMatchObject({ operation: 'Apply', apiVersion: 'rbac.authorization.k8s.io/v1' });
    await api.send('POST', PATH, part('other', 'c', rule('events', 'list')));
    expect((await api.send('GET', `${PATH}/all`)).metadata.resourceVersion).toBe(metadata.resourceVersion);
  });

  it('takes in others that are aggregated, and ends when two take in each other', async () => {
    const api = accessHarness();
    const inner = object('ClusterRole', 'inner', { aggregationRule: selecting('a') });
    inner.metadata.labels = { b: 'true' };
    const outer = object('ClusterRole', 'outer', { aggregationRule: selecting('b') });
    outer.metadata.labels = { a: 'true' };
    await api.send('POST', PATH, outer);
    await api.send('POST', PATH, inner);
    await api.send('POST', PATH, part('p', 'a', rule('pods', 'get')));
    expect(await rulesOf(api, 'inner')).toEqual([rule('pods', 'get')]);
    expect(await rulesOf(api, 'outer')).toEqual([rule('pods', 'get')]);
  });

  it('of the default policy takes in what was stored before it', async () => {
    const plain = accessHarness();
    await plain.send('POST', PATH, part('mine', 'rbac.authorization.k8s.io/aggregate-to-view', rule('widgets', 'get')));
    const api = accessHarness({ storage: plain.storage, storePolicy: true });
    for (const name of ['view', 'edit', 'admin']) {
      expect(await rulesOf(api, name)).toContainEqual(rule('widgets', 'get'));
    }
  });

  it('does not wait for a dry run', async () => {
    const api = accessHarness();
    await api.send('POST', PATH, object('ClusterRole', 'all', { aggregationRule: selecting('a') }));
    const root = { name: 'root', groups: ['system:masters'] };
    const answer = await api.as(root, 'POST', `${PATH}?dryRun=All`, part('p', 'a', rule('pods', 'get')));
    expect(answer.status).toBe(201);
    expect(await rulesOf(api, 'all')).toBeNull();
  });

  it('is left to a controller manager that is there', async () => {
    const api = accessHarness();
    const renewTime = new Date(Date.now() + 3_600_000).toISOString().replace('Z', '000Z');
    await api.send('POST', '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases', {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'kube-controller-manager' },
      spec: { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime },
    });
    await api.send('POST', PATH, part('p', 'a', rule('pods', 'get')));
    await api.send('POST', PATH, object('ClusterRole', 'all', { aggregationRule: selecting('a') }));
    expect(await rulesOf(api, 'all')).toBeNull();
  });
});
