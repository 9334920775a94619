import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { type ApiHarness, apiHarness } from '../api-harness.ts';

const PODS = '/api/v1/namespaces/default/pods';
const BUDGETS = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };

async function makePod(api: ApiHarness, name: string, more: Record<string, unknown> = {}): Promise<KubeObject> {
  const spec = { containers: [{ name: 'c', image: 'x' }], ...more };
  return api.send('POST', PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: 'web' } }, spec });
}

async function makeReady(api: ApiHarness, name: string): Promise<void> {
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
  await api.send('PATCH', `${PODS}/${name}/status`, { status }, STRATEGIC);
}

function evict(api: ApiHarness, name: string, more: Record<string, unknown> = {}) {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, ...more };
  return api.request('POST', `${PODS}/${name}/eviction`, eviction);
}

async function hold(api: ApiHarness, namespace: string, name: string, renewTime: string): Promise<void> {
  const metadata = { name, namespace };
  const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime };
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  await api.send('POST', `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`, lease);
}

describe('deleting a pod on a node', () => {
  it('answers the pod as it is marked, and ends it at once where no kubelet lives', async () => {
    const api = apiHarness();
    await makePod(api, 'p', { nodeName: 'n' });
    const marked = await api.send('DELETE', `${PODS}/p`);
    expect(marked).toMatchObject({
      kind: 'Pod',
      metadata: { deletionTimestamp: '2026-11-24T09:06:36Z', deletionGracePeriodSeconds: 30 },
    });
    expect(await api.request('GET', `${PODS}/p`)).toMatchObject({ status: 404 });
  });

  it('waits for a kubelet that renews its lease, and no longer than its grace when that is 0', async () => {
    const api = apiHarness();
    await hold(api, 'kube-node-lease', 'n', '2026-11-24T09:06:00.000000Z');
    await makePod(api, 'p', { nodeName: 'n' });
    await api.send('DELETE', `${PODS}/p`, { gracePeriodSeconds: 60 });
    const waiting = await api.send('GET', `${PODS}/p`);
    expect(waiting.metadata.deletionGracePeriodSeconds).toBe(60);
    const sooner = await api.send('DELETE', `${PODS}/p`, { gracePeriodSeconds: 5 });
    expect(sooner.metadata).toMatchObject({
      deletionTimestamp: '2026-11-24T09:06:11Z',
      deletionGracePeriodSeconds: 5,
    });
    expect(await api.send('DELETE', `${PODS}/p`, { gracePeriodSeconds: 0 })).toMatchObject({ status: 'Success' });
    expect(await api.request('GET', `${PODS}/p`)).toMatchObject({ status: 404 });
  });

  it('does not wait for a kubelet that is gone, but for finalizers', async () => {
    const api = apiHarness();
    await hold(api, 'kube-node-lease', 'n', '2026-11-24T09:00:00.000000Z');
    await makePod(api, 'p', { nodeName: 'n' });
    await api.send('PATCH', `${PODS}/p`, { metadata: { finalizers: ['example.com/x'] } }, STRATEGIC);
    await api.send('DELETE', `${PODS}/p`);
    const held = await api.send('GET', `${PODS}/p`);
    expect(held.metadata.deletionGracePeriodSeconds).toBe(0);
    await api.send('PATCH', `${PODS}/p`, { metadata: { finalizers: null } }, STRATEGIC);
    expect(await api.request('GET', `${PODS}/p`)).toMatchObject({ status: 404 });
  });
});

