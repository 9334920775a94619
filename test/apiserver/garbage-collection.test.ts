import { describe, expect, it } from 'vitest';
import type { KubeObject, OwnerReference } from '../../src/model/kube-object.ts';
import { type ApiHarness, apiHarness, CONFIG_MAPS, configMap } from './api-harness.ts';

const MERGE = { 'content-type': 'application/merge-patch+json' };
const SECRETS = '/api/v1/namespaces/default/secrets';

function reference({ kind, apiVersion, metadata }: KubeObject, blocks = false): OwnerReference {
  const { name = '', uid = '' } = metadata;
  return { apiVersion, kind, name, uid, ...(blocks ? { blockOwnerDeletion: true } : {}) };
}

function make(
  api: ApiHarness,
  name: string,
  owners: readonly OwnerReference[] = [],
  finalizers: readonly string[] = [],
): Promise<KubeObject> {
  const metadata = { name, ownerReferences: [...owners], finalizers: [...finalizers] };
  return api.send('POST', CONFIG_MAPS, { ...configMap(name), metadata });
}

function remove(api: ApiHarness, name: string, propagationPolicy?: string): Promise<KubeObject> {
  const options = { kind: 'DeleteOptions', apiVersion: 'v1', ...(propagationPolicy && { propagationPolicy }) };
  return api.send('DELETE', `${CONFIG_MAPS}/${name}`, options);
}

async function names(api: ApiHarness, path = CONFIG_MAPS): Promise<string[]> {
  const list = (await api.send('GET', path)) as unknown as { items: KubeObject[] };
  return list.items.map(({ metadata }) => metadata.name ?? '');
}

describe('background deletion', () => {
  it('takes dependents, and theirs, of any kind, before it answers', async () => {
    const api = apiHarness();
    const owner = await make(api, 'owner');
    const child = await make(api, 'child', [reference(owner)]);
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', ownerReferences: [reference(child)] } };
    await api.send('POST', SECRETS, secret);
    await make(api, 'other');
    await remove(api, 'owner');
    expect(await names(api)).toEqual(['other']);
    expect(await names(api, SECRETS)).toEqual([]);
  });

  it('keeps what has another owner, and takes the reference to the one that is gone', async () => {
    const api = apiHarness();
    const a = await make(api, 'a');
    const b = await make(api, 'b');
    await make(api, 'child', [reference(a), reference(b)]);
    await remove(api, 'a');
    const kept = await api.send('GET', `${CONFIG_MAPS}/child`);
    expect(kept.metadata.ownerReferences).toEqual([reference(b)]);
    await remove(api, 'b');
    expect(await names(api)).toEqual([]);
  });

  it('waits for a dependent with a finalizer, which is marked', async () => {
    const api = apiHarness();
    const owner = await make(api, 'owner');
    await make(api, 'held', [reference(owner)], ['example.com/hold']);
    await remove(api, 'owner');
    const held = await api.send('GET', `${CONFIG_MAPS}/held`);
    expect(held.metadata.deletionTimestamp).toBe('2026-11-24T09:06:06Z');
    await api.send('PATCH', `${CONFIG_MAPS}/held`, { metadata: { finalizers: null } }, MERGE);
    expect(await names(api)).toEqual([]);
  });

  it('finds the dependents of an object that its last finalizer lets go', async () => {
    const api = apiHarness();
    const owner = await make(api, 'owner', [], ['example.com/hold']);
    await make(api, 'child', [reference(owner)]);
    await remove(api, 'owner');
    expect(await names(api)).toEqual(['child', 'owner']);
    await api.send('PATCH', `${CONFIG_MAPS}/owner`, { metadata: { finalizers: null } }, MERGE);
    expect(await names(api)).toEqual([]);
  });

  it('takes what an object of a whole cluster owned, in every namespace', async () => {
    const api = apiHarness();
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'r' } };
    const owner = await api.send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', role);
    await make(api, 'child', [reference(owner)]);
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', ownerReferences: [reference(owner)] } };
    await api.send('POST', '/api/v1/nodes', node);
    await api.send('DELETE', '/apis/rbac.authorization.k8s.io/v1/clusterroles/r');
    expect(await names(api)).toEqual([]);
    expect(await names(api, '/api/v1/nodes')).toEqual([]);
  });

  it('leaves a namesake of the owner, another namespace and a dry run alone', async () => {
    const api = apiHarness();
    const owner = await make(api, 'owner');
    await make(api, 'child', [reference(owner)]);
    await api.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
    const there = { ...configMap('there'), metadata: { name: 'there', ownerReferences: [reference(owner)] } };
    await api.send('POST', '/api/v1/namespaces/n/configmaps', there);
    await api.send('DELETE', `${CONFIG_MAPS}/owner?dryRun=All`);
    expect(await names(api)).toEqual(['child', 'owner']);
    await remove(api, 'owner');
    expect(await names(api)).toEqual([]);
    expect(await names(api, '/api/v1/namespaces/n/configmaps')).toEqual(['there']);
  });

  it('goes round in a circle once', async () => {
    const api = apiHarness();
    const a = await make(api, 'a');
    const b = await make(api, 'b', [reference(a)]);
    await api.send('PATCH', `${CONFIG_MAPS}/a`, { metadata: { ownerReferences: [reference(b)] } }, MERGE);
    await remove(api, 'a');
    expect(await names(api)).toEqual([]);
  });

  it('is what a collection and a namespace are deleted with', async () => {
    const api = apiHarness();
    const owner = await make(api, 'owner');
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', ownerReferences: [reference(owner)] } };
    await api.send('POST', SECRETS, secret);
    await api.send('DELETE', CONFIG_MAPS);
    expect(await names(api, SECRETS)).toEqual([]);
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } };
    const made = await api.send('POST', '/api/v1/namespaces', namespace);
    await make(api, 'child', [reference(made)]);
    await api.send('DELETE', '/api/v1/namespaces/n');
    expect(await names(api)).toEqual([]);
  });
});

