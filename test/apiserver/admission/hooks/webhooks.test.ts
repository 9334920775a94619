import { afterEach, describe, expect, it } from 'vitest';
import { callWebhook } from '../../../../src/http/call-webhook.ts';
import type { ApiResponse } from '../../../../src/model/api-message.ts';
import { patchResponse, startWebhook, type WebhookReply, type WebhookServer } from '../../../peers/webhook-server.ts';
import { type ApiHarness, apiHarness, CONFIG_MAPS, configMap } from '../../api-harness.ts';

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const MERGE = { 'content-type': 'application/merge-patch+json' };
const RULE = { apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] };

const servers: WebhookServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function webhook(reply: (review: WebhookServer['asked'][number]) => WebhookReply): Promise<WebhookServer> {
  const server = await startWebhook(reply);
  servers.push(server);
  return server;
}

type Kind = 'Validating' | 'Mutating';

function hook(server: WebhookServer | undefined, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'hook.example.com',
    rules: [RULE],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    ...(server === undefined ? {} : { clientConfig: { url: server.url, caBundle: server.caBundle } }),
    ...fields,
  };
}

async function configure(api: ApiHarness, kind: Kind, ...hooks: readonly Record<string, unknown>[]): Promise<void> {
  await api.send('POST', `${ADMISSION}/${kind.toLowerCase()}webhookconfigurations`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name: kind.toLowerCase() },
    webhooks: hooks,
  });
}

async function configured(kind: Kind, ...hooks: readonly Record<string, unknown>[]): Promise<ApiHarness> {
  const api = apiHarness({ callWebhook });
  await configure(api, kind, ...hooks);
  return api;
}

function said({ status, body, headers }: ApiResponse): string {
  if (status < 300) return `admitted${headers['warning'] ?? ''}`;
  return `${String(status)} ${(body as { message: string }).message}`;
}

const create = async (api: ApiHarness, object = configMap('c'), query = '') =>
  said(await api.request('POST', `${CONFIG_MAPS}${query}`, object));

