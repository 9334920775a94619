import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callWebhook } from '../../src/http/call-webhook.ts';
import { startServer } from '../../src/http/serve.ts';
import { loadTokenSigner } from '../../src/http/token-signer.ts';
import { servingHandler } from '../../src/serving-handler.ts';
import { ObjectStorage } from '../../src/storage/object-storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { run as runHere } from '../commands/run-program.ts';
import { type Ran, runKubectl } from './run-kubectl.ts';
import { patchResponse, startWebhook, type WebhookServer } from './webhook-server.ts';

const POLICY = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: few-replicas}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
  variables:
  - {name: replicas, expression: object.spec.replicas}
  validations:
  - expression: variables.replicas <= 5
    messageExpression: "'at most 5 replicas, not ' + string(variables.replicas)"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: few-replicas}
spec: {policyName: few-replicas, validationActions: [Deny]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: few-replicas-told}
spec: {policyName: few-replicas, validationActions: [Warn]}
`;

const REFUSED = `is forbidden: ValidatingAdmissionPolicy 'few-replicas' with binding 'few-replicas' denied request: at most 5 replicas, not 6`;

describe('admission, as the real kubectl sees it', () => {
  let folder = '';
  let stop: () => Promise<void>;
  let kubectl: (...args: string[]) => Promise<Ran>;
  let webhook: WebhookServer;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-test-'));
    const kubeconfigPath = path.join(folder, 'kubeconfig');
    const { handler, tokenUser } = servingHandler({
      storage: new ObjectStorage({ storage: new MemoryStorage() }),
      now: () => new Date(),
      callWebhook,
      signer: await loadTokenSigner(folder),
      authorizationMode: 'RBAC',
      isOwnToken: (token) => server.isOwnToken(token),
    });
    const server = await startServer({
      handler,
      tokenUser,
      address: '127.0.0.1',
      port: 0,
      folder,
      kubeconfigPath,
      now: new Date(),
    });
    const flags = [`--kubeconfig=${kubeconfigPath}`, `--cache-dir=${path.join(folder, 'cache')}`];
    kubectl = async (...args) => runKubectl([...args, ...flags]);
    webhook = await startWebhook(({ request }) => {
      const { metadata } = request['object'] as { metadata: { name: string } };
      if (metadata.name === 'refused') return { allowed: false, status: { message: 'not this name', code: 403 } };
      return { ...patchResponse({ op: 'add', path: '/metadata/labels', value: { seen: 'yes' } }), warnings: ['seen'] };
    });
    stop = async () => {
      await Promise.all([server.stop(), webhook.stop()]);
    };
    await writeFile(path.join(folder, 'policy.yaml'), POLICY);
  });
  afterAll(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('refuses and warns in the words of a real cluster, on every verb', async () => {
    expect(await kubectl('apply', '-f', path.join(folder, 'policy.yaml'))).toMatchObject({ status: 0, stderr: '' });
    const made = await kubectl('create', 'deployment', 'web', '--image=x', '--replicas=6');
    expect(made).toMatchObject({
      stdout: '',
      stderr: `Warning: Validation failed for ValidatingAdmissionPolicy 'few-replicas' with binding 'few-replicas-told': at most 5 replicas, not 6\nerror: failed to create deployment: deployments.apps "web" ${REFUSED}\n`,
      status: 1,
    });
    expect(await kubectl('create', 'deployment', 'web', '--image=x')).toMatchObject({ status: 0, stderr: '' });
    const patch = await kubectl('patch', 'deployment', 'web', '-p', '{"spec":{"replicas":6}}');
    expect(patch.stderr).toContain(`The deployments "web" is invalid: : ValidatingAdmissionPolicy 'few-replicas'`);
    expect(patch.status).toBe(1);
    expect((await kubectl('apply', '-f', path.join(folder, 'policy.yaml'))).stdout).toMatch(/unchanged/);
  });

  it('calls webhooks for kubectl', async () => {
    await writeFile(
      path.join(folder, 'webhook.yaml'),
      `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: hooks}
webhooks:
- name: hook.example.com
  clientConfig: {url: '${webhook.url}', caBundle: ${webhook.caBundle}}
  rules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
  sideEffects: None
  admissionReviewVersions: [v1]
`,
    );
    expect(await kubectl('apply', '-f', path.join(folder, 'webhook.yaml'))).toMatchObject({ status: 0 });
    expect(await kubectl('create', 'configmap', 'refused')).toMatchObject({
      stderr:
        'error: failed to create configmap: admission webhook "hook.example.com" denied the request: not this name\n',
      status: 1,
    });
    expect(await kubectl('create', 'configmap', 'taken')).toMatchObject({ stderr: 'Warning: seen\n', status: 0 });
    expect((await kubectl('get', 'configmap', 'taken', '-o=jsonpath={.metadata.labels.seen}')).stdout).toBe('yes');
  });

  it('is the same in a local store without a server', async () => {
    const store = `--data-dir=${path.join(folder, 'store')}`;
    const run = async (...args: string[]) => runHere([...args, store]);
    expect(await run('apply', '-f', path.join(folder, 'policy.yaml'))).toMatchObject({ status: 0 });
    const made = await run('create', 'deployment', 'web', '--image=x', '--replicas=6');
    expect(made.errors).toContain(`error: failed to create deployment: deployments.apps "web" ${REFUSED}\n`);
    expect(made.status).toBe(1);
    expect(await run('apply', '-f', path.join(folder, 'webhook.yaml'))).toMatchObject({ status: 0 });
    const refused = await run('create', 'configmap', 'refused');
    expect(refused.errors).toContain('admission webhook "hook.example.com" denied the request: not this name');
    expect(await run('create', 'configmap', 'taken')).toMatchObject({ status: 0 });
  });
});
