import { deepEqual } from '../../../model/deep-equal.ts';
import {
  type FieldError,
  fieldForbidden,
  invalidValue,
  notSupported,
  required,
  tooMany,
} from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { semanticEqual } from '../../../model/semantic-equal.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { nodeSelectorErrors } from '../pod/scheduling-errors.ts';
import { driverNameErrors } from '../storage/driver-name-errors.ts';
import { labelRule } from '../value-rules.ts';
import {
  MOST_CONFIGURATIONS,
  referenceErrors,
  referencesErrors,
  requestNames,
  type RequestNames,
} from './claim-spec-errors.ts';
import {
  bindingErrors,
  configurationErrors,
  deviceTolerationErrors,
  itemsErrors,
  poolNameErrors,
  rawObjectErrors,
  setErrors,
} from './device-errors.ts';

const MOST_CONSUMERS = 256;
const MOST_RESULTS = 32;
const MOST_CONDITIONS = 8;

/** What is wrong with what is said of a claim (ValidateResourceClaimStatusUpdate). */
export function claimStatusErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const status = partOf(object, 'status');
  const before = partOf(old, 'status');
  const allocation = objectIn(status, 'allocation');
  const consumers = objectsIn(status, 'reservedFor');
  const errors = setErrors(
    consumers,
    { most: MOST_CONSUMERS, path: 'status.reservedFor', key: (consumer) => textIn(consumer, 'uid') },
    (consumer, at) =>
      ['resource', 'name', 'uid'].filter((key) => textIn(consumer, key) === '').map((key) => required(`${at}.${key}`)),
  );
  const allocated = new Set(objectsIn(partOf(allocation ?? {}, 'devices'), 'results').map(deviceId));
  errors.push(
    ...setErrors(objectsIn(status, 'devices'), { path: 'status.devices', key: deviceId }, (device, at) =>
      deviceStatusErrors(device, at, allocated),
    ),
  );
  if (consumers.length > 0 && allocation === undefined) {
    errors.push(fieldForbidden('status.reservedFor', 'may not be specified when `allocated` is not set'));
  } else if (isSet({ ...object.metadata }, 'deletionTimestamp')) {
    const had = objectsIn(before, 'reservedFor');
    if (consumers.some((consumer) => !had.some((each) => deepEqual(each, consumer)))) {
      const detail = 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set';
      errors.push(fieldForbidden('status.reservedFor', detail));
    }
  }
  if (allocation === undefined) return errors;
  if (!isSet(before, 'allocation')) {
    return [...errors, ...allocationErrors(allocation, 'status.allocation', requestNames(partOf(object, 'spec')))];
  }
  if (semanticEqual(allocation, before['allocation'])) return errors;
  return [...errors, invalidValue('status.allocation', allocation, 'field is immutable')];
}

/** What a device is called among all, with the share of it. */
function deviceId(device: Fields): string {
  const share = textIn(device, 'shareID');
  const id = ['driver', 'pool', 'device'].map((key) => textIn(device, key)).join('/');
  return share === '' ? id : `${id}/${share}`;
}

function deviceStatusErrors(device: Fields, path: string, allocated: ReadonlySet<string>): FieldError[] {
  const id = deviceId(device);
  const errors = [...deviceNameErrors(device, path), ...shareErrors(device, path)];
  if (!allocated.has(id)) errors.push(invalidValue(path, id, 'must be an allocated device in the claim'));
  const conditions = objectsIn(device, 'conditions');
  if (conditions.length > MOST_CONDITIONS) {
    errors.push(tooMany(`${path}.conditions`, conditions.length, MOST_CONDITIONS));
  }
  if (isSet(device, 'data')) errors.push(...rawObjectErrors(device['data'], `${path}.data`));
  return errors;
}

function deviceNameErrors(device: Fields, path: string): FieldError[] {
  return [
    ...driverNameErrors(textIn(device, 'driver'), `${path}.driver`),
    ...poolNameErrors(textIn(device, 'pool'), `${path}.pool`),
    ...ruleErrors(`${path}.device`, textIn(device, 'device'), labelRule),
  ];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function shareErrors(device: Fields, path: string): FieldError[] {
  if (!isSet(device, 'shareID') || UUID.test(textIn(device, 'shareID'))) return [];
  const detail =
    'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters';
  return [invalidValue(`${path}.shareID`, textIn(device, 'shareID'), detail)];
}

function allocationErrors(allocation: Fields, path: string, names: RequestNames): FieldError[] {
  const devices = partOf(allocation, 'devices');
  const results = itemsErrors(objectsIn(devices, 'results'), MOST_RESULTS, `${path}.devices.results`, (result, at) => [
    ...referenceErrors(textIn(result, 'request'), `${at}.request`, names),
    ...deviceNameErrors(result, at),
    ...bindingErrors(result, at),
    ...objectsIn(result, 'tolerations').flatMap((each, index) =>
      deviceTolerationErrors(each, `${at}.tolerations[${index}]`),
    ),
    ...shareErrors(result, at),
  ]);
  const configs = itemsErrors(
    objectsIn(devices, 'config'),
    2 * MOST_CONFIGURATIONS,
    `${path}.devices.config`,
    (config, at) => [
      ...sourceErrors(textIn(config, 'source'), `${at}.source`),
      ...referencesErrors(stringsIn(config, 'requests'), `${at}.requests`, names),
      ...configurationErrors(config, at),
    ],
  );
  return [...results, ...configs, ...nodeSelectorErrors(objectIn(allocation, 'nodeSelector'), `${path}.nodeSelector`)];
}

function sourceErrors(source: string, field: string): FieldError[] {
  if (source === '') return [required(field)];
  const sources = ['FromClaim', 'FromClass'];
  return sources.includes(source) ? [] : [notSupported(field, source, sources)];
}
