import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { type ApiHarness, apiHarness, configMap } from '../api-harness.ts';

const NS = '/api/v1/namespaces/n';
const MERGE = { 'content-type': 'application/merge-patch+json' };

async function inNamespace(labels: Record<string, string> = {}): Promise<ApiHarness> {
  const api = apiHarness();
  await api.send('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'n', labels },
  });
  return api;
}

function pod(name: string, container: Record<string, unknown> = {}, spec: Record<string, unknown> = {}): KubeObject {
  const containers = [{ name: 'c', image: 'x', ...container }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers, ...spec } };
}

async function refusal(api: ApiHarness, path: string, object: KubeObject): Promise<string> {
  const response = await api.request('POST', `${NS}/${path}`, object);
  expect(response.status).toBe(403);
  return (response.body as { message: string }).message;
}

describe('LimitRanger', () => {
  async function limited(limits: readonly Record<string, unknown>[]): Promise<ApiHarness> {
    const api = await inNamespace();
    await api.send('POST', `${NS}/limitranges`, {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'l' },
      spec: { limits },
    });
    return api;
  }

  it('gives containers what they do not say', async () => {
    const api = await limited([
      { type: 'Container', default: { cpu: '500m', memory: '512Mi' }, defaultRequest: { cpu: '100m' } },
    ]);
    const made = await api.send('POST', `${NS}/pods`, pod('p', { resources: { limits: { memory: '1Gi' } } }));
    expect(made).toMatchObject({
      metadata: {
        annotations: {
          'kubernetes.io/limit-ranger':
            'LimitRanger plugin set: cpu request for container c; cpu limit for container c',
        },
      },
      spec: {
        containers: [
          { resources: { limits: { cpu: '500m', memory: '1Gi' }, requests: { cpu: '100m', memory: '1Gi' } } },
        ],
      },
      status: { qosClass: 'Burstable' },
    });
  });

  it('refuses what is outside', async () => {
    const api = await limited([
      { type: 'Container', min: { cpu: '100m' }, max: { cpu: '1' }, maxLimitRequestRatio: { cpu: '2' } },
    ]);
    const resources = (request: string, limit: string) => ({
      resources: { requests: { cpu: request }, limits: { cpu: limit } },
    });
    expect(await refusal(api, 'pods', pod('p', resources('50m', '90m')))).toBe(
      'pods "p" is forbidden: [minimum cpu usage per Container is 100m, but request is 50m]'.replace(/[[\]]/g, ''),
    );
    expect(await refusal(api, 'pods', pod('p', resources('200m', '2')))).toBe(
      'pods "p" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, cpu max limit to request ratio per Container is 2, but provided ratio is 10.000000]',
    );
    await api.send('POST', `${NS}/pods`, pod('p', resources('500m', '1')));
  });

  it('measures whole pods and claims', async () => {
    const api = await limited([
      { type: 'Pod', max: { memory: '1Gi' } },
      { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } },
    ]);
    expect(await refusal(api, 'pods', pod('p'))).toBe(
      'pods "p" is forbidden: maximum memory usage per Pod is 1Gi.  No limit is specified',
    );
    const claim = (storage: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'c' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    });
    expect(await refusal(api, 'persistentvolumeclaims', claim('3Gi'))).toBe(
      'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi',
    );
    await api.send('POST', `${NS}/persistentvolumeclaims`, claim('1Gi'));
  });
});

