import {
  type FieldError,
  fieldForbidden,
  invalidValue,
  required,
  tooLong,
  tooMany,
} from '../../../model/field-error.ts';
import { semanticEqual } from '../../../model/semantic-equal.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { nodeSelectorErrors } from '../pod/scheduling-errors.ts';
import { labelRule, subdomainRule } from '../value-rules.ts';
import { bindingErrors, deviceKeyErrors, deviceTaintErrors, itemsErrors, setErrors } from './device-errors.ts';
import { requestPolicyErrors } from './request-policy-errors.ts';

const MOST_PROPERTIES = 32;
const MOST_TAINTS = 16;
const MOST_CONSUMPTIONS = 2;
const MOST_COUNTERS = 32;
const LONGEST_VALUE = 64;

/** What is wrong with a device of a slice (validateDevice); what did not change is not looked at again. */
export function deviceErrors(
  device: Fields,
  path: string,
  { old, perDevice }: { old: Fields | undefined; perDevice: boolean },
): FieldError[] {
  const attributes = partOf(device, 'attributes');
  const capacity = partOf(device, 'capacity');
  const errors = ruleErrors(`${path}.name`, textIn(device, 'name'), labelRule);
  const properties = Object.keys(attributes).length + Object.keys(capacity).length;
  if (properties > MOST_PROPERTIES) {
    const detail = `the total number of attributes and capacities must not exceed ${MOST_PROPERTIES}`;
    errors.push(invalidValue(path, properties, detail));
  }
  for (const key of Object.keys(attributes).sort()) {
    errors.push(...deviceKeyErrors(key, `${path}.attributes`));
    errors.push(...attributeErrors(partOf(attributes, key), `${path}.attributes[${key}]`));
  }
  if (!semanticEqual(old?.['capacity'], device['capacity']) || old === undefined) {
    errors.push(...capacityErrors(device, `${path}.capacity`));
  }
  if (!semanticEqual(old?.['taints'], device['taints']) || old === undefined) {
    errors.push(...itemsErrors(objectsIn(device, 'taints'), MOST_TAINTS, `${path}.taints`, deviceTaintErrors));
  }
  errors.push(
    ...setErrors(
      objectsIn(device, 'consumesCounters'),
      { most: MOST_CONSUMPTIONS, path: `${path}.consumesCounters`, key: (each) => textIn(each, 'counterSet') },
      consumptionErrors,
    ),
  );
  return [...errors, ...whereErrors(device, path, perDevice), ...bindingErrors(device, path)];
}

function consumptionErrors(consumption: Fields, path: string): FieldError[] {
  const set = textIn(consumption, 'counterSet');
  const field = `${path}.counterSet`;
  return [
    ...(set === '' ? [required(field)] : ruleErrors(field, set, labelRule)),
    ...countersErrors(consumption, `${path}.counters`),
  ];
}

/** Counters by their names, of which there are some. */
export function countersErrors(parent: Fields, path: string): FieldError[] {
  const names = Object.keys(partOf(parent, 'counters')).sort();
  if (names.length === 0) return [required(path)];
  if (names.length > MOST_COUNTERS) return [tooMany(path, names.length, MOST_COUNTERS)];
  return names.flatMap((name) => ruleErrors(path, name, labelRule));
}

const SEMANTIC_VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;

/** An attribute has one value, of one type (validateDeviceAttribute). */
function attributeErrors(attribute: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const long = (field: string, text: string) =>
    Buffer.byteLength(text) > LONGEST_VALUE ? [tooLong(field, LONGEST_VALUE)] : [];
  if (isSet(attribute, 'string')) errors.push(...long(`${path}.string`, textIn(attribute, 'string')));
  if (isSet(attribute, 'version')) {
    const version = textIn(attribute, 'version');
    const field = `${path}.version`;
    if (!SEMANTIC_VERSION.test(version)) {
      errors.push(invalidValue(field, version, 'must be a string compatible with semver.org spec 2.0.0'));
    }
    errors.push(...long(field, version));
  }
  const values = ['bool', 'int', 'string', 'version'].filter((key) => isSet(attribute, key));
  if (values.length === 1) return errors;
  const shown = values.length === 0 ? '' : internalAttribute(attribute);
  return [...errors, invalidValue(path, shown, 'exactly one value must be specified')];
}

/** An attribute as Go's own type of it prints. */
function internalAttribute(attribute: Fields): Fields {
  const value = (key: string) => attribute[key] ?? null;
  return {
    IntValue: value('int'),
    BoolValue: value('bool'),
    StringValue: value('string'),
    VersionValue: value('version'),
  };
}

function capacityErrors(device: Fields, path: string): FieldError[] {
  const capacity = partOf(device, 'capacity');
  const isShared = device['allowMultipleAllocations'] === true;
  return Object.keys(capacity)
    .sort()
    .flatMap((key) => {
      const errors = deviceKeyErrors(key, path);
      const policy = objectIn(partOf(capacity, key), 'requestPolicy');
      if (policy === undefined) return errors;
      const at = `${path}[${key}].requestPolicy`;
      if (!isShared) return [...errors, fieldForbidden(at, 'allowMultipleAllocations must be true')];
      return [...errors, ...requestPolicyErrors(partOf(capacity, key), policy, at)];
    });
}

const WHERE =
  'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
const ONLY_THEN =
  '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec';

/** Which nodes a device can be reached from, where its slice leaves that to the devices. */
function whereErrors(device: Fields, path: string, perDevice: boolean): FieldError[] {
  const set = ['nodeName', 'nodeSelector', 'allNodes'].filter((key) => isSet(device, key));
  if (!perDevice) return set.length === 0 ? [] : [invalidValue(path, null, ONLY_THEN)];
  const errors: FieldError[] = [];
  const name = textIn(device, 'nodeName');
  if (set.includes('nodeName')) {
    const field = `${path}.nodeName`;
    errors.push(
      ...(name === '' ? [invalidValue(field, '', 'must not be empty')] : ruleErrors(field, name, subdomainRule)),
    );
  }
  errors.push(...nodeSelectorErrors(objectIn(device, 'nodeSelector'), `${path}.nodeSelector`));
  if (device['allNodes'] === false) {
    errors.push(invalidValue(`${path}.allNodes`, false, 'must be either unset or set to true'));
  }
  const said = set.filter((key) => device[key] !== '' && device[key] !== false).map((key) => `\`${key}\``);
  if (said.length === 0) errors.push(required(path, WHERE));
  if (said.length > 1) errors.push(invalidValue(path, `{${said.join(', ')}}`, WHERE));
  return errors;
}