describe('pods/eviction', () => {
  async function guarded(spec: Record<string, unknown>): Promise<ApiHarness> {
    const api = apiHarness();
    for (const name of ['a', 'b']) {
      await makePod(api, name);
      await makeReady(api, name);
    }
    const selector = { matchLabels: { app: 'web' } };
    const metadata = { name: 'guard' };
    await api.send('POST', BUDGETS, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { selector, ...spec },
    });
    return api;
  }

  it('deletes a pod that no budget guards', async () => {
    const api = apiHarness();
    await makePod(api, 'p');
    expect(await evict(api, 'p')).toMatchObject({ status: 201, body: { status: 'Success', code: 201 } });
    expect(await api.request('GET', `${PODS}/p`)).toMatchObject({ status: 404 });
    expect(await evict(api, 'p')).toMatchObject({ status: 404 });
  });

  it('takes from the budget what it allows, and then refuses', async () => {
    const api = await guarded({ minAvailable: 1 });
    expect(await evict(api, 'a')).toMatchObject({ status: 201 });
    const refused = await evict(api, 'b');
    expect(refused).toMatchObject({ status: 429 });
    expect(refused.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      reason: 'TooManyRequests',
      details: {
        causes: [
          {
            reason: 'DisruptionBudget',
            message: 'The disruption budget guard needs 1 healthy pods and has 1 currently',
          },
        ],
      },
      code: 429,
    });
    const { status } = await api.send('GET', `${BUDGETS}/guard`);
    expect(status).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { a: '2026-11-24T09:06:06Z' } });
    await api.send('GET', `${PODS}/b`);
  });

  it('changes nothing in a dry run', async () => {
    const api = await guarded({ minAvailable: 1 });
    expect(await evict(api, 'a', { deleteOptions: { dryRun: ['All'] } })).toMatchObject({ status: 201 });
    await api.send('GET', `${PODS}/a`);
    expect((await api.send('GET', `${BUDGETS}/guard`)).status).not.toHaveProperty('observedGeneration');
  });

  it('lets a pod go that does not run, and one that is not ready as the budget says', async () => {
    const api = await guarded({ minAvailable: 2 });
    await makePod(api, 'pending');
    expect(await evict(api, 'pending')).toMatchObject({ status: 201 });
    await makePod(api, 'sick');
    await api.send('PATCH', `${PODS}/sick/status`, { status: { phase: 'Running' } }, STRATEGIC);
    expect(await evict(api, 'sick')).toMatchObject({ status: 201 });
    expect(await evict(api, 'a')).toMatchObject({ status: 429 });
    await api.send(
      'PATCH',
      `${PODS}/b/status`,
      { status: { conditions: [{ type: 'Ready', status: 'False' }] } },
      STRATEGIC,
    );
    expect(await evict(api, 'b')).toMatchObject({ status: 429 });
    await api.send('PATCH', `${BUDGETS}/guard`, { spec: { unhealthyPodEvictionPolicy: 'AlwaysAllow' } }, STRATEGIC);
    expect(await evict(api, 'b')).toMatchObject({ status: 201 });
  });

  it('leaves the counting to a controller manager that lives', async () => {
    const api = await guarded({ minAvailable: 1 });
    await hold(api, 'kube-system', 'kube-controller-manager', '2026-11-24T09:06:00.000000Z');
    expect(await evict(api, 'a')).toMatchObject({
      status: 429,
      body: { details: { retryAfterSeconds: 10, causes: [{ message: /still being processed/ }] } },
    });
  });

  it('refuses two budgets, another name, and what has changed', async () => {
    const api = await guarded({ maxUnavailable: 2 });
    const twice = { metadata: { name: 'other' }, spec: { selector: { matchLabels: { app: 'web' } }, minAvailable: 0 } };
    await api.send('POST', BUDGETS, { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', ...twice });
    expect((await evict(api, 'a')).body).toMatchObject({ message: /has more than one PodDisruptionBudget/ });
    expect(await evict(api, 'a', { metadata: { name: 'b' } })).toMatchObject({ status: 400 });
    await makePod(api, 'pending');
    const stale = { deleteOptions: { preconditions: { resourceVersion: '1' } } };
    expect(await evict(api, 'pending', stale)).toMatchObject({ status: 409 });
  });
});

