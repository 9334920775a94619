import { describe, expect, it } from 'vitest';
import type { ApiResponse } from '../../../src/model/api-message.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { type ApiHarness, apiHarness } from '../api-harness.ts';

const NS = '/api/v1/namespaces/n';
const MERGE = { 'content-type': 'application/merge-patch+json' };
const ENFORCE = 'pod-security.kubernetes.io/enforce';

async function inNamespace(labels: Record<string, string> = {}): Promise<ApiHarness> {
  const api = apiHarness();
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n', labels } };
  await api.send('POST', '/api/v1/namespaces', namespace);
  return api;
}

function pod(name: string, spec: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'x' }], ...spec },
  };
}

function label(api: ApiHarness, labels: Record<string, string | null>): Promise<ApiResponse> {
  return api.request('PATCH', NS, { metadata: { labels } }, MERGE);
}

function warningsOf({ headers }: ApiResponse): string[] {
  const lines = headers['warning'] ?? '';
  return lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line.slice('299 - '.length)) as string);
}

describe('PodSecurity of what is changed', () => {
  it('warns of the pods of a namespace that is held to more', async () => {
    const api = await inNamespace();
    for (const name of ['b', 'a', 'c']) await api.send('POST', `${NS}/pods`, pod(name, { hostNetwork: true }));
    await api.send(
      'POST',
      `${NS}/pods`,
      pod('d', { hostPID: true, volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
    );
    const labelled = await label(api, { [ENFORCE]: 'baseline' });
    expect(labelled.status).toBe(200);
    expect(warningsOf(labelled)).toEqual([
      'existing pods in namespace "n" violate the new PodSecurity enforce level "baseline:latest"',
      'a (and 2 other pods): host namespaces',
      'd: host namespaces, hostPath volumes',
    ]);
    expect(warningsOf(await label(api, { other: 'label' }))).toEqual([]);
    expect(warningsOf(await label(api, { [ENFORCE]: 'privileged' }))).toEqual([]);
  });

  it('knows its levels and versions', async () => {
    const api = await inNamespace();
    const wrong = await label(api, { [ENFORCE]: 'strict', [`${ENFORCE}-version`]: 'v2' });
    expect(wrong.status).toBe(422);
    expect((wrong.body as { message: string }).message).toBe(
      `Namespace "n" is invalid: [metadata.labels[${ENFORCE}]: Invalid value: "strict": must be one of privileged, baseline, restricted, metadata.labels[${ENFORCE}-version]: Invalid value: "v2": must be "latest" or "v1.x"]`,
    );
    const made = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'm', labels: { [ENFORCE]: 'x' } } };
    expect((await api.request('POST', '/api/v1/namespaces', made)).status).toBe(422);
  });

  it('looks at a pod again when it gets another image or container, and at workloads always', async () => {
    const api = await inNamespace();
    await api.send('POST', `${NS}/pods`, pod('p', { hostNetwork: true }));
    await label(api, { [ENFORCE]: 'baseline' });
    const annotated = await api.request('PATCH', `${NS}/pods/p`, { metadata: { annotations: { a: 'b' } } }, MERGE);
    expect(annotated.status).toBe(200);
    const image = { spec: { containers: [{ name: 'c', image: 'y' }] } };
    const changed = await api.request('PATCH', `${NS}/pods/p`, image, {
      'content-type': 'application/strategic-merge-patch+json',
    });
    expect(changed.status).toBe(403);
    expect((changed.body as { message: string }).message).toBe(
      'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
    );
    const labels = { a: 'b' };
    const template = { metadata: { labels }, spec: { hostNetwork: true, containers: [{ name: 'c', image: 'x' }] } };
    const path = '/apis/apps/v1/namespaces/n/deployments';
    const spec = { selector: { matchLabels: labels }, template };
    const made = await api.request('POST', path, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec,
    });
    // What is enforced is warned of too.
    const text = 'would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)';
    expect(warningsOf(made)).toEqual([text]);
    expect(warningsOf(await api.request('PATCH', `${path}/d`, { spec: { replicas: 2 } }, MERGE))).toEqual([text]);
  });
});

