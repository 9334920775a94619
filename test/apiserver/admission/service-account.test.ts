import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { type ApiHarness, apiHarness } from '../api-harness.ts';

const NS = '/api/v1/namespaces/default';
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const MIRROR = { 'kubernetes.io/config.mirror': 'x' };

function pod(spec: Record<string, unknown> = {}, annotations: Record<string, string> = {}): KubeObject {
  const containers = [{ name: 'c', image: 'x' }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', annotations }, spec: { containers, ...spec } };
}

async function withAccounts(...accounts: Record<string, unknown>[]): Promise<ApiHarness> {
  const api = apiHarness({ serviceAccounts: true });
  for (const { name, annotations, ...account } of [{ name: 'default' }, ...accounts] as Record<string, unknown>[]) {
    const metadata = { name, annotations };
    await api.send('POST', `${NS}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata, ...account });
  }
  return api;
}

async function specOf(api: ApiHarness, object: KubeObject): Promise<Record<string, unknown>> {
  return (await api.send('POST', `${NS}/pods`, object))['spec'] as Record<string, unknown>;
}

async function refusal(api: ApiHarness, object: KubeObject): Promise<string> {
  const response = await api.request('POST', `${NS}/pods`, object);
  expect(response.status).toBe(403);
  return (response.body as { message: string }).message;
}

describe('ServiceAccount', () => {
  it('is off unless it is asked for', async () => {
    const spec = await specOf(apiHarness(), pod());
    expect(spec).not.toHaveProperty('serviceAccountName');
    expect(spec).not.toHaveProperty('volumes');
  });

  it('gives a pod the account default, and mounts its token in all containers', async () => {
    const api = await withAccounts();
    const own = { name: 'own', mountPath: MOUNT_PATH };
    const spec = await specOf(
      api,
      pod({
        initContainers: [{ name: 'i', image: 'x' }],
        containers: [
          { name: 'c', image: 'x', volumeMounts: [{ name: 'own', mountPath: '/data' }] },
          { name: 'd', image: 'x', volumeMounts: [own] },
        ],
        volumes: [{ name: 'own', emptyDir: {} }],
      }),
    );
    const [, volume] = spec['volumes'] as { name: string }[];
    const mount = { name: volume?.name, readOnly: true, mountPath: MOUNT_PATH };
    expect(volume?.name).toMatch(/^kube-api-access-.{5}$/);
    expect(spec).toMatchObject({
      serviceAccountName: 'default',
      serviceAccount: 'default',
      initContainers: [{ volumeMounts: [mount] }],
      containers: [{ volumeMounts: [{ name: 'own', mountPath: '/data' }, mount] }, { volumeMounts: [own] }],
    });
    expect(volume).toEqual({
      name: volume?.name,
      projected: {
        defaultMode: 420,
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
        ],
      },
    });
  });

  it('mounts nothing where the pod, or else the account, does not want it, or has it already', async () => {
    const api = await withAccounts({ name: 'shy', automountServiceAccountToken: false });
    expect(await specOf(api, pod({ automountServiceAccountToken: false }))).not.toHaveProperty('volumes');
    await api.send('DELETE', `${NS}/pods/p`);
    expect(await specOf(api, pod({ serviceAccountName: 'shy' }))).not.toHaveProperty('volumes');
    await api.send('DELETE', `${NS}/pods/p`);
    const wished = await specOf(api, pod({ serviceAccountName: 'shy', automountServiceAccountToken: true }));
    expect(wished['volumes']).toHaveLength(1);
    await api.send('DELETE', `${NS}/pods/p`);
    const volumes = [{ name: 'kube-api-access-mine', emptyDir: {} }];
    expect(await specOf(api, pod({ volumes }))).toMatchObject({
      volumes,
      containers: [{ volumeMounts: [{ name: 'kube-api-access-mine' }] }],
    });
  });

  it('refuses a pod whose account is not there, before it looks at anything else', async () => {
    const api = await withAccounts();
    expect(await refusal(api, pod({ serviceAccountName: 'robot', priorityClassName: 'none' }))).toBe(
      'pods "p" is forbidden: error looking up service account default/robot: serviceaccount "robot" not found',
    );
    await api.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
    const empty = await api.request('POST', '/api/v1/namespaces/n/pods', pod());
    expect(empty.body).toMatchObject({
      message: 'pods "p" is forbidden: error looking up service account n/default: serviceaccount "default" not found',
    });
  });

  it('finds the account that controllers keep in the namespace', async () => {
    const api = apiHarness({ serviceAccounts: true, namespaceContent: { certificateAuthority: () => undefined } });
    expect(await specOf(api, pod())).toMatchObject({ serviceAccountName: 'default' });
  });

  it('takes over the pull secrets of the account, where the pod has none', async () => {
    const api = await withAccounts({ name: 'puller', imagePullSecrets: [{ name: 'a' }, { name: 'b' }] });
    expect(await specOf(api, pod({ serviceAccountName: 'puller' }))).toMatchObject({
      imagePullSecrets: [{ name: 'a' }, { name: 'b' }],
    });
    await api.send('DELETE', `${NS}/pods/p`);
    const own = await specOf(api, pod({ serviceAccountName: 'puller', imagePullSecrets: [{ name: 'own' }] }));
    expect(own['imagePullSecrets']).toEqual([{ name: 'own' }]);
  });

  it.each([
    [{ serviceAccountName: 'default' }, 'a mirror pod may not reference service accounts'],
    [{ imagePullSecrets: [{ name: 'a' }] }, 'a mirror pod may not reference secrets'],
    [{ volumes: [{ name: 'v', secret: { secretName: 's' } }] }, 'a mirror pod may not reference secrets'],
    [
      { volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }] },
      'a mirror pod may not use ServiceAccountToken volume projections',
    ],
  ])('refuses a mirror pod that is more than a shadow: %j', async (spec, why) => {
    const api = await withAccounts();
    expect(await refusal(api, pod(spec, MIRROR))).toBe(`pods "p" is forbidden: ${why}`);
  });

  it('leaves other mirror pods as they are', async () => {
    const api = await withAccounts();
    const spec = await specOf(api, pod({ nodeName: 'n' }, MIRROR));
    expect(spec).not.toHaveProperty('serviceAccountName');
    expect(spec).not.toHaveProperty('volumes');
  });

  const container = (more: Record<string, unknown>) => ({ name: 'c', image: 'x', ...more });
  const variable = (name: string) => ({ name: 'V', valueFrom: { secretKeyRef: { name, key: 'k' } } });
  const end = 'is not allowed because service account strict does not reference that';
  it.each([
    [{ volumes: [{ name: 'v', secret: { secretName: 'no' } }] }, `volume with secret.secretName="no" ${end} secret`],
    [
      { containers: [container({ env: [variable('yes'), variable('no')] })] },
      `container c with envVar V referencing secret.secretName="no" ${end} secret`,
    ],
    [
      { initContainers: [container({ name: 'i', envFrom: [{ secretRef: { name: 'no' } }] })] },
      `init container i with envFrom referencing secret.secretName="no" ${end} secret`,
    ],
    [{ imagePullSecrets: [{ name: 'no' }] }, `imagePullSecrets[0].name="no" ${end} imagePullSecret`],
  ])('holds pods to the secrets of an account that says so: %j', async (spec, why) => {
    const annotations = { 'kubernetes.io/enforce-mountable-secrets': 'true' };
    const api = await withAccounts({ name: 'strict', annotations, secrets: [{ name: 'yes' }] });
    expect(await refusal(api, pod({ serviceAccountName: 'strict', ...spec }))).toBe(`pods "p" is forbidden: ${why}`);
    await api.send('POST', `${NS}/pods`, pod({ serviceAccountName: 'strict' }));
    const current = await api.send('GET', `${NS}/pods/p`);
    const ephemeralContainers = [container({ name: 'e', env: [variable('no')] })];
    const debugged = await api.request('PUT', `${NS}/pods/p/ephemeralcontainers`, {
      ...current,
      spec: { ...(current['spec'] as object), ephemeralContainers },
    });
    expect(debugged.body).toMatchObject({
      code: 403,
      message: `pods "p" is forbidden: ephemeral container e with envVar V referencing secret.secretName="no" ${end} secret`,
    });
  });
});
