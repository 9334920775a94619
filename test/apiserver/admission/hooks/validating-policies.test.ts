import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../src/model/kube-object.ts';
import { type ApiHarness, apiHarness, CONFIG_MAPS, configMap } from '../../api-harness.ts';

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const MERGE = { 'content-type': 'application/merge-patch+json' };

function rule(resource: string, group = '', operations: string[] = ['CREATE', 'UPDATE']): Record<string, unknown> {
  return { apiGroups: [group], apiVersions: ['*'], operations, resources: [resource] };
}

function policy(name: string, spec: Record<string, unknown>): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: { matchConstraints: { resourceRules: [rule('configmaps')] }, ...spec },
  };
}

function binding(policyName: string, spec: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: `${policyName}-binding` },
    spec: { policyName, validationActions: ['Deny'], ...spec },
  };
}

async function bound(
  spec: Record<string, unknown>,
  bindingSpec: Record<string, unknown> = {},
  api = apiHarness(),
): Promise<ApiHarness> {
  await api.send('POST', `${ADMISSION}/validatingadmissionpolicies`, policy('p', spec));
  await api.send('POST', `${ADMISSION}/validatingadmissionpolicybindings`, binding('p', bindingSpec));
  return api;
}

/** The refusal of a config map, or 'admitted' with its warnings. */
async function outcome(api: ApiHarness, object: KubeObject, path = CONFIG_MAPS): Promise<string> {
  const response = await api.request('POST', path, object);
  if (response.status < 300) return `admitted${response.headers['warning'] ?? ''}`;
  const { message, code, reason } = response.body as { message: string; code: number; reason: string };
  return `${String(code)} ${reason}: ${message}`;
}

const DENIED = `configmaps "c" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p-binding' denied request`;

