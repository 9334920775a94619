import { humanDuration } from '../../model/duration.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { type CertificateRequest, parseCertificateRequest } from './certificate-request.ts';
import type { Describing } from './describer.ts';
import { type Description, writeText } from './description.ts';
import { writeEvents } from './events.ts';
import { has, mapAt, numberAt, objectsAt, textAt } from './fields.ts';
import { mapText, writeName } from './metadata-lines.ts';
import { timeText } from './times.ts';

/** Parts of a subject that can have several values. */
const LISTS = [
  ['Organization', '2.5.4.10'],
  ['Organizational Unit', '2.5.4.11'],
  ['Country', '2.5.4.6'],
  ['Locality', '2.5.4.7'],
  ['Province', '2.5.4.8'],
  ['StreetAddress', '2.5.4.9'],
  ['PostalCode', '2.5.4.17'],
] as const;

/** certificates.k8s.io/v1 CertificateSigningRequest. Rejects with UserError when the request cannot be read. */
export async function describeCertificateSigningRequest(describing: Describing): Promise<void> {
  const { object, out } = describing;
  const request = parseCertificateRequest(Buffer.from(textAt(object, 'spec.request'), 'base64').toString('latin1'));
  writeName(describing);
  out.line(0, 'Labels:', mapText(mapAt(object, 'metadata.labels')));
  out.line(0, 'Annotations:', mapText(mapAt(object, 'metadata.annotations')));
  out.line(0, 'CreationTimestamp:', timeText(object.metadata.creationTimestamp));
  out.line(0, 'Requesting User:', textAt(object, 'spec.username'));
  writeText(out, 'Signer:', textAt(object, 'spec.signerName'));
  if (has(object, 'spec.expirationSeconds')) {
    out.line(0, 'Requested Duration:', humanDuration(Number(numberAt(object, 'spec.expirationSeconds')) * 1000));
  }
  out.line(0, 'Status:', statusText(object));
  writeSubject(out, request);
  writeAlternativeNames(out, request);
  await writeEvents(describing);
}

function statusText(request: KubeObject): string {
  const types = new Set(objectsAt(request, 'status.conditions').map((condition) => textAt(condition, 'type')));
  const decision = ['Denied', 'Approved'].find((type) => types.has(type)) ?? 'Pending';
  const failed = types.has('Failed') ? ',Failed' : '';
  return `${decision}${failed}${textAt(request, 'status.certificate') === '' ? '' : ',Issued'}`;
}

function writeSubject(out: Description, { subject }: CertificateRequest): void {
  out.line(0, 'Subject:');
  out.line(0, '', 'Common Name:', subject.get('2.5.4.3')?.at(-1) ?? '');
  out.line(0, '', 'Serial Number:', subject.get('2.5.4.5')?.at(-1) ?? '');
  for (const [title, type] of LISTS) writeValues(out, title, subject.get(type) ?? []);
}

function writeAlternativeNames(out: Description, request: CertificateRequest): void {
  const lists = [
    ['DNS Names', request.dnsNames],
    ['Email Addresses', request.emailAddresses],
    ['URIs', request.uris],
    ['IP Addresses', request.ipAddresses],
  ] as const;
  if (lists.some(([, values]) => values.length > 0)) out.line(0, 'Subject Alternative Names:');
  for (const [title, values] of lists) writeValues(out, title, values);
}

function writeValues(out: Description, title: string, values: readonly string[]): void {
  for (const [index, value] of values.entries()) out.line(0, '', index === 0 ? `${title}:` : '', value);
}
