import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldSet } from '../../src/apiserver/managed-fields/field-set.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { apiHarness, CONFIG_MAPS, configMap } from './api-harness.ts';

const MERGE = { 'content-type': 'application/merge-patch+json' };
const C = `${CONFIG_MAPS}/c`;

function entries(object: KubeObject): unknown[] {
  return JSON.parse(JSON.stringify(object.metadata.managedFields ?? [])) as unknown[];
}

describe('managedFields', () => {
  it('gives a changed field to who changed it', async () => {
    const api = apiHarness();
    await api.send('POST', `${CONFIG_MAPS}?fieldManager=first`, configMap('c', { a: '1', b: '1' }));
    api.now = new Date('2026-11-24T09:07:00Z');
    const patched = await api.send('PATCH', `${C}?fieldManager=second`, { data: { b: '2', c: '3' } }, MERGE);
    const common = { operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1' };
    expect(entries(patched)).toEqual([
      { ...common, manager: 'first', time: '2026-11-24T09:06:06Z', fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } } },
      { ...common, manager: 'second', time: '2026-11-24T09:07:00Z', fieldsV1: { 'f:data': { 'f:b': {}, 'f:c': {} } } },
    ]);
    expect(entries(await api.send('GET', C))).toEqual(entries(patched));
  });

  it('takes removed fields from everybody, and empty entries out', async () => {
    const api = apiHarness();
    await api.send('POST', `${CONFIG_MAPS}?fieldManager=first`, configMap('c', { a: '1' }));
    await api.send('PATCH', `${C}?fieldManager=second`, { data: { b: '2' } }, MERGE);
    const patched = await api.send('PATCH', `${C}?fieldManager=third`, { data: { b: null } }, MERGE);
    expect(entries(patched)).toHaveLength(1);
    expect(patched.metadata.managedFields?.[0]?.manager).toBe('first');
  });

  it('moves no time when nothing changes, and takes the name from the user agent', async () => {
    const api = apiHarness();
    const created = await api.send('POST', CONFIG_MAPS, configMap('c', { a: '1' }), {
      'user-agent': 'kubectl/v1.35 (linux)',
    });
    expect(created.metadata.managedFields?.[0]?.manager).toBe('kubectl');
    api.now = new Date('2026-11-24T10:00:00Z');
    const same = await api.send('PATCH', C, { data: { a: '1' } }, { ...MERGE, 'user-agent': 'other/1' });
    expect(same).toEqual(created);
  });

  it('starts anew with one empty entry', async () => {
    const api = apiHarness();
    await api.send('POST', `${CONFIG_MAPS}?fieldManager=first`, configMap('c', { a: '1' }));
    const reset = await api.send('PATCH', `${C}?fieldManager=second`, { metadata: { managedFields: [{}] } }, MERGE);
    expect(reset.metadata.managedFields).toBeUndefined();
  });

  it('keeps status apart', async () => {
    const api = apiHarness();
    const path = '/apis/apps/v1/namespaces/default/deployments';
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const spec = { replicas: 1, selector: { matchLabels: { a: 'b' } }, template };
    const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec };
    await api.send('POST', `${path}?fieldManager=m`, body);
    const patched = await api.send('PATCH', `${path}/d/status?fieldManager=m`, { status: { replicas: 2 } }, MERGE);
    expect(entries(patched)).toContainEqual({
      manager: 'm',
      operation: 'Update',
      apiVersion: 'apps/v1',
      time: '2026-11-24T09:06:06Z',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:status': { 'f:replicas': {} } },
      subresource: 'status',
    });
  });
});

describe('FieldSet', () => {
  const path = fc.array(fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:1'), { minLength: 1, maxLength: 4 });
  const set = fc.array(path, { maxLength: 8 }).map((paths) => {
    const result = new FieldSet();
    for (const each of paths) result.insert(each);
    return result;
  });
  const text = (each: FieldSet): string => JSON.stringify(each.toFieldsV1());

  it('is what its FieldsV1 says', () => {
    fc.assert(
      fc.property(set, (each) => {
        if (!each.isEmpty) expect(text(FieldSet.fromFieldsV1(each.toFieldsV1()))).toBe(text(each));
      }),
    );
  });

  it('has a union and a difference that fit together', () => {
    fc.assert(
      fc.property(set, set, (left, right) => {
        expect(text(left.difference(right).union(right))).toBe(text(left.union(right)));
        expect(left.difference(left).isEmpty).toBe(true);
        expect(text(left.union(right))).toBe(text(right.union(left)));
      }),
    );
  });
});
