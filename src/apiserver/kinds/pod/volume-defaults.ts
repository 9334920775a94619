import {
  type Fields,
  ensureObject,
  fillAbsent,
  fillEmpty,
  isSet,
  objectIn,
  objectsIn,
  partOf,
  textIn,
} from '../fields.ts';
import { canonicalQuantities } from '../resource-list.ts';
import { defaultPullPolicy } from './image-tag.ts';

/** 0644, the mode of projected files when nothing is said. */
const FILE_MODE = 0o644;

/** Defaults of one volume of a pod; a volume without a source is an emptyDir. */
export function defaultVolume(volume: Fields): void {
  if (!Object.keys(volume).some((key) => key !== 'name' && isSet(volume, key))) volume['emptyDir'] = {};
  for (const [source, fill] of Object.entries(SOURCE_DEFAULTS)) {
    const present = objectIn(volume, source);
    if (present !== undefined) fill(present);
  }
}

function fileMode(source: Fields): void {
  fillAbsent(source, 'defaultMode', FILE_MODE);
}

/** What a source is filled with; persistent volumes share some. */
export const SOURCE_DEFAULTS: Readonly<Record<string, (source: Fields) => void>> = {
  secret: fileMode,
  configMap: fileMode,
  downwardAPI: (source) => {
    fileMode(source);
    defaultDownwardFiles(source);
  },
  projected: defaultProjected,
  hostPath: (source) => fillAbsent(source, 'type', ''),
  emptyDir: (source) => {
    const sizes: Fields = { sizeLimit: source['sizeLimit'] };
    if (!isSet(source, 'sizeLimit')) return;
    canonicalQuantities(sizes);
    source['sizeLimit'] = sizes['sizeLimit'];
  },
  iscsi: (source) => fillEmpty(source, 'iscsiInterface', 'default'),
  rbd: (source) => {
    fillEmpty(source, 'pool', 'rbd');
    fillEmpty(source, 'user', 'admin');
    fillEmpty(source, 'keyring', '/etc/ceph/keyring');
  },
  azureDisk: (source) => {
    fillAbsent(source, 'cachingMode', 'ReadWrite');
    fillAbsent(source, 'kind', 'Shared');
    fillAbsent(source, 'fsType', 'ext4');
    fillAbsent(source, 'readOnly', false);
  },
  scaleIO: (source) => {
    fillEmpty(source, 'storageMode', 'ThinProvisioned');
    fillEmpty(source, 'fsType', 'xfs');
  },
  ephemeral: (source) => {
    const template = objectIn(source, 'volumeClaimTemplate');
    if (template === undefined) return;
    ensureObject(template, 'metadata');
    defaultClaimSpec(ensureObject(template, 'spec'));
  },
  image: (source) => fillEmpty(source, 'pullPolicy', defaultPullPolicy(textIn(source, 'reference'))),
};

function defaultProjected(source: Fields): void {
  fileMode(source);
  for (const each of objectsIn(source, 'sources')) {
    defaultDownwardFiles(partOf(each, 'downwardAPI'));
    const token = objectIn(each, 'serviceAccountToken');
    if (token !== undefined) fillAbsent(token, 'expirationSeconds', 3600);
  }
}

function defaultDownwardFiles(source: Fields): void {
  for (const file of objectsIn(source, 'items')) {
    const field = objectIn(file, 'fieldRef');
    if (field !== undefined) fillEmpty(field, 'apiVersion', 'v1');
    const resource = objectIn(file, 'resourceFieldRef');
    if (resource !== undefined) fillAbsent(resource, 'divisor', '0');
  }
}

/** Defaults of a PersistentVolumeClaimSpec. */
export function defaultClaimSpec(spec: Fields): void {
  const resources = ensureObject(spec, 'resources');
  canonicalQuantities(objectIn(resources, 'limits'));
  canonicalQuantities(objectIn(resources, 'requests'));
  fillAbsent(spec, 'volumeMode', 'Filesystem');
}
