import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCertificateRequest, readRequestedSubject } from '../../src/http/certificate-request.ts';
import { createAuthority, type KeyPair, signRequest } from '../../src/http/certificates.ts';
import { RequestError } from '../../src/model/certificate-signer.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { type ApiHarness, apiHarness } from '../apiserver/api-harness.ts';

/** Requests that openssl made. */
async function fixture(name: string): Promise<string> {
  return readFile(new URL(`../../fixtures/certificates/${name}`, import.meta.url), 'utf8');
}

const PATH = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const USAGES = ['client auth', 'digital signature'];
const NOW = new Date('2026-11-24T09:06:06Z');
let authority: KeyPair;
let request = '';
beforeAll(async () => {
  [authority, request] = await Promise.all([createAuthority(NOW), fixture('jane.csr')]);
});

describe('a certificate', () => {
  it('is for whom the request names, with its key, names and usages', async () => {
    const certificate = new X509Certificate(signRequest(authority, { request, usages: USAGES, seconds: 3600 }, NOW));
    expect(certificate.subject).toBe('O=developers\nO=testers\nCN=jane');
    expect(certificate.subjectAltName).toBe('DNS:jane.example.com, email:jane@example.com');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkPrivateKey(createPrivateKey(await fixture('jane.key')))).toBe(true);
    expect(certificate.checkIssued(new X509Certificate(authority.cert))).toBe(true);
    expect(certificate.verify(new X509Certificate(authority.cert).publicKey)).toBe(true);
    expect(new Date(certificate.validFrom)).toEqual(new Date('2026-11-24T09:01:06Z'));
    expect(new Date(certificate.validTo)).toEqual(new Date('2026-11-24T10:06:06Z'));
  });

  it.each([
    [undefined, '2027-11-24T09:06:06Z'],
    [1, '2026-11-24T09:16:06Z'],
    [1e9, '2027-11-24T09:06:06Z'],
  ])('that is to last %s seconds lasts from ten minutes to a year', (seconds, until) => {
    const certificate = new X509Certificate(signRequest(authority, { request, usages: [], seconds }, NOW));
    expect(new Date(certificate.validTo)).toEqual(new Date(until));
    expect(certificate.keyUsage).toBeUndefined();
  });

  it.each(['bob-rsa.csr', 'ed25519.csr'])('is made of %s', async (name) => {
    const pem = signRequest(authority, { request: await fixture(name), usages: USAGES }, NOW);
    expect(new X509Certificate(pem).verify(new X509Certificate(authority.cert).publicKey)).toBe(true);
  });
});