describe('ResourceQuota', () => {
  async function quota(hard: Record<string, string>, more: Record<string, unknown> = {}): Promise<ApiHarness> {
    const api = await inNamespace();
    const metadata = { name: 'q' };
    await api.send('POST', `${NS}/resourcequotas`, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata,
      spec: { hard, ...more },
    });
    return api;
  }
  const used = async (api: ApiHarness) =>
    ((await api.send('GET', `${NS}/resourcequotas/q`))['status'] as { used: Record<string, string> }).used;

  it('counts what is there, and what goes', async () => {
    const api = await quota({ configmaps: '2', 'count/secrets': '1' });
    expect(await used(api)).toBeUndefined();
    for (const name of ['a', 'b']) await api.send('POST', `${NS}/configmaps`, configMap(name));
    expect(await used(api)).toMatchObject({ configmaps: '2' });
    expect(await refusal(api, 'configmaps', configMap('c'))).toBe(
      'configmaps "c" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=2, limited: configmaps=2',
    );
    await api.send('DELETE', `${NS}/configmaps/a`);
    expect(await used(api)).toMatchObject({ configmaps: '1' });
    await api.send('POST', `${NS}/configmaps`, configMap('c'));
    await api.send('DELETE', `${NS}/configmaps`);
    expect(await used(api)).toMatchObject({ configmaps: '0' });
  });

  it('adds up what pods ask for, which they must say', async () => {
    const api = await quota({ 'requests.cpu': '1', 'limits.memory': '1Gi', pods: '5' });
    expect(await refusal(api, 'pods', pod('p'))).toBe(
      'pods "p" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c',
    );
    const asking = { resources: { requests: { cpu: '600m' }, limits: { memory: '256Mi' } } };
    await api.send('POST', `${NS}/pods`, pod('p', asking));
    expect(await used(api)).toEqual({ 'requests.cpu': '600m', 'limits.memory': '256Mi', pods: '1' });
    expect(await refusal(api, 'pods', pod('q', asking))).toBe(
      'pods "q" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1',
    );
  });

  it('is for what is in its scopes', async () => {
    const api = await quota({ pods: '0' }, { scopes: ['BestEffort'] });
    expect(await refusal(api, 'pods', pod('p'))).toMatch(/exceeded quota: q/);
    await api.send('POST', `${NS}/pods`, pod('p', { resources: { requests: { cpu: '1' } } }));
  });

  it('is not exceeded by many at once', async () => {
    const api = await quota({ configmaps: '3' });
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => api.request('POST', `${NS}/configmaps`, configMap(`c-${index}`))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(await used(api)).toEqual({ configmaps: '3' });
  });

  it('holds to what it says now, and is untouched by a dry run', async () => {
    const api = await quota({ configmaps: '1' });
    await api.send('POST', `${NS}/configmaps`, configMap('a'));
    expect(await refusal(api, 'configmaps?dryRun=All', configMap('b'))).toMatch(/limited: configmaps=1$/);
    await api.send('PATCH', `${NS}/resourcequotas/q`, { spec: { hard: { configmaps: '2', secrets: '1' } } }, MERGE);
    await api.send('POST', `${NS}/configmaps?dryRun=All`, configMap('b'));
    expect(await used(api)).toEqual({ configmaps: '1' });
    await api.send('POST', `${NS}/configmaps`, configMap('b'));
    expect(await used(api)).toEqual({ secrets: '0', configmaps: '2' });
  });
});

describe('PodSecurity', () => {
  const restricted = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const good = {
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };

  it('enforces a level, in the real words', async () => {
    const api = await inNamespace(restricted);
    expect(await refusal(api, 'pods', pod('nginx'))).toBe(
      'pods "nginx" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    );
    await api.send('POST', `${NS}/pods`, pod('good', good));
  });

  it('knows what the baseline forbids', async () => {
    const api = await inNamespace({ 'pod-security.kubernetes.io/enforce': 'baseline' });
    const bad = pod(
      'bad',
      {
        ports: [{ containerPort: 80, hostPort: 80 }],
        securityContext: { privileged: true, capabilities: { add: ['NET_ADMIN', 'CHOWN'] } },
      },
      { hostPID: true, volumes: [{ name: 'v', hostPath: { path: '/' } }] },
    );
    expect(await refusal(api, 'pods', bad)).toBe(
      'pods "bad" is forbidden: violates PodSecurity "baseline:latest": non-default capabilities (container "c" must not include "NET_ADMIN" in securityContext.capabilities.add), host namespaces (hostPID=true), hostPath volumes (volume "v"), hostPort (container "c" uses hostPort 80), privileged (container "c" must not set securityContext.privileged=true)',
    );
    await api.send('POST', `${NS}/pods`, pod('plain'));
  });

  it('says a stricter rule once', async () => {
    const api = await inNamespace(restricted);
    const volumes = [{ name: 'v', hostPath: { path: '/' } }];
    expect(await refusal(api, 'pods', pod('p', good, { volumes }))).toBe(
      'pods "p" is forbidden: violates PodSecurity "restricted:latest": restricted volume types (volume "v" uses restricted volume type "hostPath")',
    );
  });

  it('warns of workloads and of pods, and refuses neither', async () => {
    const api = await inNamespace({
      'pod-security.kubernetes.io/warn': 'baseline',
      'pod-security.kubernetes.io/warn-version': 'v1.30',
    });
    const spec = { hostNetwork: true, containers: [{ name: 'c', image: 'x' }] };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec } },
    };
    const made = await api.request('POST', '/apis/apps/v1/namespaces/n/deployments', deployment);
    const text = String.raw`299 - "would violate PodSecurity \"baseline:v1.30\": host namespaces (hostNetwork=true)"`;
    expect(made).toMatchObject({ status: 201, headers: { warning: text } });
    const warned = await api.request('POST', `${NS}/pods`, pod('p', {}, { hostNetwork: true }));
    expect(warned).toMatchObject({ status: 201, headers: { warning: text } });
  });
});
