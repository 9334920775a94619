import { RequestError } from '../../model/certificate-signer.ts';
import { deepEqual } from '../../model/deep-equal.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { forbidden } from '../../model/status-errors.ts';
import { MASTERS, mayDo } from '../access/authorize.ts';
import type { ApiServer } from '../api-server.ts';
import { partOf, textIn } from '../kinds/fields.ts';
import type { WriteRequest } from '../write-request.ts';

const GROUP = 'certificates.k8s.io';
const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';

function refusal(request: KubeObject, why: string): Error {
  return forbidden({ group: GROUP, resource: 'certificatesigningrequests' }, request.metadata.name ?? '', why);
}

/**
 * The admission plug-in CertificateSubjectRestriction: throws Forbidden for a new CertificateSigningRequest that would make its
 * owner the administrator of the cluster.
 */
export async function checkRequestedSubject(server: ApiServer, request: KubeObject): Promise<void> {
  const spec = partOf(request, 'spec');
  if (textIn(spec, 'signerName') !== CLIENT_SIGNER || server.requestedSubject === undefined) return;
  const text = Buffer.from(textIn(spec, 'request'), 'base64').toString('utf8');
  try {
    const { organizations } = await server.requestedSubject(text);
    if (!organizations.includes(MASTERS)) return;
  } catch (error) {
    // What cannot be read here is not signed here either: its status will say why.
    if (error instanceof RequestError) return;
    throw error;
  }
  throw refusal(request, `use of ${CLIENT_SIGNER} signer with ${MASTERS} group is not allowed`);
}

/**
 * CertificateApproval and CertificateSigning: throws Forbidden when whoever approves or denies a request, or writes its certificate
 * or conditions, may not do that for its signer.
 */
export async function checkSignerPermission(write: WriteRequest, object: KubeObject, old: KubeObject): Promise<void> {
  const { server, user, subresource } = write;
  if (!server.rbac || user === undefined) return;
  const signs = subresource === 'status' && !deepEqual(answerOf(object), answerOf(old));
  if (subresource !== 'approval' && !signs) return;
  const verb = signs ? 'sign' : 'approve';
  const signer = textIn(partOf(old, 'spec'), 'signerName');
  const all = `${signer.split('/')[0] ?? ''}/*`;
  for (const name of [signer, all]) {
    if (await mayDo(server, user, { verb, group: GROUP, resource: 'signers', namespace: '', name })) return;
  }
  throw refusal(old, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`);
}

function answerOf(request: KubeObject): unknown {
  const { certificate, conditions } = partOf(request, 'status');
  return [certificate ?? '', conditions ?? []];
}
