import type { KubeObject } from '../../model/kube-object.ts';
import { type Fields, objectsIn, partOf, textIn } from '../kinds/fields.ts';

const ENFORCE = 'kubernetes.io/enforce-mountable-secrets';
/** What Go's strconv.ParseBool takes for true. */
const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const WORDS: Readonly<Record<string, string>> = {
  initContainers: 'init container',
  containers: 'container',
  ephemeralContainers: 'ephemeral container',
};

/** Whether pods of an account may use no other secrets than those that it lists. */
export function limitsSecrets({ metadata }: KubeObject): boolean {
  return TRUE.has(metadata.annotations?.[ENFORCE] ?? '');
}

/** Why a pod may not use a secret, in kube-apiserver's words, or undefined. Volumes and pull secrets go with the containers of a new pod. */
export function limitSecrets(account: KubeObject, spec: Fields, lists: readonly string[]): string | undefined {
  const by = `is not allowed because service account ${account.metadata.name ?? ''} does not reference that`;
  const mountable = namesIn(account, 'secrets');
  const isNew = lists.includes('containers');
  for (const volume of isNew ? objectsIn(spec, 'volumes') : []) {
    const name = textIn(partOf(volume, 'secret'), 'secretName');
    if (volume['secret'] !== undefined && !mountable.has(name)) {
      return `volume with secret.secretName="${name}" ${by} secret`;
    }
  }
  for (const list of lists) {
    for (const container of objectsIn(spec, list)) {
      const found = referencesOf(container).find(({ secret }) => !mountable.has(secret));
      if (found === undefined) continue;
      const what = `${WORDS[list] ?? list} ${textIn(container, 'name')} with ${found.by}`;
      return `${what} referencing secret.secretName="${found.secret}" ${by} secret`;
    }
  }
  if (!isNew) return undefined;
  const pullable = namesIn(account, 'imagePullSecrets');
  const wanted = objectsIn(spec, 'imagePullSecrets').map((secret) => textIn(secret, 'name'));
  const at = wanted.findIndex((name) => !pullable.has(name));
  return at < 0 ? undefined : `imagePullSecrets[${at}].name="${wanted[at] ?? ''}" ${by} imagePullSecret`;
}

function namesIn(account: KubeObject, key: string): ReadonlySet<string> {
  return new Set(objectsIn(account, key).map((reference) => textIn(reference, 'name')));
}

/** The secrets of a container's environment, single variables first. */
function referencesOf(container: Fields): { by: string; secret: string }[] {
  const single = objectsIn(container, 'env').flatMap((variable) => {
    const reference = partOf(variable, 'valueFrom')['secretKeyRef'];
    const secret = textIn(partOf(variable, 'valueFrom', 'secretKeyRef'), 'name');
    return reference === undefined ? [] : [{ by: `envVar ${textIn(variable, 'name')}`, secret }];
  });
  const whole = objectsIn(container, 'envFrom').flatMap((source) => {
    const secret = textIn(partOf(source, 'secretRef'), 'name');
    return source['secretRef'] === undefined ? [] : [{ by: 'envFrom', secret }];
  });
  return [...single, ...whole];
}

/** Where the sources of volumes name secrets. */
const OF_VOLUMES: readonly (readonly string[])[] = [
  ['azureFile', 'secretName'],
  ['cephfs', 'secretRef', 'name'],
  ['cinder', 'secretRef', 'name'],
  ['flexVolume', 'secretRef', 'name'],
  ['rbd', 'secretRef', 'name'],
  ['secret', 'secretName'],
  ['scaleIO', 'secretRef', 'name'],
  ['iscsi', 'secretRef', 'name'],
  ['storageos', 'secretRef', 'name'],
  ['csi', 'nodePublishSecretRef', 'name'],
];

/** The names of all secrets that a pod uses (podutil.VisitPodSecretNames). */
export function secretsOfPod(spec: Fields): string[] {
  const names = objectsIn(spec, 'imagePullSecrets').map((secret) => textIn(secret, 'name'));
  for (const list of Object.keys(WORDS)) {
    for (const container of objectsIn(spec, list)) names.push(...referencesOf(container).map(({ secret }) => secret));
  }
  for (const volume of objectsIn(spec, 'volumes')) {
    for (const path of OF_VOLUMES) {
      const key = path.at(-1) ?? '';
      const name = textIn(partOf(volume, ...path.slice(0, -1)), key);
      if (name !== '') names.push(name);
    }
    for (const source of objectsIn(partOf(volume, 'projected'), 'sources')) {
      if (source['secret'] !== undefined) names.push(textIn(partOf(source, 'secret'), 'name'));
    }
  }
  return names;
}