describe('foreground deletion', () => {
  it('deletes the dependents first, then the owner', async () => {
    const api = apiHarness();
    const owner = await make(api, 'owner');
    const child = await make(api, 'child', [reference(owner, true)]);
    await make(api, 'grandchild', [reference(child, true)]);
    const marked = await remove(api, 'owner', 'Foreground');
    expect(marked.metadata).toMatchObject({
      finalizers: ['foregroundDeletion'],
      deletionTimestamp: '2026-11-24T09:06:06Z',
      deletionGracePeriodSeconds: 0,
    });
    expect(await names(api)).toEqual([]);
  });

  it('waits for a dependent that blocks it, not for another', async () => {
    const api = apiHarness();
    const owner = await make(api, 'owner');
    await make(api, 'blocks', [reference(owner, true)], ['example.com/hold']);
    await make(api, 'free', [reference(owner)], ['example.com/hold']);
    await remove(api, 'owner', 'Foreground');
    expect(await names(api)).toEqual(['blocks', 'free', 'owner']);
    await api.send('PATCH', `${CONFIG_MAPS}/blocks`, { metadata: { finalizers: null } }, MERGE);
    expect(await names(api)).toEqual(['free']);
  });

  it('takes its reference from a dependent with another owner, and goes', async () => {
    const api = apiHarness();
    const a = await make(api, 'a');
    const b = await make(api, 'b');
    await make(api, 'child', [reference(a, true), reference(b)]);
    await remove(api, 'a', 'Foreground');
    expect(await names(api)).toEqual(['b', 'child']);
    const kept = await api.send('GET', `${CONFIG_MAPS}/child`);
    expect(kept.metadata.ownerReferences).toEqual([reference(b)]);
  });

  it('ends in a circle', async () => {
    const api = apiHarness();
    const a = await make(api, 'a');
    const b = await make(api, 'b', [reference(a, true)]);
    await api.send('PATCH', `${CONFIG_MAPS}/a`, { metadata: { ownerReferences: [reference(b, true)] } }, MERGE);
    await remove(api, 'a', 'Foreground');
    expect(await names(api)).toEqual([]);
  });
});

describe('orphaning', () => {
  it('takes the references and leaves the dependents', async () => {
    const api = apiHarness();
    const owner = await make(api, 'owner');
    const other = await make(api, 'other');
    await make(api, 'one', [reference(owner)]);
    await make(api, 'two', [reference(other), reference(owner)]);
    expect((await remove(api, 'owner', 'Orphan')).metadata.finalizers).toEqual(['orphan']);
    expect(await names(api)).toEqual(['one', 'other', 'two']);
    expect((await api.send('GET', `${CONFIG_MAPS}/one`)).metadata.ownerReferences).toBeUndefined();
    expect((await api.send('GET', `${CONFIG_MAPS}/two`)).metadata.ownerReferences).toEqual([reference(other)]);
  });

  it('is what the finalizer of an object asks for, and the request overrules', async () => {
    const api = apiHarness();
    for (const policy of [undefined, 'Background']) {
      const owner = await make(api, 'owner', [], ['orphan']);
      await make(api, 'child', [reference(owner)]);
      await remove(api, 'owner', policy);
      expect(await names(api)).toEqual(policy === undefined ? ['child'] : []);
      if (policy === undefined) await remove(api, 'child');
    }
  });

  it('is the default of jobs, with a warning', async () => {
    const api = apiHarness();
    const jobs = '/apis/batch/v1/namespaces/default/jobs';
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } };
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' }, spec: { template } };
    const owner = await api.send('POST', jobs, job);
    await make(api, 'child', [reference(owner)]);
    const response = await api.request('DELETE', `${jobs}/j`);
    expect(response.headers['warning']).toMatch(/^299 - "child pods are preserved by default when jobs are deleted;/);
    expect(await names(api)).toEqual(['child']);
    const again = await api.send('POST', jobs, job);
    await make(api, 'other', [reference(again)]);
    const background = await api.request('DELETE', `${jobs}/j?propagationPolicy=Background`);
    expect(background.headers['warning']).toBeUndefined();
    expect(await names(api)).toEqual(['child']);
  });
});

describe('the index of dependents', () => {
  it('reads everything once for many deletions, and sees what others write in between', async () => {
    const api = apiHarness();
    const count = 40;
    const owners = await Promise.all(Array.from({ length: count }, async (_, index) => make(api, `owner-${index}`)));
    for (const [index, owner] of owners.entries()) {
      // Another server on the same store: nothing tells this one of its writes.
      const other = apiHarness({ storage: api.storage });
      const metadata = { name: `child-${index}`, ownerReferences: [reference(owner)] };
      await other.send('POST', CONFIG_MAPS, { ...configMap(''), metadata });
      await remove(api, `owner-${index}`);
    }
    expect(await names(api)).toEqual([]);
    expect(api.memory.calls.filter((call) => call === 'watch')).toHaveLength(1);
  });

  it('begins anew when the store has forgotten where it was', async () => {
    const api = apiHarness();
    const a = await make(api, 'a');
    const b = await make(api, 'b');
    await make(api, 'of-a', [reference(a)]);
    await remove(api, 'a');
    await make(api, 'of-b', [reference(b)]);
    await api.memory.compact(api.memory.revision);
    await remove(api, 'b');
    expect(await names(api)).toEqual([]);
  });
});
