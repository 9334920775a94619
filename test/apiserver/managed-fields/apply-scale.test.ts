import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { RawJson } from '../../../src/model/raw-json.ts';
import { type ApiHarness, apiHarness } from '../api-harness.ts';

const WEB = '/apis/apps/v1/namespaces/default/deployments/web';
const APPLY = { 'content-type': 'application/apply-patch+yaml' };

function deployment(replicas?: number): KubeObject {
  const labels = { app: 'web' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    },
  };
}

const scale = (replicas: number) => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name: 'web' },
  spec: { replicas },
});

/** Who manages the replicas, as `manager operation subresource`. */
async function owners(api: ApiHarness): Promise<string[]> {
  const { metadata } = await api.send('GET', WEB);
  return (metadata.managedFields ?? [])
    .filter(({ fieldsV1 }) => {
      const fields = (fieldsV1 instanceof RawJson ? fieldsV1.toJSON() : fieldsV1) as { 'f:spec'?: object };
      return 'f:replicas' in (fields['f:spec'] ?? {});
    })
    .map(
      ({ manager, operation, apiVersion, subresource = '' }) => `${manager} ${operation} ${apiVersion} ${subresource}`,
    );
}

describe('server-side apply of a scale', () => {
  it('sets the replicas, and manages them from then on', async () => {
    const api = apiHarness();
    await api.send('PATCH', `${WEB}?fieldManager=deployer`, deployment(), APPLY);
    const answer = await api.send('PATCH', `${WEB}/scale?fieldManager=scaler&force=true`, scale(3), APPLY);
    expect(answer).toMatchObject({ kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 3 } });
    expect(await api.send('GET', WEB)).toMatchObject({ spec: { replicas: 3 }, metadata: { generation: 2 } });
    expect(await owners(api)).toEqual(['scaler Apply apps/v1 scale']);
    const before = await api.send('GET', WEB);
    await api.send('PATCH', `${WEB}/scale?fieldManager=scaler`, scale(3), APPLY);
    expect((await api.send('GET', WEB)).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });

  it('conflicts with whoever manages them, and takes them by force', async () => {
    const api = apiHarness();
    await api.send('PATCH', `${WEB}?fieldManager=deployer`, deployment(1), APPLY);
    const refused = await api.request('PATCH', `${WEB}/scale?fieldManager=scaler`, scale(3), APPLY);
    expect(refused).toMatchObject({
      status: 409,
      body: {
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "deployer": .spec.replicas',
      },
    });
    expect(await owners(api)).toEqual(['deployer Apply apps/v1 ']);
    await api.send('PATCH', `${WEB}/scale?fieldManager=scaler&force=true`, scale(3), APPLY);
    expect(await owners(api)).toEqual(['scaler Apply apps/v1 scale']);
    const conflict = await api.request('PATCH', `${WEB}?fieldManager=deployer`, deployment(2), APPLY);
    expect(conflict.status).toBe(409);
    await api.send('PATCH', `${WEB}?fieldManager=deployer`, deployment(3), APPLY);
    expect(await owners(api)).toEqual(['deployer Apply apps/v1 ', 'scaler Apply apps/v1 scale']);
  });

  it('changes nothing in a dry run, and says what is wrong', async () => {
    const api = apiHarness();
    await api.send('PATCH', `${WEB}?fieldManager=deployer`, deployment(), APPLY);
    const dry = `${WEB}/scale?fieldManager=scaler&force=true&dryRun=All`;
    expect(await api.send('PATCH', dry, scale(5), APPLY)).toMatchObject({ spec: { replicas: 5 } });
    expect(await api.send('GET', WEB)).toMatchObject({ spec: { replicas: 1 } });
    const wrong = await api.request('PATCH', `${WEB}/scale?fieldManager=s`, deployment(), APPLY);
    expect(wrong).toMatchObject({ status: 400, body: { message: 'invalid object type: apps/v1, Kind=Deployment' } });
    const less = await api.request('PATCH', `${WEB}/scale?fieldManager=s&force=true`, scale(-1), APPLY);
    expect(less).toMatchObject({ status: 422, body: { details: { kind: 'Scale' } } });
    const missing = await api.request('PATCH', `${WEB}x/scale?fieldManager=s`, scale(1), APPLY);
    expect(missing.status).toBe(404);
    expect((await api.request('PATCH', `${WEB}/scale`, scale(1), APPLY)).status).toBe(422);
  });
});
