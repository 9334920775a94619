import { type FieldError, fieldForbidden, invalidValue, required } from '../../../model/field-error.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, objectIn, textIn } from '../fields.ts';
import { backstepErrors } from '../pod/path-errors.ts';
import {
  all,
  type Check,
  INITIATORS,
  need,
  needList,
  storageNamesErrors,
  VOLUME_SOURCES,
  within,
} from '../pod/volume-source-errors.ts';
import { driverNameErrors } from '../storage/driver-name-errors.ts';
import { labelRule, subdomainRule } from '../value-rules.ts';

/** The source of a PersistentVolume: where the data is. */
interface PersistentSource {
  readonly key: string;
  readonly check: Check;
}

/** A source that pods have as well, checked in the same way. */
function shared(key: string): PersistentSource {
  const check: Check = (source, path) => VOLUME_SOURCES.find((each) => each.key === key)?.check(source, path) ?? [];
  return { key, check };
}

/** The sources in the order in which the server looks at them (ValidatePersistentVolumeSpec). */
const SOURCES: readonly PersistentSource[] = [
  shared('hostPath'),
  shared('gcePersistentDisk'),
  shared('awsElasticBlockStore'),
  { key: 'glusterfs', check: all(need('endpoints', 'path'), endpointsNamespaceErrors) },
  shared('flocker'),
  shared('nfs'),
  { key: 'rbd', check: all(needList('monitors'), need('image')) },
  shared('quobyte'),
  { key: 'cephfs', check: needList('monitors') },
  { key: 'iscsi', check: () => [] },
  { key: 'cinder', check: all(need('volumeID'), secretErrors) },
  shared('fc'),
  shared('flexVolume'),
  { key: 'azureFile', check: all(need('secretName', 'shareName'), secretNamespaceErrors) },
  shared('vsphereVolume'),
  shared('photonPersistentDisk'),
  shared('portworxVolume'),
  shared('azureDisk'),
  shared('scaleIO'),
  { key: 'local', check: localErrors },
  { key: 'storageos', check: all(storageNamesErrors, secretErrors) },
  { key: 'csi', check: csiErrors },
];

/** The fields of a spec that say where the data is. */
export const PERSISTENT_SOURCES: readonly string[] = SOURCES.map(({ key }) => key);

const SHOWN: Readonly<Record<string, string>> = { cephfs: 'cephFS' };
const FIELDS: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' };

/** What is wrong with the source of the volume of that name; there is one, and no more. */
export function persistentSourceErrors(spec: Fields, name: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  let sources = 0;
  for (const { key, check } of SOURCES) {
    const source = objectIn(spec, key);
    if (source === undefined) continue;
    // Upstream forbids any second source but this one.
    if (sources++ > 0 && key !== 'flexVolume') {
      errors.push(fieldForbidden(`${path}.${SHOWN[key] ?? key}`, 'may not specify more than 1 volume type'));
      continue;
    }
    const field = `${path}.${FIELDS[key] ?? key}`;
    errors.push(...(key === 'iscsi' ? iscsiErrors(source, name, field) : check(source, field)));
    if (key === 'local' && !isSet(spec, 'nodeAffinity')) {
      errors.push(required(`${path}.nodeAffinity`, 'Local volume requires node affinity'));
    }
  }
  return sources === 0 ? [required(path, 'must specify a volume type')] : errors;
}

function endpointsNamespaceErrors(source: Fields, path: string): FieldError[] {
  if (!isSet(source, 'endpointsNamespace')) return [];
  const field = `${path}.endpointsNamespace`;
  const namespace = textIn(source, 'endpointsNamespace');
  if (namespace !== '') return ruleErrors(field, namespace, labelRule);
  return [invalidValue(field, '', 'if the endpointnamespace is set, it must be a valid namespace name')];
}

/** A reference to a secret by name and namespace, if there is one. */
function secretErrors(source: Fields, path: string): FieldError[] {
  const secret = objectIn(source, 'secretRef');
  return secret === undefined ? [] : need('name', 'namespace')(secret, `${path}.secretRef`);
}

function secretNamespaceErrors(source: Fields, path: string): FieldError[] {
  return isSet(source, 'secretNamespace') ? need('secretNamespace')(source, path) : [];
}

function localErrors(source: Fields, path: string): FieldError[] {
  const local = textIn(source, 'path');
  return local === '' ? [required(`${path}.path`)] : backstepErrors(`${path}.path`, local);
}

const LONGEST_TARGET = 64;
const TARGET_TOO_LONG =
  'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';

/** An iSCSI target; the errors about it are worded otherwise than those of pods (validateISCSIPersistentVolumeSource). */
function iscsiErrors(source: Fields, name: string, path: string): FieldError[] {
  const portal = textIn(source, 'targetPortal');
  const iqn = textIn(source, 'iqn');
  const errors = need('targetPortal')(source, path);
  const initiated = isSet(source, 'initiatorName');
  if (initiated && Buffer.byteLength(`${name}:${portal}`) > LONGEST_TARGET) {
    errors.push(invalidValue(`${path}.targetportal`, portal, TARGET_TOO_LONG));
  }
  errors.push(...(iqn === '' ? [required(`${path}.iqn`)] : initiatorErrors(iqn, `${path}.iqn`)));
  errors.push(...within('lun', [0, 255])(source, path));
  const secret = objectIn(source, 'secretRef');
  const authenticates = source['chapAuthDiscovery'] === true || source['chapAuthSession'] === true;
  if (secret !== undefined) errors.push(...need('name')(secret, `${path}.secretRef`));
  else if (authenticates) errors.push(required(`${path}.secretRef`));
  if (initiated) errors.push(...initiatorErrors(textIn(source, 'initiatorName'), `${path}.initiatorname`));
  return errors;
}

function initiatorErrors(name: string, field: string): FieldError[] {
  const isRight = INITIATORS[name.slice(0, 3)]?.test(name) ?? false;
  return isRight ? [] : [invalidValue(field, name, 'must be valid format')];
}

const CSI_SECRETS = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
];

function csiErrors(source: Fields, path: string): FieldError[] {
  const errors = [
    ...driverNameErrors(textIn(source, 'driver'), `${path}.driver`),
    ...need('volumeHandle')(source, path),
  ];
  for (const key of CSI_SECRETS) {
    const secret = objectIn(source, key);
    if (secret === undefined) continue;
    const [name, namespace] = [textIn(secret, 'name'), textIn(secret, 'namespace')];
    const at = `${path}.${key}`;
    errors.push(...(name === '' ? [required(`${at}.name`)] : ruleErrors(`${at}.name`, name, subdomainRule)));
    const field = `${at}.namespace`;
    errors.push(...(namespace === '' ? [required(field)] : ruleErrors(field, namespace, labelRule)));
  }
  return errors;
}
