import { UserError } from '../../model/user-error.ts';
import { DerError, derText, type DerValue, objectIdentifier, readDer } from './der-reader.ts';

/** What a description says of a PKCS #10 certificate request. */
export interface CertificateRequest {
  /** The texts of the subject by object identifier, in their order. */
  readonly subject: ReadonlyMap<string, readonly string[]>;
  readonly dnsNames: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
  readonly ipAddresses: readonly string[];
}

const PEM = /-----BEGIN ([^-\n]+)-----\s*([A-Za-z0-9+/=\s]*)-----END \1-----/;
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const SUBJECT_ALT_NAME = '2.5.29.17';

/** Reads a request from PEM. Throws UserError. */
export function parseCertificateRequest(pem: string): CertificateRequest {
  const [, type, base64 = ''] = PEM.exec(pem) ?? [];
  if (type !== 'CERTIFICATE REQUEST') throw unreadable('PEM block type must be CERTIFICATE REQUEST');
  try {
    const [request] = readDer(Buffer.from(base64, 'base64'));
    const [information] = children(request);
    const [, subject, , attributes] = children(information);
    return { subject: readName(subject), ...readAlternativeNames(attributes) };
  } catch (error) {
    if (error instanceof DerError) throw unreadable('x509: malformed certificate request');
    throw error;
  }
}

function unreadable(why: string): UserError {
  return new UserError(`Error parsing CSR: ${why}`);
}

function children(value: DerValue | undefined): DerValue[] {
  return value === undefined ? [] : readDer(value.content);
}

function readName(name: DerValue | undefined): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  for (const set of children(name)) {
    for (const attribute of children(set)) {
      const [type, value] = children(attribute);
      const text = value === undefined ? undefined : derText(value);
      if (type === undefined || text === undefined) continue;
      const key = objectIdentifier(type);
      texts.set(key, [...(texts.get(key) ?? []), text]);
    }
  }
  return texts;
}

function readAlternativeNames(attributes: DerValue | undefined): Omit<CertificateRequest, 'subject'> {
  const found = {
    dnsNames: [] as string[],
    emailAddresses: [] as string[],
    uris: [] as string[],
    ipAddresses: [] as string[],
  };
  for (const extension of requestedExtensions(attributes)) {
    const [type, ...values] = children(extension);
    if (type === undefined || objectIdentifier(type) !== SUBJECT_ALT_NAME) continue;
    const [names] = readDer(values.at(-1)?.content ?? Buffer.alloc(0));
    for (const { tag, content } of children(names)) {
      if (tag === 0x81) found.emailAddresses.push(content.toString('latin1'));
      else if (tag === 0x82) found.dnsNames.push(content.toString('latin1'));
      else if (tag === 0x86) found.uris.push(content.toString('latin1'));
      else if (tag === 0x87) found.ipAddresses.push(addressText(content));
    }
  }
  return found;
}

function requestedExtensions(attributes: DerValue | undefined): DerValue[] {
  return children(attributes).flatMap((attribute) => {
    const [type, values] = children(attribute);
    if (type === undefined || objectIdentifier(type) !== EXTENSION_REQUEST) return [];
    return children(values).flatMap(children);
  });
}

/** An address as Go prints it: IPv6 shortened, an IPv4 address within IPv6 as IPv4. */
function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return `?${bytes.toString('hex')}`;
  if (bytes.subarray(0, 12).equals(Buffer.from('00000000000000000000ffff', 'hex'))) return bytes.subarray(12).join('.');
  const groups = bytes.toString('hex').match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
