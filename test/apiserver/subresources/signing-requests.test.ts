import { describe, expect, it } from 'vitest';
import { ADMINISTRATOR } from '../../../src/model/administrator.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { type ApiHarness, apiHarness } from '../api-harness.ts';

const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const PEM = '-----BEGIN CERTIFICATE REQUEST-----\nMA==\n-----END CERTIFICATE REQUEST-----\n';
const SPEC = {
  request: Buffer.from(PEM).toString('base64'),
  signerName: 'example.com/signer',
  usages: ['client auth'],
};

function make(api: ApiHarness, spec: Record<string, unknown> = SPEC) {
  const metadata = { name: 'r' };
  const apiVersion = 'certificates.k8s.io/v1';
  return api.request('POST', REQUESTS, { apiVersion, kind: 'CertificateSigningRequest', metadata, spec });
}

const approved = { type: 'Approved', status: 'True', reason: 'Why', message: 'because' };

describe('a certificate signing request', () => {
  it('tells who asks, whatever it says', async () => {
    const api = apiHarness();
    const made = await make(api, { ...SPEC, username: 'somebody', groups: ['system:masters', 'x'] });
    expect(made.body).toMatchObject({ spec: { username: ADMINISTRATOR.name, groups: ADMINISTRATOR.groups } });
  });

  it('is refused with a wrong request, usage or signer', async () => {
    const api = apiHarness();
    const wrong = await make(api, { ...SPEC, request: 'MA==', usages: ['nonsense'], signerName: 'x' });
    expect(wrong.body).toMatchObject({
      message:
        /spec\.request: .*spec\.usages\[0\]: Unsupported value: "nonsense".*spec\.signerName: Invalid value: "x"/,
    });
  });

  it('is approved through approval alone, and not denied after', async () => {
    const api = apiHarness();
    await make(api);
    const path = `${REQUESTS}/r`;
    const current = await api.send('GET', path);
    const plain = await api.send('PUT', path, { ...current, status: { conditions: [approved] } });
    expect(plain['status']).toEqual({});
    const through = (subresource: string, object: KubeObject, status: Record<string, unknown>) =>
      api.request('PUT', `${path}/${subresource}`, { ...object, status });
    expect((await through('status', plain, { conditions: [approved] })).body).toMatchObject({
      message: /status\.conditions: Forbidden: updates may not add a condition of type "Approved"/,
    });
    const done = await through('approval', plain, { conditions: [approved] });
    expect(done).toMatchObject({
      status: 200,
      body: { status: { conditions: [{ ...approved, lastUpdateTime: '2026-11-24T09:06:06Z' }] } },
    });
    const denied = { ...approved, type: 'Denied' };
    expect((await through('approval', done.body as KubeObject, { conditions: [denied] })).body).toMatchObject({
      message: /updates may not remove a condition of type "Approved"/,
    });
    expect((await through('approval', done.body as KubeObject, { conditions: [approved, denied] })).body).toMatchObject(
      {
        message: /Approved and Denied conditions are mutually exclusive/,
      },
    );
  });

  it('gets its certificate through status, once', async () => {
    const api = apiHarness();
    await make(api);
    const merge = { 'content-type': 'application/merge-patch+json' };
    const patch = (subresource: string, certificate: string) =>
      api.request('PATCH', `${REQUESTS}/r/${subresource}`, { status: { certificate } }, merge);
    const refused = await patch('approval', 'QQ==');
    expect(refused.body).not.toHaveProperty('status.certificate');
    expect(await patch('status', 'QQ==')).toMatchObject({ status: 200, body: { status: { certificate: 'QQ==' } } });
    expect((await patch('status', 'Qg==')).body).toMatchObject({
      message: /may not modify existing certificate content/,
    });
  });
});
