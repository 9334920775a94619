import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { quantitySign } from '../../../model/quantity.ts';
import { fileModeErrors, ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, stringsIn, textIn } from '../fields.ts';
import { quantityIn } from '../resource-list.ts';
import { driverNameErrors } from '../storage/driver-name-errors.ts';
import { labelRule, rangeErrors, subdomainRule } from '../value-rules.ts';
import { backstepErrors, descendingPathErrors } from './path-errors.ts';
import { claimSpecErrors } from './claim-errors.ts';
import { downwardFileErrors, keysToPathsErrors, projectedErrors } from './projected-errors.ts';

export type Check = (source: Fields, path: string) => FieldError[];

interface VolumeSource {
  readonly key: string;
  /** How a second source is named in the error about it, where upstream spells it otherwise. */
  readonly shown?: string;
  /** How the source's own errors name it, where upstream spells it otherwise. */
  readonly field?: string;
  /** Whether it is checked beside another source too, as upstream does for one of them. */
  readonly besides?: true;
  readonly check: Check;
}

/** Text fields that must be there. */
export function need(...keys: string[]): Check {
  return (source, path) => keys.filter((key) => textIn(source, key) === '').map((key) => required(`${path}.${key}`));
}

/** Lists that must have an item. */
export function needList(...keys: string[]): Check {
  return (source, path) =>
    keys.filter((key) => stringsIn(source, key).length === 0).map((key) => required(`${path}.${key}`));
}

/** Checks, one after the other. */
export function all(...checks: Check[]): Check {
  return (source, path) => checks.flatMap((check) => check(source, path));
}

/** A number that must be within bounds; an error tells the same bounds, or others. */
export function within(key: string, most: readonly [number, number], told = most): Check {
  return (source, path) => {
    const value = numberIn(source, key) ?? 0;
    if (rangeErrors(value, ...most).length === 0) return [];
    return [invalidValue(`${path}.${key}`, value, `must be between ${told[0]} and ${told[1]}, inclusive`)];
  };
}

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** The sources of a volume in the order in which the server looks at them (validateVolumeSource). */
export const VOLUME_SOURCES: readonly VolumeSource[] = [
  { key: 'emptyDir', check: emptyDirErrors },
  { key: 'hostPath', check: hostPathErrors },
  { key: 'gitRepo', check: gitRepoErrors },
  {
    key: 'gcePersistentDisk',
    field: 'persistentDisk',
    check: all(need('pdName'), within('partition', [0, 255], [1, 255])),
  },
  { key: 'awsElasticBlockStore', check: all(need('volumeID'), within('partition', [0, 255], [1, 255])) },
  { key: 'secret', check: all(need('secretName'), mode, keysToPathsErrors) },
  { key: 'nfs', check: all(need('server', 'path'), nfsPathErrors) },
  { key: 'iscsi', check: iscsiErrors },
  { key: 'glusterfs', check: need('endpoints', 'path') },
  { key: 'flocker', check: flockerErrors },
  { key: 'persistentVolumeClaim', check: need('claimName') },
  { key: 'rbd', check: all(needList('monitors'), need('image')) },
  { key: 'cinder', check: all(need('volumeID'), secretNameErrors) },
  { key: 'cephfs', shown: 'cephFS', check: needList('monitors') },
  { key: 'quobyte', check: quobyteErrors },
  { key: 'downwardAPI', shown: 'downwarAPI', check: downwardErrors },
  { key: 'fc', check: fibreChannelErrors },
  { key: 'flexVolume', besides: true, check: flexErrors },
  { key: 'configMap', check: all(need('name'), mode, keysToPathsErrors) },
  { key: 'azureFile', check: need('secretName', 'shareName') },
  { key: 'vsphereVolume', check: need('volumePath') },
  { key: 'photonPersistentDisk', check: need('pdID') },
  { key: 'portworxVolume', check: need('volumeID') },
  { key: 'azureDisk', check: azureDiskErrors },
  { key: 'storageos', check: all(storageNamesErrors, secretNameErrors) },
  { key: 'projected', check: all(mode, projectedErrors) },
  { key: 'scaleIO', check: need('gateway', 'system', 'volumeName') },
  { key: 'csi', check: csiErrors },
  { key: 'ephemeral', check: ephemeralErrors },
  { key: 'image', check: imageErrors },
];