describe('validating webhooks', () => {
  it('are sent reviews of creations, updates and deletions', async () => {
    const server = await webhook(() => ({ allowed: true, warnings: ['looked at'] }));
    const api = await configured('Validating', hook(server));
    expect(await create(api, configMap('c', { a: '1' }), '?fieldManager=tester')).toBe('admitted299 - "looked at"');
    await api.send('PATCH', `${CONFIG_MAPS}/c`, { data: { a: '2' } }, MERGE);
    expect(said(await api.request('DELETE', `${CONFIG_MAPS}/c`))).toBe('admitted299 - "looked at"');
    const [creation, update, deletion] = server.asked;
    expect(creation).toMatchObject({
      path: '/admit?timeout=10s',
      request: {
        kind: { group: '', version: 'v1', kind: 'ConfigMap' },
        resource: { group: '', version: 'v1', resource: 'configmaps' },
        requestKind: { group: '', version: 'v1', kind: 'ConfigMap' },
        name: 'c',
        namespace: 'default',
        operation: 'CREATE',
        userInfo: { username: 'kube-lite-admin', groups: ['system:masters', 'system:authenticated'] },
        object: { kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' }, data: { a: '1' } },
        oldObject: null,
        dryRun: false,
        options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'tester' },
      },
    });
    expect(update?.request).toMatchObject({
      operation: 'UPDATE',
      object: { data: { a: '2' } },
      oldObject: { data: { a: '1' } },
      options: { kind: 'UpdateOptions' },
    });
    expect(deletion?.request).toMatchObject({
      operation: 'DELETE',
      object: null,
      oldObject: { data: { a: '2' } },
      options: { kind: 'DeleteOptions' },
    });
  });

  it('refuse with the status that they give, or with 400', async () => {
    const cases: [Record<string, unknown>, string][] = [
      [{ status: { message: 'no', code: 403, reason: 'Forbidden' } }, '403 %: no'],
      [{ status: { message: 'no', code: 200 } }, '400 %: no'],
      [{ status: { reason: 'TooBad' } }, '400 %: TooBad'],
      [{}, '400 % without explanation'],
    ];
    for (const [status, text] of cases) {
      const api = await configured('Validating', hook(await webhook(() => ({ allowed: false, ...status }))));
      const by = 'admission webhook "hook.example.com" denied the request';
      expect(await create(api)).toBe(text.replace('%', by));
      expect((await api.request('GET', `${CONFIG_MAPS}/c`)).status).toBe(404);
    }
  });

  it('fail or are ignored, as their failurePolicy says, when they cannot be asked', async () => {
    const dead = await startWebhook(() => ({ allowed: true }));
    await dead.stop();
    const refused = `dial tcp ${new URL(dead.url).host}: connect: connection refused`;
    const failed = (why: string): string =>
      `500 Internal error occurred: failed calling webhook "hook.example.com": failed to call webhook: ${why}`;
    const live = await webhook(() => ({ allowed: true }));
    const cases: [Record<string, unknown>, string][] = [
      [hook(dead), failed(`Post "${dead.url}?timeout=10s": ${refused}`)],
      [hook(dead, { failurePolicy: 'Ignore' }), 'admitted'],
      [
        hook(undefined, { clientConfig: { url: live.url } }),
        failed(
          `Post "${live.url}?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
        ),
      ],
      [
        hook(undefined, { clientConfig: { service: { namespace: 'x', name: 'svc', path: '/v' } } }),
        failed('Post "https://svc.x.svc:443/v?timeout=10s": service "svc" not found'),
      ],
      [
        hook(undefined, { clientConfig: { service: { namespace: 'x', name: 'svc' } }, failurePolicy: 'Ignore' }),
        'admitted',
      ],
    ];
    for (const [one, text] of cases) expect(await create(await configured('Validating', one))).toBe(text);
  });

  it('fail when they answer too late, with an error, or with nonsense', async () => {
    const failed = (why: string): string =>
      `500 Internal error occurred: failed calling webhook "hook.example.com": ${why}`;
    const slow = await webhook(() => 'silence');
    expect(await create(await configured('Validating', hook(slow, { timeoutSeconds: 1 })))).toBe(
      failed(`failed to call webhook: Post "${slow.url}?timeout=1s": context deadline exceeded`),
    );
    const broken = await webhook(() => ({ statusCode: 500, text: 'boom' }));
    expect(await create(await configured('Validating', hook(broken)))).toBe(
      failed('failed to call webhook: an error on the server ("boom") has prevented the request from succeeding'),
    );
    const missing = await webhook(() => ({ statusCode: 404, text: '' }));
    expect(await create(await configured('Validating', hook(missing)))).toBe(
      failed('failed to call webhook: the server could not find the requested resource'),
    );
    const empty = await webhook(() => ({ statusCode: 200, text: '{}' }));
    expect(await create(await configured('Validating', hook(empty)))).toBe(
      failed('received invalid webhook response: webhook response was absent'),
    );
    const patching = await webhook(() => patchResponse({ op: 'remove', path: '/data' }));
    expect(await create(await configured('Validating', hook(patching)))).toBe(
      failed('received invalid webhook response: validating webhook may not return response.patch'),
    );
  });

  it('are asked about what their selectors, rules and conditions say alone', async () => {
    const server = await webhook(() => ({ allowed: false }));
    const asked = async (fields: Record<string, unknown>, object = configMap('c')): Promise<boolean> =>
      (await create(await configured('Validating', hook(server, fields)), object)) !== 'admitted';
    const labelled = { ...configMap('c'), metadata: { name: 'c', labels: { a: 'b' } } };
    expect(await asked({ objectSelector: { matchLabels: { a: 'b' } } })).toBe(false);
    expect(await asked({ objectSelector: { matchLabels: { a: 'b' } } }, labelled)).toBe(true);
    const byName = (operator: string) => ({
      namespaceSelector: {
        matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator, values: ['default'] }],
      },
    });
    expect(await asked(byName('NotIn'))).toBe(false);
    expect(await asked(byName('In'))).toBe(true);
    const rules = (change: Record<string, unknown>) => ({ rules: [{ ...RULE, ...change }] });
    expect(await asked(rules({ operations: ['UPDATE'] }))).toBe(false);
    expect(await asked(rules({ scope: 'Cluster' }))).toBe(false);
    expect(await asked(rules({ resources: ['*'], apiGroups: ['*'], apiVersions: ['*'] }))).toBe(true);
    expect(await asked(rules({ resources: ['*/*'] }))).toBe(true);
    expect(await asked(rules({ resources: ['configmaps/status'] }))).toBe(false);
    const condition = (expression: string) => ({ matchConditions: [{ name: 'x', expression }] });
    expect(await asked(condition("object.metadata.name != 'c'"))).toBe(false);
    expect(await asked(condition("request.userInfo.username == 'kube-lite-admin'"))).toBe(true);
  });

  it('are not asked about configurations, nor in a dry run when that has effects', async () => {
    const server = await webhook(() => ({ allowed: false }));
    const api = await configured(
      'Validating',
      hook(server, { sideEffects: 'NoneOnDryRun', rules: [{ ...RULE, apiGroups: ['*'], resources: ['*'] }] }),
    );
    expect(await create(api, configMap('c'), '?dryRun=All')).toMatch(/denied the request/);
    expect(server.asked[0]?.request).toMatchObject({ dryRun: true });
    const configurations = `${ADMISSION}/validatingwebhookconfigurations/validating`;
    expect((await api.request('DELETE', configurations)).status).toBe(200);
    expect(await create(api)).toBe('admitted');
  });
});

describe('mutating webhooks', () => {
  it('change objects one after the other, before they are validated', async () => {
    const first = await webhook(() => patchResponse({ op: 'add', path: '/data', value: { a: '1' } }));
    const second = await webhook(({ request }) => {
      const { data } = request['object'] as { data: Record<string, string> };
      return patchResponse({ op: 'add', path: '/data/b', value: `${data['a'] ?? ''}2` });
    });
    const api = await configured(
      'Mutating',
      hook(first, { name: 'a.example.com' }),
      hook(second, { name: 'b.example.com' }),
    );
    expect(await create(api)).toBe('admitted');
    expect((await api.send('GET', `${CONFIG_MAPS}/c`))['data']).toEqual({ a: '1', b: '12' });
    const wrong = await webhook(() => patchResponse({ op: 'add', path: '/data', value: { 'not valid!': 'x' } }));
    expect(await create(await configured('Mutating', hook(wrong)))).toMatch(/^422 ConfigMap "c" is invalid: data/);
  });

  it('see what other plug-ins of admission made, which have the last word on what webhooks add', async () => {
    const sidecar = { op: 'add', path: '/spec/containers/-', value: { name: 'sidecar', image: 'busybox' } };
    const server = await webhook(() => patchResponse(sidecar));
    const rules = [{ ...RULE, resources: ['pods'] }];
    const api = await configured('Mutating', hook(server, { rules }));
    const limits = [{ type: 'Container', default: { cpu: '1' }, defaultRequest: { cpu: '100m' } }];
    await api.send('POST', '/api/v1/namespaces/default/limitranges', {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'l' },
      spec: { limits },
    });
    const containers = [{ name: 'main', image: 'busybox' }];
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers } };
    const made = await api.send('POST', '/api/v1/namespaces/default/pods', pod);
    const resources = { limits: { cpu: '1' }, requests: { cpu: '100m' } };
    expect(server.asked[0]?.request['object']).toMatchObject({
      spec: { priority: 0, containers: [{ name: 'main', resources }], tolerations: [{ effect: 'NoExecute' }, {}] },
    });
    expect(made['spec']).toMatchObject({
      containers: [
        { name: 'main', resources },
        { name: 'sidecar', resources },
      ],
    });
  });

  it('are asked again after a change by others, where they want that', async () => {
    const counts: string[] = [];
    const labels = (name: string) => () => {
      counts.push(name);
      return patchResponse({ op: 'add', path: `/metadata/annotations`, value: { by: counts.join() } });
    };
    const hooks = await Promise.all(['a', 'b'].map((name) => webhook(labels(name))));
    const api = await configured(
      'Mutating',
      hook(hooks[0], { name: 'a.example.com', reinvocationPolicy: 'IfNeeded' }),
      hook(hooks[1], { name: 'b.example.com' }),
    );
    expect(await create(api)).toBe('admitted');
    expect(counts).toEqual(['a', 'b', 'a']);
  });

  it('change updates too, and see what other versions of the resource are', async () => {
    const server = await webhook(({ request }) =>
      request.operation === 'UPDATE'
        ? patchResponse({ op: 'add', path: '/data/hook', value: 'was here' })
        : { allowed: true },
    );
    const api = await configured('Mutating', hook(server));
    await api.send('POST', CONFIG_MAPS, configMap('c', { a: '1' }));
    const made = await api.send('PATCH', `${CONFIG_MAPS}/c`, { data: { a: '2' } }, MERGE);
    expect(made['data']).toEqual({ a: '2', hook: 'was here' });
  });

  it('may not patch a deletion, nor with what is no patch of the object', async () => {
    const remove = await webhook(() => patchResponse({ op: 'remove', path: '/nothing' }));
    const api = await configured('Mutating', hook(remove));
    expect(await create(api)).toMatch(/^500 Internal error occurred: .*nothing/);
    const other = await configured('Mutating', hook(remove, { rules: [{ ...RULE, operations: ['DELETE'] }] }));
    expect(await create(other)).toBe('admitted');
    expect(said(await other.request('DELETE', `${CONFIG_MAPS}/c`))).toBe(
      '500 Internal error occurred: admission webhook "hook.example.com" attempted to modify the object, which is not supported for this operation',
    );
  });

  it('come before policies, which see what they made', async () => {
    const server = await webhook(() => patchResponse({ op: 'add', path: '/data', value: { hook: 'x' } }));
    const api = await configured('Mutating', hook(server));
    await api.send('POST', `${ADMISSION}/validatingadmissionpolicies`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'p' },
      spec: {
        matchConstraints: { resourceRules: [RULE] },
        validations: [{ expression: "object.data.hook == 'x'" }],
      },
    });
    await api.send('POST', `${ADMISSION}/validatingadmissionpolicybindings`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'b' },
      spec: { policyName: 'p', validationActions: ['Deny'] },
    });
    expect(await create(api)).toBe('admitted');
  });
});
