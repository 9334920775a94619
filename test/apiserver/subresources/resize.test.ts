import { describe, expect, it } from 'vitest';
import { apiHarness, type ApiHarness } from '../api-harness.ts';

const PODS = '/api/v1/namespaces/default/pods';
const MERGE = { 'content-type': 'application/strategic-merge-patch+json' };

function pod(resources: object = { requests: { cpu: '100m', memory: '64Mi' } }): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', labels: { app: 'p' } },
    spec: { containers: [{ name: 'c', image: 'i', resources }] },
  };
}

const patch = (resources: object, rest: object = {}): object => ({
  spec: { containers: [{ name: 'c', resources, ...rest }] },
});

async function refused(api: ApiHarness, body: object): Promise<string> {
  const { status, body: answer } = await api.request('PATCH', `${PODS}/p/resize`, body, MERGE);
  expect(status).toBe(422);
  return (answer as { message: string }).message;
}

describe('pods/resize', () => {
  it('changes processor time and memory, counts the change, and leaves all else', async () => {
    const api = apiHarness();
    await api.send('POST', PODS, pod());
    const body = {
      metadata: { labels: { app: 'other' } },
      ...patch({ requests: { cpu: '200m' } }, { image: 'another' }),
    };
    const changed = await api.send('PATCH', `${PODS}/p/resize`, body, MERGE);
    expect(changed).toMatchObject({
      metadata: { generation: 2, labels: { app: 'p' } },
      spec: { containers: [{ image: 'i', resources: { requests: { cpu: '200m', memory: '64Mi' } } }] },
      status: { qosClass: 'Burstable' },
    });
    expect(await api.send('GET', `${PODS}/p/resize`)).toEqual(await api.send('GET', `${PODS}/p`));
    const again = await api.send('PATCH', `${PODS}/p/resize`, body, MERGE);
    expect(again.metadata).toMatchObject({ generation: 2, resourceVersion: changed.metadata.resourceVersion });
    const put = structuredClone(changed) as unknown as { spec: { containers: { resources: object }[] } };
    const [container] = put.spec.containers;
    if (container !== undefined) container.resources = { requests: { cpu: '300m', memory: '64Mi' } };
    expect(await api.send('PUT', `${PODS}/p/resize`, put)).toMatchObject({ metadata: { generation: 3 } });
  });

  it('refuses what would change the class, take something away, or is of other resources', async () => {
    const api = apiHarness();
    await api.send('POST', PODS, pod());
    expect(await refused(api, patch({ limits: { cpu: '100m', memory: '64Mi' } }))).toBe(
      'Pod "p" is invalid: spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
    );
    expect(await refused(api, patch({ requests: { cpu: null } }))).toBe(
      'Pod "p" is invalid: spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
    );
    expect(await refused(api, patch({ requests: { 'ephemeral-storage': '1Gi' } }))).toContain(
      'spec: Forbidden: only cpu and memory resources are mutable\n',
    );
    expect((await api.send('GET', `${PODS}/p`)).metadata.generation).toBe(1);
  });

  it('is not for pods of Windows, nor for the copies of static pods', async () => {
    const api = apiHarness();
    const windows = pod() as { spec: object };
    await api.send('POST', PODS, { ...windows, spec: { ...windows.spec, os: { name: 'windows' } } });
    expect(await refused(api, patch({ requests: { cpu: '200m' } }))).toContain('windows pods cannot be resized');
  });
});
