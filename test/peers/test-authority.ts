import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its private key, in PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority that lives as long as the test. It knows as much X.509 as TLS tests need, and no more. */
export interface TestAuthority {
  readonly ca: string;
  /** A certificate for host names and IPv4 addresses, good for servers and clients. */
  issue(commonName: string, hosts?: readonly string[], validDays?: number): TestCertificate;
}

export function createTestAuthority(commonName = 'test-authority'): TestAuthority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signWith = (subject: string, publicKey: KeyObject, extensions: Buffer[], days: number): string =>
    certificate({ issuer: commonName, subject, publicKey, signingKey: own.privateKey, extensions, days });
  const ca = signWith(commonName, own.publicKey, [basicConstraints(true), keyUsage(0x06, 1)], 10);
  return {
    ca,
    issue(subject, hosts = [], validDays = 10) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const extensions = [basicConstraints(false), keyUsage(0x80, 7), extendedKeyUsage(), ...alternativeNames(hosts)];
      const cert = signWith(
        subject,
        createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
        extensions,
        validDays,
      );
      return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    },
  };
}

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  bytes: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utc: 0x17,
  sequence: 0x30,
  set: 0x31,
};

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...others] = text.split('.').map(Number);
  const bytes = others.flatMap((part) => {
    const groups = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(TAG.oid, Buffer.from([first * 40 + second, ...bytes]));
}

function name(commonName: string): Buffer {
  return der(TAG.sequence, der(TAG.set, der(TAG.sequence, oid('2.5.4.3'), der(TAG.utf8, Buffer.from(commonName)))));
}

function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return der(TAG.utc, Buffer.from(digits.slice(2)));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der(TAG.boolean, Buffer.from([0xff]))] : [];
  return der(TAG.sequence, oid(id), ...flag, der(TAG.bytes, value));
}

function basicConstraints(isAuthority: boolean): Buffer {
  const flag = isAuthority ? [der(TAG.boolean, Buffer.from([0xff]))] : [];
  return extension('2.5.29.19', true, der(TAG.sequence, ...flag));
}

function keyUsage(bits: number, unused: number): Buffer {
  return extension('2.5.29.15', true, der(TAG.bits, Buffer.from([unused, bits])));
}

function extendedKeyUsage(): Buffer {
  return extension('2.5.29.37', false, der(TAG.sequence, oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2')));
}

function alternativeNames(hosts: readonly string[]): Buffer[] {
  if (hosts.length === 0) return [];
  const names = hosts.map((host) =>
    isIP(host) === 4 ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
  );
  return [extension('2.5.29.17', false, der(TAG.sequence, ...names))];
}

function certificate(parts: {
  issuer: string;
  subject: string;
  publicKey: KeyObject;
  signingKey: KeyObject;
  extensions: readonly Buffer[];
  days: number;
}): string {
  const ecdsaWithSha256 = der(TAG.sequence, oid('1.2.840.10045.4.3.2'));
  const from = new Date(Date.now() - 2 * 86_400_000);
  const until = new Date(Date.now() + parts.days * 86_400_000);
  const toBeSigned = der(
    TAG.sequence,
    der(0xa0, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, Buffer.from([0x01, ...randomBytes(15)])),
    ecdsaWithSha256,
    name(parts.issuer),
    der(TAG.sequence, time(from), time(until)),
    name(parts.subject),
    parts.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(TAG.sequence, ...parts.extensions)),
  );
  const signature = sign('sha256', toBeSigned, parts.signingKey);
  const signed = der(TAG.sequence, toBeSigned, ecdsaWithSha256, der(TAG.bits, Buffer.from([0]), signature));
  const lines = signed.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
