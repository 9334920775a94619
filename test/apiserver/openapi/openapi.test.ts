import { describe, expect, it } from 'vitest';
import type { ApiResponse } from '../../../src/model/api-message.ts';
import { RawJson } from '../../../src/model/raw-json.ts';
import { builtInResources } from '../../../src/model/schema/built-in-resources.ts';
import { apiVersionOf } from '../../../src/model/schema/resource-info.ts';
import { apiHarness } from '../api-harness.ts';

type Json = Record<string, unknown>;

function jsonOf(response: ApiResponse): Json {
  expect(response.status).toBe(200);
  expect(response.body).toBeInstanceOf(RawJson);
  return (response.body as RawJson).toJSON() as Json;
}

/** What is inside a document, under keys one below the other. */
function at(document: unknown, ...keys: string[]): Json {
  return keys.reduce((value, key) => (value as Record<string, Json>)[key] ?? {}, document as Json);
}

/** The references that lead nowhere. */
function dangling(document: Json, schemas: Json, prefix: string): string[] {
  const references = JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g);
  return [...new Set([...references].map((match) => match[1] ?? ''))].filter(
    (each) => !each.startsWith(prefix) || schemas[each.slice(prefix.length)] === undefined,
  );
}

const api = apiHarness();
const indexed = at(jsonOf(await api.request('GET', '/openapi/v3')), 'paths');

async function documentOf(path: string): Promise<Json> {
  return jsonOf(await api.request('GET', `/openapi/v3/${path}`));
}

describe('/openapi/v3', () => {
  it('tells where each group and version has its document, and serves it there', async () => {
    const expected = new Set(
      builtInResources().map((each) => `${each.group === '' ? 'api' : 'apis'}/${apiVersionOf(each)}`),
    );
    expect(new Set(Object.keys(indexed))).toEqual(expected);
    for (const path of expected) {
      const url = at(indexed, path)['serverRelativeURL'] as string;
      const response = await api.request('GET', url);
      const document = jsonOf(response);
      expect(url).toBe(`/openapi/v3/${path}?hash=${(response.headers['etag'] ?? '').replaceAll('"', '')}`);
      expect(response.headers['cache-control']).toBe('public, immutable');
      expect(dangling(document, at(document, 'components', 'schemas'), '#/components/schemas/')).toEqual([]);
    }
  });

  it('answers 304 for what the client has, and 301 for an old hash', async () => {
    const path = '/openapi/v3/apis/apps/v1';
    const { headers } = await api.request('GET', path);
    const etag = headers['etag'] ?? '';
    const again = await api.request('GET', path, undefined, { 'if-none-match': `"other", ${etag}` });
    expect(again).toMatchObject({ status: 304, headers: { etag } });
    expect(again.body).toBeUndefined();
    const moved = await api.request('GET', `${path}?hash=OLD`);
    expect(moved).toMatchObject({ status: 301, headers: { location: `${path}?hash=${etag.replaceAll('"', '')}` } });
  });

  it('refuses other types and paths', async () => {
    const protobuf = { accept: 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf' };
    expect((await api.request('GET', '/openapi/v3/api/v1', undefined, protobuf)).status).toBe(406);
    expect((await api.request('GET', '/openapi/v3/apis/nothing/v1')).status).toBe(404);
    expect((await api.request('GET', '/openapi/v1')).status).toBe(404);
    expect((await api.request('POST', '/openapi/v3', {})).status).toBe(405);
  });

  it('says of types what the tables say', async () => {
    const schemas = at(await documentOf('apis/apps/v1'), 'components', 'schemas');
    const core = 'io.k8s.api.core.v1';
    expect(at(schemas, 'io.k8s.api.apps.v1.Deployment')['x-kubernetes-group-version-kind']).toEqual([
      { group: 'apps', kind: 'Deployment', version: 'v1' },
    ]);
    expect(schemas['io.k8s.api.apps.v1.DeploymentSpec']).toMatchObject({
      required: ['selector', 'template'],
      properties: { strategy: { 'x-kubernetes-patch-strategy': 'retainKeys', default: {} } },
    });
    const properties = at(schemas, `${core}.Container`, 'properties');
    expect(properties['ports']).toEqual({
      type: 'array',
      items: { allOf: [{ $ref: `#/components/schemas/${core}.ContainerPort` }], default: {} },
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'containerPort',
      'x-kubernetes-patch-strategy': 'merge',
    });
    expect(properties['name']).toEqual({ type: 'string', default: '' });
    expect(properties['imagePullPolicy']).toEqual({ type: 'string', enum: ['Always', 'IfNotPresent', 'Never'] });
    expect(at(schemas, `${core}.ContainerPort`, 'properties', 'protocol')).toMatchObject({ default: 'TCP' });
    expect(at(schemas, `${core}.PodSpec`, 'properties', 'nodeSelector')).toMatchObject({
      'x-kubernetes-map-type': 'atomic',
    });
    expect(at(schemas, 'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector')['x-kubernetes-map-type']).toBe('atomic');
    expect(schemas['io.k8s.apimachinery.pkg.api.resource.Quantity']).toEqual({
      oneOf: [{ type: 'string' }, { type: 'number' }],
    });
    expect(at(schemas, `${core}.EphemeralContainer`, 'properties', 'image')).toEqual({ type: 'string' });
    expect(JSON.stringify(schemas)).not.toContain('"description":"');
  });

  it('has a path for each verb that discovery tells', async () => {
    const paths = at(await documentOf('apis/apps/v1'), 'paths');
    const root = '/apis/apps/v1/namespaces/{namespace}/deployments';
    expect(Object.keys(at(paths, '/apis/apps/v1/deployments')).sort()).toEqual(['get', 'parameters']);
    expect(Object.keys(at(paths, root)).sort()).toEqual(['delete', 'get', 'parameters', 'post']);
    const item = at(paths, `${root}/{name}`);
    expect(Object.keys(item).sort()).toEqual(['delete', 'get', 'parameters', 'patch', 'put']);
    expect(item['patch']).toMatchObject({
      operationId: 'patchAppsV1NamespacedDeployment',
      tags: ['apps_v1'],
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group: 'apps', kind: 'Deployment', version: 'v1' },
    });
    expect(Object.keys(at(item, 'patch', 'requestBody', 'content'))).toContain(
      'application/strategic-merge-patch+json',
    );
    const scale = at(paths, `${root}/{name}/scale`, 'patch');
    expect(scale['x-kubernetes-group-version-kind']).toEqual({ group: 'autoscaling', kind: 'Scale', version: 'v1' });
  });

  it('tells every write that validates fields and can run dry', async () => {
    const writes: Json[] = [];
    for (const path of Object.keys(indexed)) {
      for (const item of Object.values(at(await documentOf(path), 'paths'))) {
        writes.push(
          ...['post', 'put', 'patch'].map((method) => at(item, method)).filter((each) => 'operationId' in each),
        );
      }
    }
    const objects = writes.filter((each) => each['x-kubernetes-action'] !== 'connect');
    expect(objects.length).toBeGreaterThan(200);
    for (const { parameters = [] } of objects) {
      const names = (parameters as Json[]).map(({ name }) => name as string);
      expect(names).toEqual(expect.arrayContaining(['dryRun', 'fieldManager', 'fieldValidation']));
    }
  });
});

