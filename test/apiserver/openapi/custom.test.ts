import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import type { RawJson } from '../../../src/model/raw-json.ts';
import type { Status } from '../../../src/model/status.ts';
import { type ApiHarness, apiHarness } from '../api-harness.ts';

const APPLY = { 'content-type': 'application/apply-patch+yaml' };
const T = '/apis/stable.example.com/v1/namespaces/default/crontabs/t';

const SCHEMA = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        replicas: { type: 'integer', nullable: true },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: { type: 'string' } },
        items: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['id', 'zone'],
          items: {
            type: 'object',
            required: ['id'],
            properties: { id: { type: 'integer' }, zone: { type: 'string', default: 'main' }, v: { type: 'string' } },
          },
        },
      },
    },
  },
};

async function withCronTabs(): Promise<ApiHarness> {
  const api = apiHarness();
  await api.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'crontabs.stable.example.com' },
    spec: {
      group: 'stable.example.com',
      scope: 'Namespaced',
      names: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab', listKind: 'CronTabList' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: SCHEMA } }],
    },
  });
  return api;
}

function cronTab(spec: object): object {
  return { apiVersion: 'stable.example.com/v1', kind: 'CronTab', metadata: { name: 't' }, spec };
}

async function jsonOf(api: ApiHarness, path: string): Promise<Record<string, unknown>> {
  const { body } = await api.request('GET', path);
  return (body as RawJson).toJSON() as Record<string, unknown>;
}

describe('custom resources', () => {
  it('are in the documents, in each with what it can say', async () => {
    const api = await withCronTabs();
    const index = await jsonOf(api, '/openapi/v3');
    expect(index['paths']).toHaveProperty(['apis/stable.example.com/v1']);
    const document = await jsonOf(api, '/openapi/v3/apis/stable.example.com/v1');
    const name = 'com.example.stable.v1.CronTab';
    expect(document).toHaveProperty(['components', 'schemas', name], {
      ...SCHEMA,
      properties: {
        ...SCHEMA.properties,
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
      },
      'x-kubernetes-group-version-kind': [{ group: 'stable.example.com', kind: 'CronTab', version: 'v1' }],
    });
    expect(document).toHaveProperty(['components', 'schemas', `${name}List`, 'properties', 'items', 'items'], {
      $ref: `#/components/schemas/${name}`,
    });
    const item = `/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}`;
    expect(document).toHaveProperty(['paths', item, 'patch', 'requestBody', 'content']);
    expect(document).not.toHaveProperty([
      'paths',
      item,
      'patch',
      'requestBody',
      'content',
      'application/strategic-merge-patch+json',
    ]);
    const { definitions } = await jsonOf(api, '/openapi/v2');
    const spec = [name, 'properties', 'spec', 'properties'];
    // What may be null, or anything, has no type there.
    expect(definitions).toHaveProperty([...spec, 'replicas'], {});
    expect(definitions).toHaveProperty([...spec, 'free'], { 'x-kubernetes-preserve-unknown-fields': true });
    expect(definitions).toHaveProperty([...spec, 'items', 'items', 'properties', 'zone'], { type: 'string' });
  });

  it('are made anew in the documents when their definition changes', async () => {
    const api = await withCronTabs();
    const before = await jsonOf(api, '/openapi/v3');
    const definition = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/crontabs.stable.example.com';
    const patch = [{ op: 'remove', path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/free' }];
    await api.send('PATCH', definition, patch, { 'content-type': 'application/json-patch+json' });
    const after = await jsonOf(api, '/openapi/v3');
    const at = (index: Record<string, unknown>, path: string): unknown =>
      (index['paths'] as Record<string, unknown>)[path];
    expect(at(after, 'apis/stable.example.com/v1')).not.toEqual(at(before, 'apis/stable.example.com/v1'));
    expect(at(after, 'apis/apps/v1')).toEqual(at(before, 'apis/apps/v1'));
  });

  it('are merged by their schema when they are applied', async () => {
    const api = await withCronTabs();
    const items = [{ id: 1, v: 'a' }];
    await api.send('PATCH', `${T}?fieldManager=one`, cronTab({ items, free: { a: 1 }, whole: { a: '1' } }), APPLY);
    const body = cronTab({ items: [{ id: 1, zone: 'other', v: 'b' }], free: { b: { c: [2] } } });
    const both: KubeObject = await api.send('PATCH', `${T}?fieldManager=two`, body, APPLY);
    expect(both['spec']).toEqual({
      items: [
        { id: 1, zone: 'main', v: 'a' },
        { id: 1, zone: 'other', v: 'b' },
      ],
      free: { a: 1, b: { c: [2] } },
      whole: { a: '1' },
    });
    const refused = async (spec: object): Promise<string | undefined> => {
      const response = await api.request('PATCH', `${T}?fieldManager=two`, cronTab(spec), APPLY);
      return (response.body as Status).message;
    };
    expect(await refused({ items: [{ id: 1, v: 'z' }], whole: { b: '2' } })).toBe(
      'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.whole\n- .spec.items[id=1,zone="main"].v',
    );
    expect(await refused({ nothing: 1 })).toBe(
      'failed to create typed patch object (/t; stable.example.com/v1, Kind=CronTab): .spec.nothing: field not declared in schema',
    );
    const less = await api.send('PATCH', `${T}?fieldManager=one`, cronTab({}), APPLY);
    expect(less['spec']).toEqual({ items: [{ id: 1, zone: 'other', v: 'b' }], free: { b: { c: [2] } } });
  });
});
