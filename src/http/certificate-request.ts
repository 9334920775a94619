import crypto, { type KeyObject } from 'node:crypto';
import { RequestError, type RequestedSubject } from '../model/certificate-signer.ts';
import { type Der, derOid } from './der.ts';

/** What a PKCS#10 request asks for; the parts that go into a certificate as they are. */
export interface CertificateRequest {
  /** The name of whom the certificate is for, in DER. */
  readonly subject: Der;
  readonly publicKey: KeyObject;
  /** The alternative names, the value of their extension in DER; undefined for none. */
  readonly alternativeNames: Der | undefined;
}

const EXTENSION_REQUEST = derOid('1.2.840.113549.1.9.14');
const COMMON_NAME = derOid('2.5.4.3');
const ORGANIZATION = derOid('2.5.4.10');
const ALTERNATIVE_NAMES = derOid('2.5.29.17');
/** The digests of algorithms of signatures; null where the algorithm has its own. */
const DIGESTS: readonly (readonly [Der, string | null])[] = [
  [derOid('1.2.840.10045.4.3.2'), 'sha256'],
  [derOid('1.2.840.10045.4.3.3'), 'sha384'],
  [derOid('1.2.840.10045.4.3.4'), 'sha512'],
  [derOid('1.2.840.113549.1.1.11'), 'sha256'],
  [derOid('1.2.840.113549.1.1.12'), 'sha384'],
  [derOid('1.2.840.113549.1.1.13'), 'sha512'],
  [derOid('1.3.101.112'), null],
];
const PEM = /-----BEGIN CERTIFICATE REQUEST-----([\s\S]+?)-----END CERTIFICATE REQUEST-----/;

/** A value of DER: its tag, its content, and all of it. */
interface Node {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

/**
 * Reads a request in PEM (RFC 2986) and checks that it is signed by the key that it names. Throws RequestError for anything
 * else, and for algorithms other than ECDSA and RSA with SHA-2, and Ed25519.
 */
export function readCertificateRequest(text: string): CertificateRequest {
  const [, base64] = PEM.exec(text) ?? [];
  if (base64 === undefined) throw new RequestError('PEM block type must be CERTIFICATE REQUEST');
  const [outer] = nodesIn(Buffer.from(base64, 'base64'));
  const [info, algorithm, signature] = nodesIn(outer?.content ?? Buffer.alloc(0));
  if (info === undefined || algorithm === undefined || signature === undefined) throw malformed();
  const [, subject, spki, attributes] = nodesIn(info.content);
  if (subject === undefined || spki === undefined) throw malformed();
  const publicKey = keyOf(spki.whole);
  // The first byte of a string of bits counts the unused ones.
  if (!isSignedBy(publicKey, info.whole, algorithm, signature.content.subarray(1))) {
    throw new RequestError('the request is not signed by its own key');
  }
  return { subject: subject.whole, publicKey, alternativeNames: alternativeNamesIn(attributes) };
}

/** The tags of alternative names (RFC 5280). */
const ALTERNATIVES: Readonly<Record<number, 'dns' | 'email' | 'ip' | 'uri'>> = {
  0x81: 'email',
  0x82: 'dns',
  0x86: 'uri',
  0x87: 'ip',
};

/** Whom a request in PEM is for. Throws as readCertificateRequest does. */
export function readRequestedSubject(text: string): RequestedSubject {
  const { subject, alternativeNames } = readCertificateRequest(text);
  const [names] = nodesIn(subject);
  const attributes = nodesIn(names?.content ?? Buffer.alloc(0)).flatMap((set) => nodesIn(set.content));
  const valuesOf = (wanted: Der): string[] =>
    attributes.flatMap((attribute) => {
      const [name, value] = nodesIn(attribute.content);
      return name !== undefined && value !== undefined && wanted.equals(name.whole) ? [value.content.toString()] : [];
    });
  const [list] = nodesIn(alternativeNames ?? Buffer.alloc(0));
  const kinds = nodesIn(list?.content ?? Buffer.alloc(0)).map(({ tag }) => ALTERNATIVES[tag]);
  return {
    // Of several, the last one counts, as Go's library has it.
    commonName: valuesOf(COMMON_NAME).at(-1) ?? '',
    organizations: valuesOf(ORGANIZATION),
    alternatives: new Set(kinds.filter((kind) => kind !== undefined)),
  };
}

function malformed(): RequestError {
  return new RequestError('asn1: structure error: the request is no PKCS#10');
}

function nodesIn(bytes: Buffer): Node[] {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0;
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    if (lengthBytes > 4) throw malformed();
    const start = at + 2 + lengthBytes;
    if (start > bytes.length) throw malformed();
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
    if (start + length > bytes.length) throw malformed();
    const end = start + length;
    nodes.push({ tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return nodes;
}

function keyOf(spki: Buffer): KeyObject {
  try {
    return crypto.createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch (error) {
    throw new RequestError('the request has no public key that is known', { cause: error });
  }
}

function isSignedBy(key: KeyObject, info: Buffer, algorithm: Node, signature: Buffer): boolean {
  const [name] = nodesIn(algorithm.content);
  const found = DIGESTS.find(([oid]) => name !== undefined && oid.equals(name.whole));
  if (found === undefined) throw new RequestError('the algorithm of the signature of the request is not supported');
  try {
    return crypto.verify(found[1], info, key, signature);
  } catch {
    // A key of another kind than the algorithm's.
    return false;
  }
}

/** Attributes are sets of values by name; extensions are a value of one of them. */
function alternativeNamesIn(attributes: Node | undefined): Der | undefined {
  if (attributes === undefined || attributes.tag !== 0xa0) return undefined;
  for (const attribute of nodesIn(attributes.content)) {
    const [name, values] = nodesIn(attribute.content);
    if (name === undefined || values === undefined || !EXTENSION_REQUEST.equals(name.whole)) continue;
    const [list] = nodesIn(values.content);
    for (const extension of nodesIn(list?.content ?? Buffer.alloc(0))) {
      const parts = nodesIn(extension.content);
      if (parts[0] !== undefined && ALTERNATIVE_NAMES.equals(parts[0].whole)) return parts.at(-1)?.content;
    }
  }
  return undefined;
}