describe('a request', () => {
  it('must be one, and signed by its own key with an algorithm that is known', async () => {
    const bytes = Buffer.from(request.replaceAll(/-----.*-----|\n/g, ''), 'base64');
    const pem = (der: Buffer) =>
      `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    const forged = Buffer.from(bytes);
    forged[bytes.indexOf('jane')] = 'k'.charCodeAt(0);
    expect(() => readCertificateRequest(pem(forged))).toThrow('the request is not signed by its own key');
    expect(() => readCertificateRequest(pem(bytes.subarray(0, 40)))).toThrow('the request is no PKCS#10');
    expect(() => readCertificateRequest('nothing')).toThrow('PEM block type must be CERTIFICATE REQUEST');
    const pss = await fixture('rsa-pss.csr');
    expect(() => readCertificateRequest(pss)).toThrow('the algorithm of the signature of the request is not supported');
  });

  it('of any bytes is told so, and nothing else happens', () => {
    const bytes = Buffer.from(request.replaceAll(/-----.*-----|\n/g, ''), 'base64');
    const damage = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), damage), (what) => {
        const changed = Buffer.from(what instanceof Uint8Array ? what : bytes);
        if (!(what instanceof Uint8Array)) changed[what[0]] = (changed[what[0]] ?? 0) ^ what[1];
        const text = `-----BEGIN CERTIFICATE REQUEST-----${changed.toString('base64')}-----END CERTIFICATE REQUEST-----`;
        try {
          readCertificateRequest(text);
        } catch (error) {
          expect(error).toBeInstanceOf(RequestError);
        }
      }),
    );
  });
});

describe('an approved CertificateSigningRequest', () => {
  const approved = { type: 'Approved', status: 'True', reason: 'Why', message: 'because' };
  const harness = (): ApiHarness =>
    apiHarness({
      certificateSigner: () => ({ sign: (wish) => signRequest(authority, wish, NOW), read: readRequestedSubject }),
    });

  async function approve(api: ApiHarness, spec: Record<string, unknown> = {}): Promise<KubeObject> {
    await api.send('POST', PATH, {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'r' },
      spec: {
        request: Buffer.from(request).toString('base64'),
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: USAGES,
        ...spec,
      },
    });
    const made = await api.send('GET', `${PATH}/r`);
    expect(made['status']).toEqual({});
    await api.send('PUT', `${PATH}/r/approval`, { ...made, status: { conditions: [approved] } });
    return api.send('GET', `${PATH}/r`);
  }

  it('has its certificate', async () => {
    const { status } = (await approve(harness(), { expirationSeconds: 1200 })) as unknown as {
      status: { certificate: string; conditions: unknown[] };
    };
    const certificate = new X509Certificate(Buffer.from(status.certificate, 'base64'));
    expect(certificate.subject).toContain('CN=jane');
    expect(new Date(certificate.validTo)).toEqual(new Date('2026-11-24T09:26:06Z'));
    expect(status.conditions).toHaveLength(1);
  });

  it.each([
    [{ usages: ['digital signature'] }, 'missing required usage for client certificate: client auth'],
    [{ usages: ['client auth', 'server auth'] }, 'invalid usage for client certificate: server auth'],
    [
      {
        request: Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\nMA==\n-----END CERTIFICATE REQUEST-----\n').toString(
          'base64',
        ),
      },
      'asn1: structure error: the request is no PKCS#10',
    ],
  ])('that cannot be signed says why: %#', async (spec, message) => {
    const { status } = (await approve(harness(), spec)) as unknown as { status: Record<string, unknown> };
    expect(status['certificate']).toBeUndefined();
    expect(status['conditions']).toContainEqual(
      expect.objectContaining({ type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message }),
    );
  });

  const KUBELET = 'kubernetes.io/kube-apiserver-client-kubelet';
  const SERVING = 'kubernetes.io/kubelet-serving';
  const forClient = ['client auth', 'digital signature'];
  const forServer = ['digital signature', 'key encipherment', 'server auth'];

  it.each([
    [KUBELET, 'node-client.csr', forClient, undefined],
    [SERVING, 'node-serving.csr', forServer, 'DNS:node-1, IP Address:10.0.0.1'],
  ])('of %s has its certificate', async (signerName, file, usages, names) => {
    const spec = { signerName, usages, request: Buffer.from(await fixture(file)).toString('base64') };
    const { status } = (await approve(harness(), spec)) as unknown as { status: { certificate: string } };
    const certificate = new X509Certificate(Buffer.from(status.certificate, 'base64'));
    expect(certificate.subject).toBe('O=system:nodes\nCN=system:node:node-1');
    expect(certificate.subjectAltName).toBe(names);
  });

  it.each([
    [KUBELET, 'jane.csr', forClient, 'subject organization is not system:nodes'],
    [KUBELET, 'node-serving.csr', forClient, 'DNS subjectAltNames are not allowed'],
    [
      KUBELET,
      'node-client.csr',
      [...forClient, 'server auth'],
      'usages did not match [client auth digital signature key encipherment]',
    ],
    [SERVING, 'jane.csr', forServer, 'subject organization is not system:nodes'],
    [SERVING, 'node-client.csr', forServer, 'DNS or IP subjectAltName is required'],
    [
      SERVING,
      'node-serving.csr',
      ['server auth'],
      'usages did not match [digital signature key encipherment server auth]',
    ],
  ])('of %s for %s with %j fails', async (signerName, file, usages, message) => {
    const spec = { signerName, usages, request: Buffer.from(await fixture(file)).toString('base64') };
    const { status } = (await approve(harness(), spec)) as unknown as { status: Record<string, unknown> };
    expect(status['certificate']).toBeUndefined();
    expect(status['conditions']).toContainEqual(
      expect.objectContaining({ type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message }),
    );
  });

  it('of another signer, or where nobody signs, is left alone', async () => {
    const other = await approve(harness(), { signerName: 'example.com/signer' });
    expect(other['status']).toEqual({ conditions: [expect.objectContaining(approved)] });
    expect((await approve(apiHarness()))['status']).toEqual({ conditions: [expect.objectContaining(approved)] });
  });
});
