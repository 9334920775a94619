import type { KubeObject } from '../../model/kube-object.ts';
import { forbidden } from '../../model/status-errors.ts';
import type { StatusError } from '../../model/status.ts';
import { type ApiServer, strategyContext } from '../api-server.ts';
import { ensureObject, type Fields, flagIn, isSet, objectsIn, partOf, textIn } from '../kinds/fields.ts';
import { limitSecrets, limitsSecrets, secretsOfPod } from './service-account-secrets.ts';

const DEFAULT_ACCOUNT = 'default';
const MIRROR = 'kubernetes.io/config.mirror';
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const VOLUME = 'kube-api-access-';
const LETTERS = 5;
/** What a token that is mounted lives; somewhat more than an hour, by which such tokens are told from others. */
const TOKEN_SECONDS = 3607;
const FILE_MODE = 0o644;

/**
 * The admission plug-in ServiceAccount for a new pod: gives it the account `default` where it names none, mounts a token of its
 * account, and takes over the account's imagePullSecrets. Throws Forbidden when the account is not there, when the pod uses secrets
 * that the account may not, and for mirror pods that use accounts or secrets.
 */
export async function admitServiceAccount(server: ApiServer, namespace: string, pod: KubeObject): Promise<void> {
  const spec = ensureObject(pod, 'spec');
  if (Object.hasOwn(pod.metadata.annotations ?? {}, MIRROR)) {
    checkMirror(pod, spec);
    return;
  }
  const name = textIn(spec, 'serviceAccountName') || DEFAULT_ACCOUNT;
  spec['serviceAccountName'] = name;
  // The old name of the field says the same, as every pod that is read has it.
  spec['serviceAccount'] = name;
  const account = await accountOf(server, namespace, pod);
  if (isAutomounted(account, spec)) mountToken(spec, () => `${VOLUME}${server.randomness.letters(LETTERS)}`);
  const pullSecrets = objectsIn(account, 'imagePullSecrets');
  if (objectsIn(spec, 'imagePullSecrets').length === 0 && pullSecrets.length > 0) {
    spec['imagePullSecrets'] = pullSecrets.map((secret) => ({ name: textIn(secret, 'name') }));
  }
  checkSecrets(account, pod, ['initContainers', 'containers']);
}

/** The same plug-in for ephemeral containers that are added to a pod. */
export async function checkEphemeralSecrets(server: ApiServer, namespace: string, pod: KubeObject): Promise<void> {
  if (textIn(partOf(pod, 'spec'), 'serviceAccountName') === '') {
    throw refusal(pod, `no service account specified for pod ${namespace}/${pod.metadata.name ?? ''}`);
  }
  checkSecrets(await accountOf(server, namespace, pod), pod, ['ephemeralContainers']);
}

function refusal(pod: KubeObject, why: string): StatusError {
  return forbidden({ group: '', resource: 'pods' }, pod.metadata.name ?? '', why);
}

async function accountOf(server: ApiServer, namespace: string, pod: KubeObject): Promise<KubeObject> {
  const name = textIn(partOf(pod, 'spec'), 'serviceAccountName');
  const account = await strategyContext(server).get('serviceaccounts', namespace, name);
  if (account !== undefined) return account;
  const missing = `serviceaccount ${JSON.stringify(name)} not found`;
  throw refusal(pod, `error looking up service account ${namespace}/${name}: ${missing}`);
}

/** A kubelet shows the pods of its files as they are: they cannot use what is in the API. */
function checkMirror(pod: KubeObject, spec: Fields): void {
  if (textIn(spec, 'serviceAccountName') !== '') throw refusal(pod, 'a mirror pod may not reference service accounts');
  if (secretsOfPod(spec).length > 0) throw refusal(pod, 'a mirror pod may not reference secrets');
  const projections = objectsIn(spec, 'volumes').flatMap((volume) => objectsIn(partOf(volume, 'projected'), 'sources'));
  if (projections.some((source) => isSet(source, 'serviceAccountToken'))) {
    throw refusal(pod, 'a mirror pod may not use ServiceAccountToken volume projections');
  }
}

function checkSecrets(account: KubeObject, pod: KubeObject, containers: readonly string[]): void {
  if (!limitsSecrets(account)) return;
  const wrong = limitSecrets(account, partOf(pod, 'spec'), containers);
  if (wrong !== undefined) throw refusal(pod, wrong);
}

/** The pod's wish goes before the account's; without either a token is mounted. */
function isAutomounted(account: KubeObject, spec: Fields): boolean {
  const field = 'automountServiceAccountToken';
  if (isSet(spec, field)) return flagIn(spec, field);
  return !isSet(account, field) || flagIn(account, field);
}

/** Mounts the token where nothing else is mounted; a volume of the token's name is used as it is. */
function mountToken(spec: Fields, generateName: () => string): void {
  const volumes = objectsIn(spec, 'volumes');
  const given = volumes.map((volume) => textIn(volume, 'name')).find((name) => name.startsWith(VOLUME));
  const name = given ?? generateName();
  let mounted = false;
  for (const list of ['initContainers', 'containers']) {
    for (const container of objectsIn(spec, list)) {
      const mounts = objectsIn(container, 'volumeMounts');
      if (mounts.some((mount) => textIn(mount, 'mountPath') === MOUNT_PATH)) continue;
      container['volumeMounts'] = [...mounts, { name, readOnly: true, mountPath: MOUNT_PATH }];
      mounted = true;
    }
  }
  if (mounted && given === undefined) spec['volumes'] = [...volumes, { name, projected: tokenVolume() }];
}

/** The token, the authority by which the server is known, and the namespace, as files. */
function tokenVolume(): Fields {
  const namespace = { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } };
  return {
    sources: [
      { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [namespace] } },
    ],
    defaultMode: FILE_MODE,
  };
}