describe('/openapi/v2', () => {
  it('is one document of everything, in JSON and in protobuf', async () => {
    const response = await api.request('GET', '/openapi/v2');
    const document = jsonOf(response);
    const definitions = at(document, 'definitions');
    expect(document['swagger']).toBe('2.0');
    expect(dangling(document, definitions, '#/definitions/')).toEqual([]);
    expect(at(definitions, 'io.k8s.api.core.v1.Pod', 'properties', 'spec')).toEqual({
      $ref: '#/definitions/io.k8s.api.core.v1.PodSpec',
    });
    expect(definitions['io.k8s.apimachinery.pkg.util.intstr.IntOrString']).toEqual({
      type: 'string',
      format: 'int-or-string',
    });
    expect(at(definitions, 'io.k8s.api.core.v1.ContainerPort', 'properties', 'protocol')).toEqual({
      type: 'string',
      enum: ['SCTP', 'TCP', 'UDP'],
    });
    const protobuf = await api.request('GET', '/openapi/v2', undefined, {
      accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
    });
    expect(protobuf.headers).toMatchObject({
      'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
      etag: response.headers['etag'],
    });
    // openapi.v2.Document: field 1 is the version.
    expect((protobuf.body as Buffer).subarray(0, 5)).toEqual(Buffer.from([0x0a, 3, 0x32, 0x2e, 0x30]));
  });

  it('takes the best of the types that a client likes', async () => {
    const liked = { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf;q=0.5, application/json' };
    expect((await api.request('GET', '/openapi/v2', undefined, liked)).headers['content-type']).toBe(
      'application/json',
    );
    expect((await api.request('GET', '/openapi/v2', undefined, { accept: 'text/html' })).status).toBe(406);
  });
});
