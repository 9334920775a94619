import { describe, expect, it } from 'vitest';
import { type ApiHarness, apiHarness } from '../api-harness.ts';

const STORAGE = '/apis/storage.k8s.io/v1';
const RUNTIME = '/apis/node.k8s.io/v1/runtimeclasses';
const MERGE = { 'content-type': 'application/merge-patch+json' };

async function problems(api: ApiHarness, method: 'POST' | 'PATCH', path: string, body: object): Promise<string> {
  const { status, body: answer } = await api.request(method, path, body, method === 'PATCH' ? MERGE : {});
  expect(status).toBe(422);
  return (answer as { message: string }).message.replace(/^.*? is invalid: /, '');
}

const runtime = (handler: string, rest: object = {}) => ({
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name: 'r' },
  handler,
  ...rest,
});

const storage = (rest: object = {}) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 's' },
  provisioner: 'example.com/disk',
  ...rest,
});

describe('RuntimeClass', () => {
  it('must name a handler, which stays', async () => {
    const api = apiHarness();
    expect(await problems(api, 'POST', RUNTIME, runtime('Not_A_Label'))).toMatch(
      /^handler: Invalid value: "Not_A_Label": a lowercase RFC 1123 label must consist of/,
    );
    const wrong = { scheduling: { nodeSelector: { 'a b': 'c' }, tolerations: [{ operator: 'Exists', value: 'v' }] } };
    const both = await problems(api, 'POST', RUNTIME, runtime('runc', wrong));
    expect(both).toMatch(/^\[scheduling\.nodeSelector: Invalid value: "a b": .*scheduling\.tolerations\[0\]/);
    await api.send('POST', RUNTIME, runtime('runc'));
    expect(await problems(api, 'PATCH', `${RUNTIME}/r`, { handler: 'kata' })).toBe(
      'handler: Invalid value: "kata": field is immutable',
    );
  });
});

describe('StorageClass and VolumeAttributesClass', () => {
  it('say all that is wrong at once', async () => {
    const api = apiHarness();
    const wrong = { provisioner: '', parameters: { '': 'x' }, reclaimPolicy: 'Keep', volumeBindingMode: 'Soon' };
    expect(await problems(api, 'POST', `${STORAGE}/storageclasses`, storage(wrong))).toBe(
      '[provisioner: Required value, parameters: Invalid value: "": field can not be empty., reclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Retain", volumeBindingMode: Unsupported value: "Soon": supported values: "Immediate", "WaitForFirstConsumer"]',
    );
    const many = { parameters: Object.fromEntries(Array.from({ length: 513 }, (_, index) => [`p${index}`, 'v'])) };
    expect(await problems(api, 'POST', `${STORAGE}/storageclasses`, storage(many))).toMatch(/^parameters: Too long/);
  });

  it('cannot become another driver’s', async () => {
    const api = apiHarness();
    await api.send('POST', `${STORAGE}/storageclasses`, storage());
    expect(
      await problems(api, 'PATCH', `${STORAGE}/storageclasses/s`, { provisioner: 'b', parameters: { a: 'b' } }),
    ).toBe(
      '[parameters: Forbidden: updates to parameters are forbidden., provisioner: Forbidden: updates to provisioner are forbidden.]',
    );
    const path = `${STORAGE}/volumeattributesclasses`;
    const own = { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttributesClass', metadata: { name: 'v' } };
    await api.send('POST', path, { ...own, driverName: 'example.com', parameters: { iops: '1' } });
    expect(await problems(api, 'PATCH', `${path}/v`, { driverName: 'b', parameters: { iops: '2' } })).toBe(
      '[driverName: Forbidden: updates to driverName are forbidden., parameters: Forbidden: updates to parameters are forbidden.]',
    );
    expect(await problems(api, 'POST', path, { ...own, metadata: { name: 'w' } })).toMatch(
      /driverName: Required value.*parameters: Required value: must contain at least one key/,
    );
  });
});

describe('a PUT of an object that is not there', () => {
  it.each([
    [RUNTIME, runtime('runc'), 201],
    [`${STORAGE}/storageclasses`, storage(), 404],
    [
      '/apis/scheduling.k8s.io/v1/priorityclasses',
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'p' }, value: 1 },
      404,
    ],
    [
      '/api/v1/namespaces/default/limitranges',
      { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'l' }, spec: { limits: [] } },
      201,
    ],
    [
      '/api/v1/namespaces/default/podtemplates',
      {
        apiVersion: 'v1',
        kind: 'PodTemplate',
        metadata: { name: 't' },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
      404,
    ],
  ])('of %s creates it where its strategy says so', async (path, body, status) => {
    const api = apiHarness();
    const { name } = body.metadata;
    expect((await api.request('PUT', `${path}/${name}`, body)).status).toBe(status);
  });
});