describe('pods/binding', () => {
  const binding = (name: string, target: Record<string, unknown>) => ({
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name, annotations: { by: 'me' } },
    target,
  });

  it('assigns a pod to a node, once', async () => {
    const api = apiHarness();
    await makePod(api, 'p');
    const done = await api.request('POST', `${PODS}/p/binding`, binding('p', { kind: 'Node', name: 'n' }));
    expect(done).toMatchObject({ status: 201, body: { status: 'Success' } });
    expect(await api.send('GET', `${PODS}/p`)).toMatchObject({
      metadata: { annotations: { by: 'me' } },
      spec: { nodeName: 'n' },
      status: { conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-11-24T09:06:06Z' }] },
    });
    const again = await api.request('POST', '/api/v1/namespaces/default/bindings', binding('p', { name: 'm' }));
    expect(again.body).toMatchObject({
      code: 409,
      message: 'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n"',
    });
  });

  it('refuses a pod that is not there, or waits at a gate, and a target that is no node', async () => {
    const api = apiHarness();
    await makePod(api, 'gated', { schedulingGates: [{ name: 'example.com/g' }] });
    const post = (name: string, target: Record<string, unknown>) =>
      api.request('POST', `${PODS}/${name}/binding`, binding(name, target));
    expect(await post('gone', { name: 'n' })).toMatchObject({ status: 404 });
    expect((await post('gated', { name: 'n' })).body).toMatchObject({ message: /schedulingGates/ });
    expect((await post('gated', { kind: 'Pod' })).body).toMatchObject({
      code: 422,
      message:
        'Binding "gated" is invalid: [target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>", target.name: Required value]',
    });
  });
});

describe('pods/ephemeralcontainers', () => {
  const debug = { name: 'debug', image: 'busybox' };

  it('adds containers, and nothing else', async () => {
    const api = apiHarness();
    await makePod(api, 'p');
    const path = `${PODS}/p/ephemeralcontainers`;
    const change = { metadata: { labels: { a: 'b' } }, spec: { hostname: 'h', ephemeralContainers: [debug] } };
    const changed = await api.send('PATCH', path, change, STRATEGIC);
    expect(changed).toMatchObject({
      metadata: { labels: { app: 'web' }, generation: 2 },
      spec: { ephemeralContainers: [{ name: 'debug', terminationMessagePolicy: 'File' }] },
    });
    expect(changed['spec']).not.toHaveProperty('hostname');
    expect(await api.send('GET', path)).toEqual(await api.send('GET', `${PODS}/p`));
  });

  it('neither removes nor changes one', async () => {
    const api = apiHarness();
    await makePod(api, 'p');
    const path = `${PODS}/p/ephemeralcontainers`;
    const pod = await api.send('PATCH', path, { spec: { ephemeralContainers: [debug] } }, STRATEGIC);
    const spec = { ...(pod['spec'] as object), ephemeralContainers: [] };
    expect((await api.request('PUT', path, { ...pod, spec })).body).toMatchObject({
      message: /spec\.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be removed/,
    });
    const other = { spec: { ephemeralContainers: [{ name: 'debug', image: 'other' }] } };
    expect((await api.request('PATCH', path, other, STRATEGIC)).body).toMatchObject({
      message: /existing ephemeral containers "debug" may not be changed/,
    });
  });
});

describe('a deprecated resource', () => {
  it('warns with every answer', async () => {
    const api = apiHarness();
    const path = '/api/v1/namespaces/default/endpoints';
    const warning = '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"';
    const made = await api.request('POST', path, { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'e' } });
    expect(made).toMatchObject({ status: 201, headers: { warning } });
    for (const target of [path, `${path}/e`]) {
      expect(await api.request('GET', target)).toMatchObject({ status: 200, headers: { warning } });
    }
    expect(await api.request('DELETE', `${path}/e`)).toMatchObject({ headers: { warning } });
  });
});
