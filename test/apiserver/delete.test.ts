import { describe, expect, it } from 'vitest';
import { apiHarness, CONFIG_MAPS, configMap } from './api-harness.ts';

const C = `${CONFIG_MAPS}/c`;
const MERGE = { 'content-type': 'application/merge-patch+json' };

describe('delete', () => {
  it('answers a Status with what it deleted', async () => {
    const api = apiHarness();
    const { metadata } = await api.send('POST', CONFIG_MAPS, configMap('c'));
    const response = await api.request('DELETE', C);
    expect(response).toMatchObject({ status: 200 });
    expect(response.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'c', kind: 'configmaps', uid: metadata.uid },
    });
    expect(await api.request('DELETE', C)).toMatchObject({ status: 404 });
  });

  it('waits for finalizers, lets none be added, and goes with the last', async () => {
    const api = apiHarness();
    await api.send('POST', CONFIG_MAPS, {
      ...configMap('c'),
      metadata: { name: 'c', finalizers: ['example.com/hold'] },
    });
    const held = await api.send('DELETE', C);
    expect(held.metadata).toMatchObject({
      deletionTimestamp: '2026-11-24T09:06:06Z',
      deletionGracePeriodSeconds: 0,
      finalizers: ['example.com/hold'],
    });
    const added = await api.request('PATCH', C, { metadata: { finalizers: ['other.example.com/x'] } }, MERGE);
    expect(added.body).toMatchObject({
      message:
        'ConfigMap "c" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"other.example.com/x"}',
    });
    expect(await api.request('POST', CONFIG_MAPS, configMap('c'))).toMatchObject({
      body: { message: 'object is being deleted: configmaps "c" already exists' },
    });
    await api.send('PATCH', C, { metadata: { finalizers: null } }, MERGE);
    expect(await api.request('GET', C)).toMatchObject({ status: 404 });
  });

  it('honours preconditions', async () => {
    const api = apiHarness();
    const { metadata } = await api.send('POST', CONFIG_MAPS, configMap('c'));
    const other = await api.request('DELETE', C, { preconditions: { uid: 'other' } });
    expect(other.body).toMatchObject({
      reason: 'Conflict',
      message: `Operation cannot be fulfilled on configmaps "c": the UID in the precondition (other) does not match the UID in record (${metadata.uid ?? ''}). The object might have been deleted and then recreated`,
    });
    expect(await api.request('DELETE', C, { preconditions: { resourceVersion: '1' } })).toMatchObject({ status: 409 });
    expect(await api.request('DELETE', C, { propagationPolicy: 'Sideways' })).toMatchObject({ status: 422 });
    await api.send('DELETE', C, { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: metadata.uid } });
  });

  it('deletes collections', async () => {
    const api = apiHarness();
    for (const name of ['a', 'b', 'c']) await api.send('POST', CONFIG_MAPS, configMap(name));
    const deleted = await api.send('DELETE', CONFIG_MAPS);
    expect(deleted).toMatchObject({ kind: 'ConfigMapList' });
    expect(deleted['items']).toHaveLength(3);
    expect((await api.send('GET', CONFIG_MAPS))['items']).toEqual([]);
  });
});

describe('namespaces', () => {
  const NS = '/api/v1/namespaces/gone';

  it('go with all that is in them', async () => {
    const api = apiHarness();
    await api.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'gone' } });
    await api.send('POST', `${NS}/configmaps`, configMap('c'));
    await api.send('POST', `${NS}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } });
    const answer = await api.send('DELETE', NS);
    expect(answer).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } });
    expect(await api.request('GET', NS)).toMatchObject({ status: 404 });
    const { count } = await api.memory.range({
      key: Buffer.from('/registry/configmaps/gone/'),
      rangeEnd: Buffer.from('/registry/configmaps/gone0'),
    });
    expect(count).toBe(0);
    expect(await api.request('GET', `${NS}/secrets/s`)).toMatchObject({ status: 404 });
  });

  it('take nothing new while they wait for a finalizer, and go after it', async () => {
    const api = apiHarness();
    await api.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'gone' } });
    await api.send('POST', `${NS}/configmaps`, {
      ...configMap('c'),
      metadata: { name: 'c', finalizers: ['example.com/x'] },
    });
    await api.send('DELETE', NS);
    expect(await api.send('GET', NS)).toMatchObject({ status: { phase: 'Terminating' } });
    const refused = await api.request('POST', `${NS}/configmaps`, configMap('d'));
    expect(refused.body).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'configmaps "d" is forbidden: unable to create new content in namespace gone because it is being terminated',
      details: { causes: [{ reason: 'NamespaceTerminating' }] },
    });
    await api.send('PATCH', `${NS}/configmaps/c`, { metadata: { finalizers: null } }, MERGE);
    expect(await api.request('GET', NS)).toMatchObject({ status: 404 });
  });

  it('that every cluster has stay', async () => {
    const api = apiHarness();
    const response = await api.request('DELETE', '/api/v1/namespaces/default');
    expect(response.body).toMatchObject({
      code: 403,
      message: 'namespaces "default" is forbidden: this namespace may not be deleted',
    });
    await api.send('DELETE', '/api/v1/namespaces/kube-node-lease');
  });
});
