import { describe, expect, it } from 'vitest';
import { apiHarness } from '../../api-harness.ts';

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';

async function errors(kind: string, plural: string, fields: Record<string, unknown>): Promise<string> {
  const object = { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: 'x' }, ...fields };
  const response = await apiHarness().request('POST', `${ADMISSION}/${plural}`, object);
  if (response.status === 201) return '';
  expect(response.status).toBe(422);
  return (response.body as { message: string }).message.replace(/^.*? is invalid: /, '');
}

const RULE = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
const MATCH = { matchConstraints: { resourceRules: [RULE] } };

const policy = (spec: Record<string, unknown>) =>
  errors('ValidatingAdmissionPolicy', 'validatingadmissionpolicies', { spec: { ...MATCH, ...spec } });

describe('the validation of policies', () => {
  it('tells of expressions that cannot be compiled, as kube-apiserver does', async () => {
    const one = (validation: Record<string, unknown>, more = {}) => policy({ validations: [validation], ...more });
    expect(await one({ expression: 'object.spec.replicas <= 5' })).toBe('');
    expect(await one({ expression: 'object.spec.replicas <=' })).toMatch(
      /^spec.validations\[0\].expression: Invalid value: "object.spec.replicas <=": compilation failed: ERROR: <input>:1:/,
    );
    expect(await one({ expression: "'text'" })).toBe(
      `spec.validations[0].expression: Invalid value: "'text'": must evaluate to bool but got string`,
    );
    expect(await one({ expression: 'object.spec.paused' })).toBe(
      'spec.validations[0].expression: Invalid value: "object.spec.paused": must evaluate to bool but got dyn',
    );
    expect(await one({ expression: 'true', messageExpression: '1' })).toBe(
      'spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string but got int',
    );
    expect(await one({ expression: 'params.x == 1' })).toMatch(/undeclared reference to 'params' \(in container ''\)/);
    expect(await one({ expression: 'request.nothing == 1' })).toMatch(/undefined field 'nothing'/);
    expect(await one({ expression: 'variables.v' }, { variables: [{ name: 'v', expression: '1 == 1' }] })).toBe('');
    expect(await one({ expression: 'variables.w' }, { variables: [{ name: 'v', expression: 'true' }] })).toMatch(
      /undefined field 'w'/,
    );
    expect(await one({ expression: 'true' }, { variables: [{ name: 'in', expression: 'true' }] })).toBe(
      'spec.variables[0].name: Invalid value: "in": name is not a valid CEL identifier',
    );
    const conditions = [
      { name: 'a', expression: '1' },
      { name: 'a', expression: 'true' },
    ];
    expect(await one({ expression: 'true' }, { matchConditions: conditions })).toBe(
      '[spec.matchConditions[0].expression: Invalid value: "1": must evaluate to bool but got int, spec.matchConditions[1].name: Duplicate value: "a"]',
    );
  });

  it('tells of rules and fields that are wrong', async () => {
    const validations = [{ expression: 'true' }];
    expect(await policy({})).toBe(
      '[spec.validations: Required value: validations or auditAnnotations must contain at least one item, spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item]',
    );
    expect(await policy({ validations, matchConstraints: {} })).toBe(
      'spec.matchConstraints.resourceRules: Required value',
    );
    const rule = { ...RULE, operations: ['CREATE', 'PATCH'], resources: ['*', 'pods'], scope: 'Galaxy' };
    expect(await policy({ validations, matchConstraints: { resourceRules: [rule] } })).toBe(
      `[spec.matchConstraints.resourceRules[0].operations[1]: Unsupported value: "PATCH": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE", spec.matchConstraints.resourceRules[0].resources: Invalid value: ["*","pods"]: if '*' is present, must not specify other resources without subresources, spec.matchConstraints.resourceRules[0].scope: Unsupported value: "Galaxy": supported values: "*", "Cluster", "Namespaced"]`,
    );
    expect(await policy({ validations, failurePolicy: 'Maybe' })).toBe(
      'spec.failurePolicy: Unsupported value: "Maybe": supported values: "Fail", "Ignore"',
    );
    expect(await policy({ validations: [{ expression: 'true', reason: 'NotFound', message: 'a\nb' }] })).toBe(
      '[spec.validations[0].message: Invalid value: "a\\nb": message must not contain line breaks, spec.validations[0].reason: Unsupported value: "NotFound": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"]',
    );
    expect(await policy({ validations, paramKind: { apiVersion: 'v1' } })).toBe('spec.paramKind.kind: Required value');
  });

  it('tells of bindings that are wrong', async () => {
    const binding = (spec: Record<string, unknown>) =>
      errors('ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings', { spec });
    expect(await binding({ policyName: 'p', validationActions: ['Deny', 'Audit'] })).toBe('');
    expect(await binding({})).toBe(
      '[spec.policyName: Required value, spec.validationActions: Required value: at least one validation action is required]',
    );
    expect(await binding({ policyName: 'p', validationActions: ['Deny', 'Warn'], paramRef: {} })).toBe(
      '[spec.paramRef: Required value: one of name or selector must be specified, spec.paramRef.parameterNotFoundAction: Required value, spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)]',
    );
  });

  it('warns that mutating policies are not evaluated', async () => {
    const object = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: 'm' },
      spec: {
        ...MATCH,
        reinvocationPolicy: 'Never',
        mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: '[]' } }],
      },
    };
    const response = await apiHarness().request('POST', `${ADMISSION}/mutatingadmissionpolicies`, object);
    expect(response.status).toBe(201);
    expect(response.headers['warning']).toMatch(/not evaluated by kube-lite/);
  });
});