function mode(source: Fields, path: string): FieldError[] {
  return fileModeErrors(source, 'defaultMode', path);
}

function emptyDirErrors(source: Fields, path: string): FieldError[] {
  const limit = quantityIn(source, 'sizeLimit');
  if (limit === undefined || quantitySign(limit) >= 0) return [];
  return [fieldForbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')];
}

function hostPathErrors(source: Fields, path: string): FieldError[] {
  const hostPath = textIn(source, 'path');
  if (hostPath === '') return [required(`${path}.path`)];
  const errors = backstepErrors(`${path}.path`, hostPath);
  const type = textIn(source, 'type');
  return HOST_PATH_TYPES.includes(type) ? errors : [...errors, notSupported(`${path}.type`, type, HOST_PATH_TYPES)];
}

function gitRepoErrors(source: Fields, path: string): FieldError[] {
  return [
    ...need('repository')(source, path),
    ...descendingPathErrors(`${path}.directory`, textIn(source, 'directory')),
  ];
}

function nfsPathErrors(source: Fields, path: string): FieldError[] {
  const value = textIn(source, 'path');
  return value.startsWith('/') ? [] : [invalidValue(`${path}.path`, value, 'must be an absolute path')];
}

/** The formats of names of iSCSI, by how they begin. */
export const INITIATORS: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};

function initiatorErrors(name: string, field: string): FieldError[] {
  const pattern = INITIATORS[name.slice(0, 3)];
  if (pattern === undefined) return [invalidValue(field, name, 'must be valid format starting with iqn, eui, or naa')];
  return pattern.test(name) ? [] : [invalidValue(field, name, 'must be valid format')];
}

function iscsiErrors(source: Fields, path: string): FieldError[] {
  const errors = need('targetPortal')(source, path);
  const iqn = textIn(source, 'iqn');
  errors.push(...(iqn === '' ? [required(`${path}.iqn`)] : initiatorErrors(iqn, `${path}.iqn`)));
  errors.push(...within('lun', [0, 255])(source, path));
  const authenticates = source['chapAuthDiscovery'] === true || source['chapAuthSession'] === true;
  if (authenticates && !isSet(source, 'secretRef')) errors.push(required(`${path}.secretRef`));
  if (!isSet(source, 'initiatorName')) return errors;
  return [...errors, ...initiatorErrors(textIn(source, 'initiatorName'), `${path}.initiatorname`)];
}

