import { RequestError } from '../model/certificate-signer.ts';
import { deepClone } from '../model/deep-clone.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { StatusError } from '../model/status.ts';
import type { ObjectName } from '../storage/object-storage.ts';
import type { ApiServer } from './api-server.ts';
import { ensureObject, type Fields, numberIn, objectsIn, partOf, stringsIn, textIn } from './kinds/fields.ts';
import { isLeaseHeld } from './lease-held.ts';
import type { ServedResource } from './served-resource.ts';
import { SIGNER_RULES } from './signer-rules.ts';
import { timestamp } from './timestamp.ts';
import { updateObject } from './update-object.ts';

/**
 * Issues the certificate of a CertificateSigningRequest once it is approved, or says in its status why that cannot be, as
 * kube-controller-manager's signers do. Requests of signers that it does not run are left to them.
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
    Object.hasOwn(SIGNER_RULES, textIn(partOf(request, 'spec'), 'signerName')) &&
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
    const request = Buffer.from(textIn(spec, 'request'), 'base64').toString('utf8');
    const signer = certificateSigner();
    const wrong = SIGNER_RULES[textIn(spec, 'signerName')]?.(usages, () => signer.read(request));
    if (wrong !== undefined) throw new RequestError(wrong);
    const certificate = signer.sign({ request, usages, seconds: numberIn(spec, 'expirationSeconds') });
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
