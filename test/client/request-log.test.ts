import { describe, expect, it } from 'vitest';
import { RequestLog } from '../../src/client/request-log.ts';
import { withoutSecrets } from '../../src/client/without-secrets.ts';
import type { ApiRequest } from '../../src/model/api-message.ts';

async function logged(level: number, request: ApiRequest, body: unknown): Promise<string> {
  let text = '';
  const at = new Date(2026, 10, 5, 7, 8, 9, 12);
  const log = new RequestLog({ level, base: 'https://h:1', pid: 42, now: () => at, write: (part) => (text += part) });
  const transport = log.around(async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body }));
  log.headers(request, { authorization: 'Bearer abc', accept: 'application/json', cookie: 'abc' });
  await transport(request);
  return text;
}

const request: ApiRequest = { method: 'GET', path: '/api/v1/pods', query: new URLSearchParams({ limit: '500' }) };

describe('RequestLog', () => {
  it('has a line for each request in klog form', async () => {
    expect(await logged(6, request, {})).toBe(
      'I1105 07:08:09.012000      42 request-log.ts:1] "Response" verb="GET" url="https://h:1/api/v1/pods?limit=500" status="200 OK" milliseconds=0\n',
    );
  });

  it('adds headers, then bodies, and never credentials', async () => {
    const seven = await logged(7, request, { kind: 'Pod' });
    expect(seven).toContain(
      'headers=<\n\tAccept: application/json\n\tAuthorization: Bearer <masked>\n\tCookie: <masked>\n >',
    );
    expect(seven).not.toContain('"Pod"');
    expect(await logged(8, request, { kind: 'Pod' })).toContain('"Response Body" body=<\n\t{"kind":"Pod"}\n >');
    expect(await logged(10, request, { kind: 'Pod' })).not.toContain('abc');
  });

  it('cuts long bodies as kubectl does, by level', async () => {
    const body = { a: 'x'.repeat(20_000) };
    expect((await logged(8, request, body)).length).toBeLessThan(2000);
    expect(await logged(8, request, body)).toContain('[truncated 18984 chars]');
    expect((await logged(9, request, body)).length).toBeLessThan(12_000);
    expect((await logged(10, request, body)).length).toBeGreaterThan(20_000);
  });

  it('tells of a request without an answer', async () => {
    let text = '';
    const log = new RequestLog({ level: 6, base: '', pid: 1, now: () => new Date(0), write: (part) => (text += part) });
    const failing = log.around(async () => Promise.reject(new Error('cut')));
    await expect(failing(request)).rejects.toThrow('cut');
    expect(text).toContain('status="" milliseconds=0 err="cut"');
  });
});

describe('withoutSecrets', () => {
  const secret = {
    kind: 'Secret',
    metadata: {
      name: 's',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"TOP"}}' },
    },
    data: { a: 'TOP' },
    stringData: { b: 'TOP' },
  };
  it.each<[string, unknown, string]>([
    ['a Secret', secret, '/api/v1/namespaces/n/secrets'],
    ['in a list without kinds', { kind: 'SecretList', items: [{ ...secret, kind: undefined }] }, '/api/v1/secrets'],
    ['in a List', { kind: 'List', items: [secret] }, '/x'],
    ['a merge patch', { data: { a: 'TOP' } }, '/api/v1/namespaces/n/secrets/s'],
    ['a JSON patch', [{ op: 'add', path: '/data/a', value: 'TOP' }], '/api/v1/namespaces/n/secrets/s'],
    ['a table', { kind: 'Table', rows: [{ object: { metadata: secret.metadata } }] }, '/api/v1/secrets'],
    ['a token', { kind: 'TokenRequest', status: { token: 'TOP' } }, '/api/v1/namespaces/n/serviceaccounts/d/token'],
    [
      'a token to review',
      { kind: 'TokenReview', spec: { token: 'TOP' } },
      '/apis/authentication.k8s.io/v1/tokenreviews',
    ],
  ])('%s', (_name, body, path) => {
    const text = JSON.stringify(withoutSecrets(body, path));
    expect(text).not.toContain('TOP');
    expect(text).toContain('<masked>');
  });
  it('leaves everything else', () => {
    const configMap = { kind: 'ConfigMap', data: { a: 'b' }, status: { token: 'no' } };
    expect(withoutSecrets(configMap, '/api/v1/namespaces/n/configmaps')).toEqual(configMap);
  });
});