export function flockerErrors(source: Fields, path: string): FieldError[] {
  const name = textIn(source, 'datasetName');
  const uuid = textIn(source, 'datasetUUID');
  const errors: FieldError[] = [];
  if (name === '' && uuid === '') errors.push(required(path, 'one of datasetName and datasetUUID is required'));
  if (name !== '' && uuid !== '') {
    errors.push(invalidValue(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
  }
  if (name.includes('/')) errors.push(invalidValue(`${path}.datasetName`, name, "must not contain '/'"));
  return errors;
}

/** A reference to a secret in the same namespace. */
function secretNameErrors(source: Fields, path: string): FieldError[] {
  const reference = objectIn(source, 'secretRef');
  return reference === undefined || textIn(reference, 'name') !== '' ? [] : [required(`${path}.secretRef.name`)];
}

/** The names of a StorageOS volume, which are labels. */
export function storageNamesErrors(source: Fields, path: string): FieldError[] {
  const name = textIn(source, 'volumeName');
  const namespace = textIn(source, 'volumeNamespace');
  return [
    ...(name === '' ? [required(`${path}.volumeName`)] : ruleErrors(`${path}.volumeName`, name, labelRule)),
    ...(namespace === '' ? [] : ruleErrors(`${path}.volumeNamespace`, namespace, labelRule)),
  ];
}

function csiErrors(source: Fields, path: string): FieldError[] {
  const errors = driverNameErrors(textIn(source, 'driver'), `${path}.driver`);
  const secret = objectIn(source, 'nodePublishSecretRef');
  if (secret === undefined) return errors;
  const name = textIn(secret, 'name');
  if (name === '') return [...errors, required(`${path}.nodePublishSecretRef.name`)];
  return [...errors, ...ruleErrors(`${path}.name`, name, subdomainRule)];
}

function quobyteErrors(source: Fields, path: string): FieldError[] {
  const registry = textIn(source, 'registry');
  const hostPorts = 'must be a host:port pair or multiple pairs separated by commas';
  const errors: FieldError[] = [];
  if (registry === '') errors.push(required(`${path}.registry`, hostPorts));
  else if (textIn(source, 'tenant').length >= 65) {
    errors.push(required(`${path}.tenant`, 'must be a UUID and may not exceed a length of 64 characters'));
  } else {
    const wrong = registry.split(',').filter((pair) => !/^([^:[\]]*|\[[^\]]*\]):[^:]*$/.test(pair));
    errors.push(...wrong.map(() => invalidValue(`${path}.registry`, registry, hostPorts)));
  }
  return [...errors, ...need('volume')(source, path)];
}

function downwardErrors(source: Fields, path: string): FieldError[] {
  return [...mode(source, path), ...objectsIn(source, 'items').flatMap((file) => downwardFileErrors(file, path))];
}

function fibreChannelErrors(source: Fields, path: string): FieldError[] {
  const names = stringsIn(source, 'targetWWNs');
  const ids = stringsIn(source, 'wwids');
  const field = `${path}.targetWWNs`;
  const errors: FieldError[] = [];
  if (names.length === 0 && ids.length === 0) {
    errors.push(required(field, 'must specify either targetWWNs or wwids, but not both'));
  }
  if (names.length > 0 && ids.length > 0) {
    errors.push(invalidValue(field, names, 'targetWWNs and wwids can not be specified simultaneously'));
  }
  if (names.length === 0) return errors;
  if (isSet(source, 'lun')) return [...errors, ...within('lun', [0, 255])(source, path)];
  return [...errors, required(`${path}.lun`, 'lun is required if targetWWNs is specified')];
}

function flexErrors(source: Fields, path: string): FieldError[] {
  const reserved = Object.keys(objectIn(source, 'options') ?? {}).filter((key) => {
    const owner = `.${(key.split('/')[0] ?? '').toLowerCase()}`;
    return owner.endsWith('.kubernetes.io') || owner.endsWith('.k8s.io');
  });
  return [
    ...need('driver')(source, path),
    ...reserved.map((key) =>
      invalidValue(`${path}.options[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved'),
    ),
  ];
}

const CACHING_MODES = ['None', 'ReadOnly', 'ReadWrite'];
const DISK_KINDS = ['Dedicated', 'Managed', 'Shared'];
const MANAGED_URI = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const BLOB_URI = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';

function azureDiskErrors(source: Fields, path: string): FieldError[] {
  const errors = need('diskName', 'diskURI')(source, path);
  const caching = textIn(source, 'cachingMode');
  const kind = textIn(source, 'kind');
  const uri = textIn(source, 'diskURI');
  if (isSet(source, 'cachingMode') && !CACHING_MODES.includes(caching)) {
    errors.push(notSupported(`${path}.cachingMode`, caching, CACHING_MODES));
  }
  if (!isSet(source, 'kind')) return errors;
  if (!DISK_KINDS.includes(kind)) errors.push(notSupported(`${path}.kind`, kind, DISK_KINDS));
  if (kind === 'Managed' && !uri.startsWith('/subscriptions/')) {
    errors.push(notSupported(`${path}.diskURI`, uri, [MANAGED_URI]));
  }
  if (kind !== 'Managed' && !uri.startsWith('https://')) errors.push(notSupported(`${path}.diskURI`, uri, [BLOB_URI]));
  return errors;
}

function ephemeralErrors(source: Fields, path: string): FieldError[] {
  const template = objectIn(source, 'volumeClaimTemplate');
  if (template === undefined) return [required(`${path}.volumeClaimTemplate`)];
  return claimSpecErrors(objectIn(template, 'spec') ?? {}, `${path}.volumeClaimTemplate.spec`);
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];

function imageErrors(source: Fields, path: string): FieldError[] {
  const policy = textIn(source, 'pullPolicy');
  const errors = need('reference')(source, path);
  if (policy === '') return [...errors, required(`${path}.pullPolicy`)];
  return PULL_POLICIES.includes(policy)
    ? errors
    : [...errors, notSupported(`${path}.pullPolicy`, policy, PULL_POLICIES)];
}