describe('the validation of webhooks', () => {
  const webhook = (fields: Record<string, unknown>) =>
    errors('ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', {
      webhooks: [
        {
          name: 'a.example.com',
          rules: [RULE],
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          clientConfig: { url: 'https://example.com/x' },
          ...fields,
        },
      ],
    });

  it('tells of names, effects, versions and times', async () => {
    expect(await webhook({})).toBe('');
    expect(await webhook({ name: 'short.name' })).toBe(
      'webhooks[0].name: Invalid value: "short.name": should be a domain with at least three segments separated by dots',
    );
    expect(await webhook({ sideEffects: 'Some', admissionReviewVersions: ['v2'], timeoutSeconds: 31 })).toBe(
      '[webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun", webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds, webhooks[0].admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1]',
    );
    expect(await webhook({ matchConditions: [{ name: 'x', expression: 'object.' }] })).toMatch(
      /^webhooks\[0\].matchConditions\[0\].expression: Invalid value: "object.": compilation failed: ERROR/,
    );
  });

  it('tells of addresses that cannot be called', async () => {
    const client = (clientConfig: Record<string, unknown>) => webhook({ clientConfig });
    expect(await client({})).toBe(
      'webhooks[0].clientConfig: Required value: exactly one of url or service is required',
    );
    expect(await client({ url: 'http://example.com' })).toBe(
      'webhooks[0].clientConfig.url: Invalid value: "http": \'https\' is the only allowed URL scheme; desired format: https://host[/path]',
    );
    expect(await client({ url: 'https://u@example.com/?a=b#c' })).toBe(
      '[webhooks[0].clientConfig.url: Invalid value: "u": user information is not permitted in the URL, webhooks[0].clientConfig.url: Invalid value: "c": fragments are not permitted in the URL, webhooks[0].clientConfig.url: Invalid value: "a=b": query parameters are not permitted in the URL]',
    );
    expect(await client({ service: { name: 'a', namespace: 'b', path: 'x//y', port: 70_000 } })).toBe(
      '[webhooks[0].clientConfig.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive, webhooks[0].clientConfig.service.path: Invalid value: "x//y": must start with a \'/\', webhooks[0].clientConfig.service.path: Invalid value: "x//y": segment[0] may not be empty, webhooks[0].clientConfig.service.path: Invalid value: "x//y": segment[1] may not be empty]',
    );
  });
});