describe('ValidatingAdmissionPolicy', () => {
  it('denies with the message, the reason and the code of the validation', async () => {
    const expression = "object.data.size() == 0 || !('x' in object.data)";
    const cases: [Record<string, unknown>, string][] = [
      [{ expression }, `422 Invalid: ${DENIED}: failed expression: ${expression}`],
      [{ expression, message: 'no x' }, `422 Invalid: ${DENIED}: no x`],
      [
        { expression, message: 'no x', messageExpression: "'no x but ' + object.data.x", reason: 'Forbidden' },
        `403 Forbidden: ${DENIED}: no x but 1`,
      ],
      [
        { expression, message: 'fallback', messageExpression: "'a\\nb'", reason: 'RequestEntityTooLarge' },
        `413 RequestEntityTooLarge: ${DENIED}: fallback`,
      ],
      [
        { expression, message: 'fallback', messageExpression: 'object.data.y + ""' },
        `422 Invalid: ${DENIED}: fallback`,
      ],
    ];
    for (const [validation, text] of cases) {
      const api = await bound({ validations: [validation] });
      expect(await outcome(api, configMap('c', { x: '1' }))).toBe(text);
      expect(await outcome(api, configMap('c', { y: '1' }))).toBe('admitted');
    }
  });

  it('tells the denial as a cause, which kubectl prints', async () => {
    const api = await bound({ validations: [{ expression: 'false', message: 'never' }] });
    const { body } = await api.request('POST', CONFIG_MAPS, configMap('c'));
    expect(body).toMatchObject({
      details: {
        name: 'c',
        kind: 'configmaps',
        causes: [{ message: "ValidatingAdmissionPolicy 'p' with binding 'p-binding' denied request: never" }],
      },
    });
  });

  it('warns or says nothing where the binding does not deny', async () => {
    const spec = { validations: [{ expression: 'false', message: 'never' }] };
    const warning = "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p-binding': never";
    expect(await outcome(await bound(spec, { validationActions: ['Warn'] }), configMap('c'))).toBe(
      `admitted299 - ${JSON.stringify(warning)}`,
    );
    expect(await outcome(await bound(spec, { validationActions: ['Audit'] }), configMap('c'))).toBe('admitted');
  });

  it('sees the old object of an update, and the object of a deletion', async () => {
    const api = await bound({
      matchConstraints: { resourceRules: [rule('configmaps', '', ['*'])] },
      validations: [
        {
          expression: "request.operation != 'UPDATE' || oldObject.data.size() <= object.data.size()",
          message: 'never less',
        },
        { expression: "request.operation != 'DELETE' || oldObject.metadata.name != 'kept'", message: 'kept' },
      ],
    });
    await api.send('POST', CONFIG_MAPS, configMap('kept', { a: '1', b: '2' }));
    const less = await api.request('PATCH', `${CONFIG_MAPS}/kept`, { data: { a: null } }, MERGE);
    expect(less.body).toMatchObject({ code: 422, message: expect.stringMatching(/denied request: never less$/) });
    expect((await api.request('PATCH', `${CONFIG_MAPS}/kept`, { data: { c: '3' } }, MERGE)).status).toBe(200);
    const deletion = await api.request('DELETE', `${CONFIG_MAPS}/kept`);
    expect(deletion.body).toMatchObject({ code: 422, message: expect.stringMatching(/denied request: kept$/) });
    await api.send('POST', CONFIG_MAPS, configMap('gone'));
    expect((await api.request('DELETE', `${CONFIG_MAPS}/gone`)).status).toBe(200);
    const all = await api.request('DELETE', CONFIG_MAPS);
    expect(all.body).toMatchObject({ message: expect.stringMatching(/denied request: kept$/) });
  });

  it('computes variables from those before them, and none that is not needed', async () => {
    const api = await bound({
      variables: [
        { name: 'size', expression: 'object.data.size()' },
        { name: 'twice', expression: 'variables.size * 2' },
        { name: 'broken', expression: 'object.missing.field' },
      ],
      validations: [
        { expression: 'variables.twice <= 2', messageExpression: "'twice is ' + string(variables.twice)" },
        { expression: "!('broken' in object.data) || variables.broken == 1" },
      ],
    });
    expect(await outcome(api, configMap('c', { a: '1', b: '2' }))).toBe(`422 Invalid: ${DENIED}: twice is 4`);
    expect(await outcome(api, configMap('c', { a: '1' }))).toBe('admitted');
    expect(await outcome(api, configMap('c', { broken: '1' }))).toMatch(
      /composited variable "broken" fails to evaluate: no such key: missing$/,
    );
  });

  it('takes an error for a denial, unless failurePolicy is Ignore', async () => {
    const validations = [{ expression: 'object.data.missing == "1"' }];
    const failed = `422 Invalid: ${DENIED}: expression 'object.data.missing == "1"' resulted in error: no such key: missing`;
    expect(await outcome(await bound({ validations }), configMap('c', { a: '1' }))).toBe(failed);
    expect(await outcome(await bound({ validations, failurePolicy: 'Ignore' }), configMap('c', { a: '1' }))).toBe(
      'admitted',
    );
  });

  it('asks match conditions first', async () => {
    const validations = [{ expression: 'false', message: 'never' }];
    const conditions = (expression: string) => ({ validations, matchConditions: [{ name: 'one', expression }] });
    const named = await bound(conditions("object.metadata.name == 'c'"));
    expect(await outcome(named, configMap('other'))).toBe('admitted');
    expect(await outcome(named, configMap('c'))).toBe(`422 Invalid: ${DENIED}: never`);
    expect(await outcome(await bound(conditions('object.nothing == 1')), configMap('c'))).toMatch(
      /denied request: expression 'object.nothing == 1' resulted in error: no such key: nothing$/,
    );
  });

  it('matches names, selectors and exclusions, of policy and binding', async () => {
    const validations = [{ expression: 'false', message: 'never' }];
    const match = async (matchConstraints: Record<string, unknown>, object: KubeObject, matchResources = {}) => {
      const all = { resourceRules: [rule('configmaps')], ...matchConstraints };
      const api = await bound({ validations, matchConstraints: all }, { matchResources });
      await api.send('POST', '/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'prod', labels: { env: 'prod' } },
      });
      return [await outcome(api, object), await outcome(api, object, '/api/v1/namespaces/prod/configmaps')].map(
        (text) => text === 'admitted',
      );
    };
    const prod = { namespaceSelector: { matchLabels: { env: 'prod' } } };
    const labelled = { ...configMap('c'), metadata: { name: 'c', labels: { a: 'b' } } };
    expect(await match({}, configMap('c'))).toEqual([false, false]);
    expect(await match(prod, configMap('c'))).toEqual([true, false]);
    expect(await match({}, configMap('c'), prod)).toEqual([true, false]);
    expect(await match({ objectSelector: { matchLabels: { a: 'b' } } }, configMap('c'))).toEqual([true, true]);
    expect(await match({ objectSelector: { matchLabels: { a: 'b' } } }, labelled)).toEqual([false, false]);
    expect(await match({ excludeResourceRules: [rule('*')] }, configMap('c'))).toEqual([true, true]);
    const named = { resourceRules: [{ ...rule('configmaps'), resourceNames: ['d'] }] };
    expect(await match(named, configMap('c'))).toEqual([true, true]);
    expect(await match(named, configMap('d'))).toEqual([false, false]);
  });

  it('gives parameters by name or selector, or none as the binding says', async () => {
    const spec = {
      paramKind: { apiVersion: 'v1', kind: 'Secret' },
      validations: [{ expression: 'params == null || object.data.size() <= int(params.metadata.labels.most)' }],
    };
    const secret = (name: string, most: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, labels: { most, for: 'p' } },
    });
    const api = await bound(spec, { paramRef: { name: 'limit', parameterNotFoundAction: 'Deny' } });
    expect(await outcome(api, configMap('c', { a: '1' }))).toBe(
      `422 Invalid: ${DENIED}: failed to configure binding: no params found for policy binding with \`Deny\` parameterNotFoundAction`,
    );
    await api.send('POST', '/api/v1/namespaces/default/secrets', secret('limit', '1'));
    expect(await outcome(api, configMap('c', { a: '1', b: '2' }))).toMatch(/^422 Invalid: .*failed expression/);
    expect(await outcome(api, configMap('c', { a: '1' }))).toBe('admitted');

    const selector = { selector: { matchLabels: { for: 'p' } }, parameterNotFoundAction: 'Allow' };
    const other = await bound(spec, { paramRef: selector });
    expect(await outcome(other, configMap('c', { a: '1' }))).toBe('admitted');
    await other.send('POST', '/api/v1/namespaces/default/secrets', secret('one', '2'));
    await other.send('POST', '/api/v1/namespaces/default/secrets', secret('two', '0'));
    expect(await outcome(other, configMap('d', { a: '1' }))).toMatch(/^422/);

    const missing = await bound({ ...spec, paramKind: { apiVersion: 'x.example/v1', kind: 'Nothing' } });
    expect(await outcome(missing, configMap('c'))).toBe(
      `422 Invalid: configmaps "c" is forbidden: ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'x.example/v1, Kind=Nothing'`,
    );
  });

  it('knows the request, its namespace and who asks', async () => {
    const api = await bound({
      matchConstraints: { resourceRules: [rule('configmaps'), rule('namespaces')] },
      validations: [
        { expression: "request.kind.kind != 'ConfigMap' || request.resource.resource == 'configmaps'" },
        { expression: 'namespaceObject == null || namespaceObject.metadata.name == request.namespace' },
        { expression: "'system:masters' in request.userInfo.groups" },
        { expression: 'request.dryRun == false' },
        { expression: "request.kind.kind != 'Namespace' || (namespaceObject == null && request.namespace == 'n')" },
        { expression: "request.options.kind == 'CreateOptions'" },
        { expression: "!has(request.options.fieldManager) || request.options.fieldManager == 'tester'" },
      ],
    });
    expect(await outcome(api, configMap('c'), `${CONFIG_MAPS}?fieldManager=tester`)).toBe('admitted');
    expect(await outcome(api, configMap('d'), `${CONFIG_MAPS}?dryRun=All`)).toMatch(
      /failed expression: request.dryRun/,
    );
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } };
    expect(await outcome(api, namespace, '/api/v1/namespaces')).toBe('admitted');
  });

  it('sees a scaling as a Scale, and other versions of a resource as the rules name them', async () => {
    const scaled = await bound({
      matchConstraints: { resourceRules: [rule('deployments/scale', 'apps')] },
      validations: [{ expression: "object.kind == 'Scale' && object.spec.replicas <= 2", message: 'too many' }],
    });
    const container = { name: 'c', image: 'x' };
    const labels = { a: 'b' };
    const spec = {
      replicas: 5,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    };
    const path = '/apis/apps/v1/namespaces/default/deployments';
    await scaled.send('POST', path, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec });
    const to = (replicas: number) => scaled.request('PATCH', `${path}/d/scale`, { spec: { replicas } }, MERGE);
    expect((await to(3)).body).toMatchObject({
      message: expect.stringMatching(/^deployments.apps "d" is forbidden: .*: too many$/),
    });
    expect((await to(2)).status).toBe(200);

    const events = await bound({
      matchConstraints: { resourceRules: [rule('events', 'events.k8s.io')] },
      validations: [{ expression: "has(object.regarding) && request.requestKind.group == ''", message: 'seen' }],
    });
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
    };
    expect(await outcome(events, event, '/api/v1/namespaces/default/events')).toBe('admitted');
  });

  it('asks access control about the user, and about others', async () => {
    const api = await bound({
      variables: [{ name: 'secrets', expression: "authorizer.group('').resource('secrets').namespace('default')" }],
      validations: [
        { expression: "authorizer.requestResource.check('create').allowed()", message: 'no creator' },
        { expression: "variables.secrets.check('get').allowed()", message: 'no reader' },
        { expression: "authorizer.path('/healthz').check('get').allowed()", message: 'no health' },
        { expression: "!authorizer.serviceAccount('default', 'x').path('/metrics').check('get').allowed()" },
        { expression: "authorizer.requestResource.namespace('other').check('bind').reason() == ''", message: 'why' },
      ],
    });
    expect(await outcome(api, configMap('c'))).toBe('admitted');
    const user = { name: 'jane', groups: ['system:authenticated'] };
    await api.send('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'jane' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'maker' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' }],
    });
    await api.send('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'maker' },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create'] }],
    });
    const response = await api.handler({ method: 'POST', path: CONFIG_MAPS, body: configMap('d'), user });
    expect((response.body as { message: string }).message).toMatch(/denied request: no reader$/);
  });

  it('does not keep anybody from changing policies', async () => {
    const api = await bound({
      matchConstraints: { resourceRules: [{ ...rule('*'), apiGroups: ['*'], operations: ['*'] }] },
      validations: [{ expression: 'false' }],
    });
    expect((await api.request('POST', CONFIG_MAPS, configMap('c'))).status).toBe(422);
    expect((await api.request('DELETE', `${ADMISSION}/validatingadmissionpolicies/p`)).status).toBe(200);
    expect((await api.request('POST', CONFIG_MAPS, configMap('c'))).status).toBe(201);
  });

  it('holds a new version of a policy from the next request on', async () => {
    const api = await bound({ validations: [{ expression: 'false', message: 'first' }] });
    expect(await outcome(api, configMap('c'))).toMatch(/first$/);
    const patch = { spec: { validations: [{ expression: 'false', message: 'second' }] } };
    await api.send('PATCH', `${ADMISSION}/validatingadmissionpolicies/p`, patch, MERGE);
    expect(await outcome(api, configMap('c'))).toMatch(/second$/);
  });
});
