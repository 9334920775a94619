import { deepClone } from '../../model/deep-clone.ts';
import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import type { KubeObject, ObjectMeta } from '../../model/kube-object.ts';
import { groupVersionOf } from '../../model/schema/resource-info.ts';

/** Metadata that a server makes anew for every object. */
const SERVER_METADATA = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
];

/** Finalizers of a deletion that is under way; a new object that had them could not be deleted as others are. */
const DELETION_FINALIZERS: ReadonlySet<string> = new Set(['foregroundDeletion', 'orphan']);

const CONTROLLER_UID_LABELS = ['controller-uid', 'batch.kubernetes.io/controller-uid'];

/**
 * A copy of an object as it can be created somewhere else: without what the server owns, and without status, which controllers
 * tell anew and a server ignores at creation. What ties the object to one cluster goes too: a Job's selector that the
 * server made, the node of a Pod, the token of a service account's Secret, the binding of a claim and a volume by uid. Owner references stay
 * as they are.
 */
export function portableObject(object: KubeObject): KubeObject {
  const copy = deepClone(object);
  delete copy['status'];
  copy.metadata = portableMetadata(copy.metadata);
  const group = groupVersionOf(copy.apiVersion).group;
  SPECIAL[group === '' ? copy.kind : `${copy.kind}.${group}`]?.(copy);
  return copy;
}

function portableMetadata(metadata: ObjectMeta): ObjectMeta {
  const kept = Object.entries(metadata).filter(([field]) => !SERVER_METADATA.includes(field));
  const result = Object.fromEntries(kept) as ObjectMeta;
  const finalizers = metadata.finalizers?.filter((each) => !DELETION_FINALIZERS.has(each)) ?? [];
  if (finalizers.length > 0) result.finalizers = finalizers;
  else delete result.finalizers;
  return result;
}

const SPECIAL: Readonly<Record<string, (object: KubeObject) => void>> = {
  __proto__: null as never,
  Namespace(object) {
    delete object['spec'];
  },
  Pod(object) {
    const spec = specOf(object);
    delete spec?.['nodeName'];
  },
  Secret(object) {
    if (object['type'] !== 'kubernetes.io/service-account-token') return;
    withoutKeys(object.metadata.annotations, ['kubernetes.io/service-account.uid']);
    withoutKeys(object['data'], ['token', 'ca.crt', 'namespace']);
  },
  PersistentVolume(object) {
    withoutKeys(specOf(object)?.['claimRef'], ['uid', 'resourceVersion']);
    withoutKeys(object.metadata.annotations, ['pv.kubernetes.io/bound-by-controller']);
  },
  PersistentVolumeClaim(object) {
    withoutKeys(object.metadata.annotations, [
      'pv.kubernetes.io/bind-completed',
      'pv.kubernetes.io/bound-by-controller',
    ]);
  },
  'Job.batch'(object) {
    const spec = specOf(object);
    if (spec === undefined || spec['manualSelector'] === true) return;
    delete spec['selector'];
    withoutKeys(object.metadata.labels, CONTROLLER_UID_LABELS);
    const template = spec['template'];
    const metadata = isJsonObject(template) ? template['metadata'] : undefined;
    if (isJsonObject(metadata)) withoutKeys(metadata['labels'], CONTROLLER_UID_LABELS);
  },
};

function specOf(object: KubeObject): JsonObject | undefined {
  return isJsonObject(object['spec']) ? object['spec'] : undefined;
}

function withoutKeys(map: unknown, keys: readonly string[]): void {
  if (typeof map !== 'object' || map === null) return;
  for (const key of keys) delete (map as Record<string, unknown>)[key];
}
