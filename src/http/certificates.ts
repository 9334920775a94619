import crypto, { type KeyObject } from 'node:crypto';
import net from 'node:net';
import { promisify } from 'node:util';
import type { CertificateWish } from '../model/certificate-signer.ts';
import { readCertificateRequest } from './certificate-request.ts';
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
interface Contents {
  readonly subject: Der;
  readonly notBefore: Date;
  readonly notAfter: Date;
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
  const contents = { subject: distinguishedName(CA_NAME, []), ...validFor(CA_DAYS, now), extensions };
  return { cert: issue(contents, keys.publicKey, keys.privateKey), key: pemOfKey(keys.privateKey) };
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
  const extensions = [...leafExtensions(keys.publicKey, signer), keyUsage(0xa0, 5), ...usage];
  const name = distinguishedName(subject.commonName, subject.organizations);
  const contents = { subject: name, ...validFor(LEAF_DAYS, now), extensions };
  return { cert: issue(contents, keys.publicKey, signer), key: pemOfKey(keys.privateKey) };
}

function leafExtensions(publicKey: KeyObject, signer: KeyObject): Der[] {
  return [
    extension('2.5.29.19', true, derSequence()),
    subjectKeyId(publicKey),
    extension('2.5.29.35', false, derSequence(derContext(0, false, keyId(crypto.createPublicKey(signer))))),
  ];
}

/** The bits of usages of a key, and the names of extended ones, by their names in CertificateSigningRequests. */
const KEY_USAGES: Readonly<Record<string, number>> = { 'digital signature': 0x80, 'key encipherment': 0x20 };
const EXTENDED_USAGES: Readonly<Record<string, string>> = { 'client auth': CLIENT_AUTH, 'server auth': SERVER_AUTH };
/** What kube-controller-manager gives at most, and least, and how far back it dates certificates. */
const MOST_SECONDS = 365 * 86_400;
const FEWEST_SECONDS = 600;
const BACKDATE = 300_000;

/** A certificate in PEM for whoever made a PKCS#10 request, as kube-controller-manager signs one. Throws RequestError. */
export function signRequest(authority: KeyPair, wish: CertificateWish, now: Date): string {
  const { subject, publicKey, alternativeNames } = readCertificateRequest(wish.request);
  const signer = crypto.createPrivateKey(authority.key);
  const bits = wish.usages.reduce((sum, usage) => sum | (KEY_USAGES[usage] ?? 0), 0);
  const extended = wish.usages.map((usage) => EXTENDED_USAGES[usage]).filter((oid) => oid !== undefined);
  const seconds = Math.min(Math.max(wish.seconds ?? MOST_SECONDS, FEWEST_SECONDS), MOST_SECONDS);
  const contents = {
    subject,
    notBefore: new Date(now.getTime() - BACKDATE),
    notAfter: new Date(now.getTime() + seconds * 1000),
    extensions: [
      ...leafExtensions(publicKey, signer),
      ...(bits === 0 ? [] : [keyUsage(bits, 5)]),
      ...(extended.length === 0 ? [] : [extendedUsage(...extended)]),
      ...(alternativeNames === undefined ? [] : [extension('2.5.29.17', false, alternativeNames)]),
    ],
  };
  return issue(contents, publicKey, signer);
}

async function newKeys(): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return promisify(crypto.generateKeyPair)('ec', { namedCurve: 'P-256' });
}

function validFor(days: number, now: Date): Pick<Contents, 'notBefore' | 'notAfter'> {
  return { notBefore: new Date(now.getTime() - CLOCK_SKEW), notAfter: new Date(now.getTime() + days * DAY) };
}

/** The certificate as PEM, issued by the one authority that this program knows. */
function issue(contents: Contents, publicKey: KeyObject, signer: KeyObject): string {
  const { subject, notBefore, notAfter, extensions } = contents;
  const body = derSequence(
    derContext(0, true, derInteger(Buffer.from([2]))),
    derInteger(crypto.randomBytes(16)),
    ECDSA_WITH_SHA256,
    distinguishedName(CA_NAME, []),
    derSequence(derTime(notBefore), derTime(notAfter)),
    subject,
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

function extendedUsage(...oids: string[]): Der {
  return extension('2.5.29.37', false, derSequence(...oids.map(derOid)));
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
