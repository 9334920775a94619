import { RequestError } from '../model/certificate-signer.ts';
import { deepClone } from '../model/deep-clone.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { StatusError } from '../model/status.ts';
import type { ObjectName } from '../storage/object-storage.ts';
import type { ApiServer } from './api-server.ts';
import { ensureObject, type Fields, numberIn, objectsIn, partOf, stringsIn, textIn } from './kinds/fields.ts';
import { isLeaseHeld } from './lease-held.ts';
import type { ServedResource } from './served-resource.ts';
import { timestamp } from './timestamp.ts';
import { updateObject } from './update-object.ts';

const SIGNER = 'kubernetes.io/kube-apiserver-client';
const CLIENT_USAGES = ['client auth', 'digital signature', 'key encipherment'];

/**
 * Issues the certificate of a CertificateSigningRequest for clients of the API server once it is approved, or says in its
 * status why that cannot be, as kube-controller-manager's signer does. Other signers' requests are left to them.
 */
export async function signApproved(server: ApiServer, served: ServedResource, name: ObjectName): Promise<void> {
  const found = await server.storage.get(served.stored, name);
  if (found === undefined || served.info.plural !== 'certificatesigningrequests') return;
  if (!waits(served.fromStored(found.object))) return;
  if (await isLeaseHeld(server, 'kube-system', 'kube-controller-manager')) return;
  const options = { dryRun: false, fieldManager: 'kube-controller-manager', fieldValidation: 'Ignore', force: false };
  const make = (current: KubeObject | undefined): KubeObject => answered(server, current ?? found.object);
  try {
    await updateObject(
      { server, served, namespace: '', subresource: 'status', options: { ...options, fieldValidation: 'Ignore' } },
      { name, make, mayCreate: false },
    );
  } catch (error) {
    // Somebody deleted it meanwhile.
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
}

/** Whether a request is approved, is ours, and has no answer yet. */
function waits(request: KubeObject): boolean {
  const status = partOf(request, 'status');
  const types = objectsIn(status, 'conditions').map((condition) => textIn(condition, 'type'));
  return (
    textIn(partOf(request, 'spec'), 'signerName') === SIGNER &&
    types.includes('Approved') &&
    !types.includes('Denied') &&
    !types.includes('Failed') &&
    textIn(status, 'certificate') === ''
  );
}

/** The request with its certificate, or with the reason why there is none. */
function answered({ certificateSigner, now }: ApiServer, current: KubeObject): KubeObject {
  const object = deepClone(current);
  if (!waits(object) || certificateSigner === undefined) return object;
  const spec = partOf(object, 'spec');
  const usages = stringsIn(spec, 'usages');
  const status = ensureObject(object, 'status');
  try {
    const wrong = usageError(usages);
    if (wrong !== undefined) throw new RequestError(wrong);
    const request = Buffer.from(textIn(spec, 'request'), 'base64').toString('utf8');
    const certificate = certificateSigner().sign({ request, usages, seconds: numberIn(spec, 'expirationSeconds') });
    status['certificate'] = Buffer.from(certificate).toString('base64');
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const time = timestamp(now());
    const failed: Fields = {
      type: 'Failed',
      status: 'True',
      reason: 'SignerValidationFailure',
      message: error.message,
    };
    const times = { lastUpdateTime: time, lastTransitionTime: time };
    status['conditions'] = [...objectsIn(status, 'conditions'), { ...failed, ...times }];
  }
  return object;
}

/** What is wrong with the usages of a client's certificate (validAPIServerClientUsages). */
function usageError(usages: readonly string[]): string | undefined {
  const wrong = usages.find((usage) => !CLIENT_USAGES.includes(usage));
  if (wrong !== undefined) return `invalid usage for client certificate: ${wrong}`;
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
}
