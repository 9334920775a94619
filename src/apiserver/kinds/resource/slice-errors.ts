import { type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { changedErrors, ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { nodeSelectorErrors } from '../pod/scheduling-errors.ts';
import { driverNameErrors } from '../storage/driver-name-errors.ts';
import { labelRule, subdomainRule } from '../value-rules.ts';
import { poolNameErrors, setErrors } from './device-errors.ts';
import { countersErrors, deviceErrors } from './slice-device-errors.ts';

const MOST_DEVICES = 128;
const MOST_ADVANCED_DEVICES = 64;
const MOST_COUNTER_SETS = 8;

/** What is wrong with a ResourceSlice, new or changed (validateResourceSliceSpec). */
export function sliceErrors(object: KubeObject, old?: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const pool = partOf(spec, 'pool');
  const errors = [
    ...driverNameErrors(textIn(spec, 'driver'), 'spec.driver'),
    ...poolNameErrors(textIn(pool, 'name'), 'spec.pool.name'),
  ];
  const count = numberIn(pool, 'resourceSliceCount') ?? 0;
  if (count <= 0) errors.push(invalidValue('spec.pool.resourceSliceCount', count, 'must be greater than zero'));
  const generation = numberIn(pool, 'generation') ?? 0;
  if (generation < 0) {
    errors.push(invalidValue('spec.pool.generation', generation, 'must be greater than or equal to zero'));
  }
  if (old !== undefined) errors.push(...keptErrors(spec, partOf(old, 'spec')));
  errors.push(...whereErrors(spec));
  if (isSet(spec, 'sharedCounters') && isSet(spec, 'devices')) {
    errors.push(invalidValue('spec', '', 'only one of `sharedCounters` or `devices` is allowed'));
  }
  return [...errors, ...contentErrors(spec, partOf(old ?? {}, 'spec'))];
}

function keptErrors(spec: Fields, before: Fields): FieldError[] {
  return [
    ...changedErrors('spec.pool.name', textIn(partOf(spec, 'pool'), 'name'), textIn(partOf(before, 'pool'), 'name')),
    ...changedErrors('spec.driver', textIn(spec, 'driver'), textIn(before, 'driver')),
    ...changedErrors('spec.nodeName', spec['nodeName'] ?? null, before['nodeName'] ?? null),
  ];
}

const PLACES = '`nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection`';

/** Which nodes the devices can be reached from: said in one way. */
function whereErrors(spec: Fields): FieldError[] {
  const errors: FieldError[] = [];
  const said: string[] = [];
  if (isSet(spec, 'nodeName')) {
    const name = textIn(spec, 'nodeName');
    if (name === '') {
      errors.push(invalidValue('spec.nodeName', '', 'must be either unset or set to a non-empty string'));
    } else {
      said.push('`nodeName`');
      errors.push(...ruleErrors('spec.nodeName', name, subdomainRule));
    }
  }
  const selector = objectIn(spec, 'nodeSelector');
  if (selector !== undefined) {
    said.push('`nodeSelector`');
    errors.push(...nodeSelectorErrors(selector, 'spec.nodeSelector'));
    const terms = objectsIn(selector, 'nodeSelectorTerms');
    if (terms.length !== 1) {
      const field = 'spec.nodeSelector.nodeSelectorTerms';
      errors.push(
        invalidValue(field, selector['nodeSelectorTerms'] ?? null, 'must have exactly one node selector term'),
      );
    }
  }
  for (const key of ['allNodes', 'perDeviceNodeSelection']) {
    if (!isSet(spec, key)) continue;
    if (spec[key] === true) said.push(`\`${key}\``);
    else errors.push(invalidValue(`spec.${key}`, false, 'must be either unset or set to true'));
  }
  const detail = `exactly one of ${PLACES} is required`;
  if (said.length === 0) errors.push(required('spec', detail));
  if (said.length > 1) {
    errors.push(invalidValue('spec', `{${said.join(', ')}}`, `${detail}, but multiple fields are set`));
  }
  return errors;
}

function contentErrors(spec: Fields, before: Fields): FieldError[] {
  const devices = objectsIn(spec, 'devices');
  const known = new Map(objectsIn(before, 'devices').map((device) => [textIn(device, 'name'), device]));
  const perDevice = spec['perDeviceNodeSelection'] === true;
  const name = (each: Fields) => textIn(each, 'name');
  const advanced = devices.some((each) =>
    ['taints', 'consumesCounters'].some((key) => objectsIn(each, key).length > 0),
  );
  return [
    ...setErrors(
      devices,
      { most: advanced ? MOST_ADVANCED_DEVICES : MOST_DEVICES, path: 'spec.devices', key: name },
      (device, at) => deviceErrors(device, at, { old: known.get(name(device)), perDevice }),
    ),
    ...setErrors(
      objectsIn(spec, 'sharedCounters'),
      { most: MOST_COUNTER_SETS, path: 'spec.sharedCounters', key: name },
      (set, at) => [
        ...(name(set) === '' ? [required(`${at}.name`)] : ruleErrors(`${at}.name`, name(set), labelRule)),
        ...countersErrors(set, `${at}.counters`),
      ],
    ),
  ];
}