describe('ResourceQuota of what is changed', () => {
  it('is not exceeded by many changes at once', async () => {
    const api = await inNamespace();
    const spec = { hard: { 'requests.storage': '40Gi' } };
    await api.send('POST', `${NS}/resourcequotas`, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q' },
      spec,
    });
    const made = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'grows' } };
    await api.send('POST', '/apis/storage.k8s.io/v1/storageclasses', {
      ...made,
      provisioner: 'x',
      allowVolumeExpansion: true,
    });
    const names = Array.from({ length: 10 }, (_, index) => `c-${index}`);
    const size = (storage: string) => ({ resources: { requests: { storage } } });
    for (const name of names) {
      const claim = {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'grows',
        volumeName: `v-${name}`,
        ...size('1Gi'),
      };
      const object = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec: claim };
      await api.send('POST', `${NS}/persistentvolumeclaims`, object);
      await api.send(
        'PATCH',
        `${NS}/persistentvolumeclaims/${name}/status`,
        { status: { phase: 'Bound', capacity: { storage: '1Gi' } } },
        MERGE,
      );
    }
    // Each asks for 10Gi more of the 30Gi that are left.
    const answers = await Promise.all(
      names.map(async (name) =>
        api.request('PATCH', `${NS}/persistentvolumeclaims/${name}`, { spec: size('11Gi') }, MERGE),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(answers.find(({ status }) => status !== 200)?.body).toMatchObject({
      code: 403,
      message: expect.stringMatching(
        /exceeded quota: q, requested: requests\.storage=10Gi, used: requests\.storage=[1-4]0Gi, limited: requests\.storage=40Gi$/,
      ) as unknown,
    });
    expect((await api.send('GET', `${NS}/resourcequotas/q`))['status']).toMatchObject({
      used: { 'requests.storage': '40Gi' },
    });
  });

  it('refuses a change that takes more than there is, and counts what changed', async () => {
    const api = await inNamespace();
    await api.send('POST', `${NS}/resourcequotas`, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q' },
      spec: { hard: { 'services.nodeports': '1', services: '5' } },
    });
    for (const name of ['one', 'two']) {
      await api.send('POST', `${NS}/services`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { ports: [{ port: 80 }] },
      });
    }
    const type = (name: string, to: string) =>
      api.request('PATCH', `${NS}/services/${name}`, { spec: { type: to } }, MERGE);
    expect((await type('one', 'NodePort')).status).toBe(200);
    expect((await api.send('GET', `${NS}/resourcequotas/q`))['status']).toMatchObject({
      used: { 'services.nodeports': '1', services: '2' },
    });
    const refused = await type('two', 'NodePort');
    expect(refused.status).toBe(403);
    expect((refused.body as { message: string }).message).toBe(
      'services "two" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1',
    );
    expect((await type('one', 'ClusterIP')).status).toBe(200);
    expect((await type('two', 'NodePort')).status).toBe(200);
  });

  it('gives back what an ended pod asked for', async () => {
    const api = await inNamespace();
    await api.send('POST', `${NS}/resourcequotas`, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q' },
      spec: { hard: { pods: '1' } },
    });
    await api.send('POST', `${NS}/pods`, pod('p'));
    expect((await api.request('POST', `${NS}/pods`, pod('q'))).status).toBe(403);
    await api.send('PATCH', `${NS}/pods/p/status`, { status: { phase: 'Succeeded' } }, MERGE);
    expect((await api.send('GET', `${NS}/resourcequotas/q`))['status']).toMatchObject({ used: { pods: '0' } });
    expect((await api.request('POST', `${NS}/pods`, pod('q'))).status).toBe(201);
  });
});

describe('A claim that grows', () => {
  const classes = '/apis/storage.k8s.io/v1/storageclasses';
  const claims = `${NS}/persistentvolumeclaims`;

  async function bound(api: ApiHarness, storageClassName: string): Promise<string> {
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName };
    const metadata = { name: `c-${storageClassName}` };
    const made = await api.send('POST', claims, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec });
    const path = `${claims}/${metadata.name}`;
    const status = { phase: 'Bound', capacity: { storage: '1Gi' } };
    await api.send('PUT', `${path}/status`, { ...made, status });
    return path;
  }

  const grow = (api: ApiHarness, path: string, storage: string) =>
    api.request('PATCH', path, { spec: { resources: { requests: { storage } } } }, MERGE);

  it('is of a class that allows it', async () => {
    const api = await inNamespace();
    for (const [name, allowVolumeExpansion] of [
      ['wide', true],
      ['narrow', false],
    ] as const) {
      const parts = { provisioner: 'd.io/d', allowVolumeExpansion };
      await api.send('POST', classes, {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name },
        ...parts,
      });
    }
    const paths = await Promise.all(['wide', 'narrow', 'missing'].map((name) => bound(api, name)));
    const [wide = '', narrow = '', missing = ''] = paths;
    expect((await grow(api, wide, '2Gi')).status).toBe(200);
    expect((await grow(api, narrow, '1Gi')).status).toBe(200);
    for (const path of [narrow, missing]) {
      const refused = await grow(api, path, '2Gi');
      expect(refused.status).toBe(403);
      expect((refused.body as { message: string }).message).toBe(
        `persistentvolumeclaims "${path.split('/').at(-1) ?? ''}" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize`,
      );
    }
  });
});
