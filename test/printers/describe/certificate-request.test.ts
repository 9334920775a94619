import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/model/user-error.ts';
import { parseCertificateRequest } from '../../../src/printers/describe/certificate-request.ts';

const manifest = readFileSync(new URL('../../../fixtures/manifests/describe/cluster.yaml', import.meta.url), 'utf8');
const pem = Buffer.from(/ {2}request: (\S+)/.exec(manifest)?.[1] ?? '', 'base64').toString('latin1');

describe('parseCertificateRequest', () => {
  it('reads the subject and the alternative names that openssl wrote', () => {
    const request = parseCertificateRequest(pem);
    expect(Object.fromEntries(request.subject)).toMatchObject({
      '2.5.4.3': ['system:node:n1'],
      '2.5.4.10': ['system:nodes', 'second'],
      '2.5.4.5': ['42'],
    });
    expect(request).toMatchObject({
      dnsNames: ['n1', 'n1.example.com'],
      emailAddresses: ['a@example.com'],
      uris: ['spiffe://x/y'],
      ipAddresses: ['10.0.0.1', '2001:db8::1'],
    });
  });

  it('refuses other PEM', () => {
    const wrong = 'Error parsing CSR: PEM block type must be CERTIFICATE REQUEST';
    for (const text of ['', 'x', pem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')]) {
      expect(() => parseCertificateRequest(text)).toThrow(wrong);
    }
  });

  it('reads or refuses damaged bytes, and does not fail otherwise', () => {
    const base64 = pem.replace(/-----[^-]+-----/g, '');
    const bytes = Buffer.from(base64, 'base64');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = value;
        const text = `-----BEGIN CERTIFICATE REQUEST-----\n${damaged.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
        try {
          parseCertificateRequest(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});
