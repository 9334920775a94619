import crypto, { type KeyObject } from 'node:crypto';
import net from 'node:net';
import { promisify } from 'node:util';
import {
  type Der,
  derBits,
  derBoolean,
  derContext,
  derInteger,
  derOctets,
  derOid,
  derSequence,
  derSet,
  derTime,
  derUtf8,
} from './der.ts';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

const CA_DAYS = 3650;
const LEAF_DAYS = 365;
const DAY = 86_400_000;
/** Certificates are valid from a little before now: clocks differ. */
const CLOCK_SKEW = 60_000;
const ECDSA_WITH_SHA256 = derSequence(derOid('1.2.840.10045.4.3.2'));
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const CA_NAME = 'kube-lite-ca';

/** What goes into a certificate. */
interface Request {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly days: number;
  readonly extensions: readonly Der[];
}

/** A new certificate authority of P-256, valid for ten years. */
export async function createAuthority(now: Date): Promise<KeyPair> {
  const keys = await newKeys();
  const extensions = [
    extension('2.5.29.19', true, derSequence(derBoolean(true))),
    keyUsage(0x06, 1),
    subjectKeyId(keys.publicKey),
  ];
  const request = { commonName: CA_NAME, organizations: [], days: CA_DAYS, extensions };
  return { cert: issue(request, keys.publicKey, keys.privateKey, now), key: pemOfKey(keys.privateKey) };
}

/** A server certificate for DNS names and IP addresses, signed by `authority`, valid for a year. */
export async function createServerCertificate(
  authority: KeyPair,
  hosts: readonly string[],
  now: Date,
): Promise<KeyPair> {
  const names = hosts.map((host) =>
    net.isIP(host) === 0 ? derContext(2, false, Buffer.from(host)) : derContext(7, false, addressBytes(host)),
  );
  const usage = [extendedUsage(SERVER_AUTH), extension('2.5.29.17', false, derSequence(...names))];
  return createLeaf(authority, { commonName: 'kube-apiserver', organizations: [], usage }, now);
}

/** A client certificate by which an API server knows a user (common name) and groups (organizations). */
export async function createClientCertificate(
  authority: KeyPair,
  user: { readonly name: string; readonly groups: readonly string[] },
  now: Date,
): Promise<KeyPair> {
  return createLeaf(
    authority,
    { commonName: user.name, organizations: user.groups, usage: [extendedUsage(CLIENT_AUTH)] },
    now,
  );
}

async function createLeaf(
  authority: KeyPair,
  { usage, ...subject }: { commonName: string; organizations: readonly string[]; usage: readonly Der[] },
  now: Date,
): Promise<KeyPair> {
  const keys = await newKeys();
  const signer = crypto.createPrivateKey(authority.key);
  const extensions = [
    extension('2.5.29.19', true, derSequence()),
    keyUsage(0xa0, 5),
    subjectKeyId(keys.publicKey),
    extension('2.5.29.35', false, derSequence(derContext(0, false, keyId(crypto.createPublicKey(signer))))),
    ...usage,
  ];
  const request = { ...subject, days: LEAF_DAYS, extensions };
  return { cert: issue(request, keys.publicKey, signer, now), key: pemOfKey(keys.privateKey) };
}

async function newKeys(): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return promisify(crypto.generateKeyPair)('ec', { namedCurve: 'P-256' });
}

/** The certificate as PEM, issued by the one authority that this program knows. */
function issue(request: Request, publicKey: KeyObject, signer: KeyObject, now: Date): string {
  const { commonName, organizations, days, extensions } = request;
  const body = derSequence(
    derContext(0, true, derInteger(Buffer.from([2]))),
    derInteger(crypto.randomBytes(16)),
    ECDSA_WITH_SHA256,
    distinguishedName(CA_NAME, []),
    derSequence(derTime(new Date(now.getTime() - CLOCK_SKEW)), derTime(new Date(now.getTime() + days * DAY))),
    distinguishedName(commonName, organizations),
    spkiOf(publicKey),
    derContext(3, true, derSequence(...extensions)),
  );
  const signature = derBits(crypto.sign('sha256', body, signer));
  const lines =
    derSequence(body, ECDSA_WITH_SHA256, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string, organizations: readonly string[]): Der {
  const parts = [
    ...organizations.map((each) => ({ oid: '2.5.4.10', text: each })),
    { oid: '2.5.4.3', text: commonName },
  ];
  return derSequence(...parts.map(({ oid, text }) => derSet(derSequence(derOid(oid), derUtf8(text)))));
}

function extension(oid: string, critical: boolean, value: Der): Der {
  return derSequence(derOid(oid), ...(critical ? [derBoolean(true)] : []), derOctets(value));
}

function keyUsage(bits: number, unusedBits: number): Der {
  return extension('2.5.29.15', true, derBits(Buffer.from([bits]), unusedBits));
}

function extendedUsage(oid: string): Der {
  return extension('2.5.29.37', false, derSequence(derOid(oid)));
}

function subjectKeyId(publicKey: KeyObject): Der {
  return extension('2.5.29.14', false, derOctets(keyId(publicKey)));
}

function keyId(publicKey: KeyObject): Buffer {
  return crypto.createHash('sha1').update(spkiOf(publicKey)).digest();
}

function spkiOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

function pemOfKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function addressBytes(address: string): Buffer {
  if (net.isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = withoutEmbeddedIpv4(address).split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return Buffer.from(
    [...before, ...zeros, ...after].flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]),
  );
}

/** `::ffff:1.2.3.4` with its last part as two groups. */
function withoutEmbeddedIpv4(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}
