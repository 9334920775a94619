import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readRequestedSubject } from '../../../src/http/certificate-request.ts';
import { accessHarness, user } from '../access/access-harness.ts';
import { apiHarness } from '../api-harness.ts';

const PATH = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const GROUP = ['certificates.k8s.io'];
const jane = user('jane');

async function signingRequest(signerName: string, fixture = 'jane.csr'): Promise<Record<string, unknown>> {
  const pem = await readFile(new URL(`../../../fixtures/certificates/${fixture}`, import.meta.url));
  return {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'r' },
    spec: { request: pem.toString('base64'), signerName, usages: ['client auth'] },
  };
}

describe('CertificateSubjectRestriction', () => {
  const api = () => apiHarness({ requestedSubject: async (text) => readRequestedSubject(text) });

  it('refuses to make administrators', async () => {
    const made = await api().request(
      'POST',
      PATH,
      await signingRequest('kubernetes.io/kube-apiserver-client', 'masters.csr'),
    );
    expect(made.body).toMatchObject({
      code: 403,
      message:
        'certificatesigningrequests.certificates.k8s.io "r" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    });
  });

  it('lets others pass, and other signers', async () => {
    await api().send('POST', PATH, await signingRequest('kubernetes.io/kube-apiserver-client'));
    await api().send('POST', PATH, await signingRequest('example.com/signer', 'masters.csr'));
  });
});

describe('CertificateApproval and CertificateSigning', () => {
  const all = [
    {
      apiGroups: GROUP,
      resources: ['certificatesigningrequests/approval', 'certificatesigningrequests/status'],
      verbs: ['*'],
    },
  ];
  const signers = (verb: string, name: string) => [
    { apiGroups: GROUP, resources: ['signers'], resourceNames: [name], verbs: [verb] },
  ];
  const refused = (verb: string) =>
    `certificatesigningrequests.certificates.k8s.io "r" is forbidden: user not permitted to ${verb} requests with signerName "example.com/signer"`;

  async function prepared() {
    const api = accessHarness();
    await api.allow('jane', all);
    const made = await api.send('POST', PATH, await signingRequest('example.com/signer'));
    return { api, made };
  }
  const condition = (type: string) => ({ type, status: 'True', reason: 'Why', message: 'because' });

  it.each(['example.com/signer', 'example.com/*'])('takes the permission to approve for %s', async (name) => {
    const { api, made } = await prepared();
    const approve = () =>
      api.as(jane, 'PUT', `${PATH}/r/approval`, { ...made, status: { conditions: [condition('Approved')] } });
    expect((await approve()).body).toMatchObject({ code: 403, message: refused('approve') });
    await api.allow('jane', signers('sign', name));
    expect((await approve()).status).toBe(403);
    await api.allow('jane', signers('approve', 'example.org/signer'));
    expect((await approve()).status).toBe(403);
    await api.allow('jane', signers('approve', name));
    expect((await approve()).status).toBe(200);
  });

  it('takes the permission to sign for certificates and conditions, and none for the rest of a status', async () => {
    const { api, made } = await prepared();
    const write = (status: Record<string, unknown>) => api.as(jane, 'PUT', `${PATH}/r/status`, { ...made, status });
    expect((await write({})).status).toBe(200);
    expect((await write({ conditions: [condition('Failed')] })).body).toMatchObject({ message: refused('sign') });
    await api.allow('jane', signers('approve', 'example.com/signer'));
    expect((await write({ conditions: [condition('Failed')] })).status).toBe(403);
    await api.allow('jane', signers('sign', 'example.com/*'));
    expect((await write({ conditions: [condition('Failed')] })).status).toBe(200);
  });
});
