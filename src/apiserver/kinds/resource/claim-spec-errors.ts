import { type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { labelRule, subdomainRule } from '../value-rules.ts';
import {
  configurationErrors,
  deviceTolerationErrors,
  fullDeviceKeyErrors,
  itemsErrors,
  selectorsErrors,
  setErrors,
} from './device-errors.ts';

export const MOST_REQUESTS = 32;
const MOST_CONSTRAINTS = 32;
export const MOST_CONFIGURATIONS = 32;
const MOST_ALTERNATIVES = 8;

/** The names of a claim's requests, and of the alternatives that each has. */
export type RequestNames = ReadonlyMap<string, ReadonlySet<string>>;

export function requestNames(spec: Fields): RequestNames {
  return new Map(
    objectsIn(partOf(spec, 'devices'), 'requests').map((request) => [
      textIn(request, 'name'),
      new Set(objectsIn(request, 'firstAvailable').map((each) => textIn(each, 'name'))),
    ]),
  );
}

/** What is wrong with the spec of a ResourceClaim (validateResourceClaimSpec). */
export function claimSpecErrors(spec: Fields, path: string): FieldError[] {
  const devices = partOf(spec, 'devices');
  const names = requestNames(spec);
  const at = `${path}.devices`;
  return [
    ...setErrors(
      objectsIn(devices, 'requests'),
      { most: MOST_REQUESTS, path: `${at}.requests`, key: (request) => textIn(request, 'name') },
      requestErrors,
    ),
    ...itemsErrors(objectsIn(devices, 'constraints'), MOST_CONSTRAINTS, `${at}.constraints`, (constraint, field) =>
      constraintErrors(constraint, field, names),
    ),
    ...itemsErrors(objectsIn(devices, 'config'), MOST_CONFIGURATIONS, `${at}.config`, (config, field) => [
      ...referencesErrors(stringsIn(config, 'requests'), `${field}.requests`, names),
      ...configurationErrors(config, field),
    ]),
  ];
}

const ONE_OF = 'exactly one of `exactly` or `firstAvailable` is required';

function requestErrors(request: Fields, path: string): FieldError[] {
  const errors = ruleErrors(`${path}.name`, textIn(request, 'name'), labelRule);
  const exactly = objectIn(request, 'exactly');
  const alternatives = objectsIn(request, 'firstAvailable');
  if (exactly !== undefined && alternatives.length > 0) {
    return [...errors, invalidValue(path, null, `${ONE_OF}, but multiple fields are set`)];
  }
  if (exactly !== undefined) return [...errors, ...devicesErrors(exactly, `${path}.exactly`)];
  if (alternatives.length === 0) return [...errors, required(path, ONE_OF)];
  const set = { most: MOST_ALTERNATIVES, path: `${path}.firstAvailable`, key: (each: Fields) => textIn(each, 'name') };
  return [
    ...errors,
    ...setErrors(alternatives, set, (each, at) => [
      ...ruleErrors(`${at}.name`, textIn(each, 'name'), labelRule),
      ...devicesErrors(each, at),
    ]),
  ];
}

/** Which devices a request is for, and how many. */
function devicesErrors(request: Fields, path: string): FieldError[] {
  const name = textIn(request, 'deviceClassName');
  const field = `${path}.deviceClassName`;
  return [
    ...(name === '' ? [required(field)] : ruleErrors(field, name, subdomainRule)),
    ...selectorsErrors(request, path),
    ...allocationErrors(request, path),
    ...objectsIn(request, 'tolerations').flatMap((each, index) =>
      deviceTolerationErrors(each, `${path}.tolerations[${index}]`),
    ),
  ];
}

function allocationErrors(request: Fields, path: string): FieldError[] {
  const mode = textIn(request, 'allocationMode');
  const count = numberIn(request, 'count') ?? 0;
  const wrong = (detail: string) => [invalidValue(`${path}.count`, count, detail)];
  if (mode === 'All') return count === 0 ? [] : wrong(`must not be specified when allocationMode is '${mode}'`);
  if (mode === 'ExactCount') return count > 0 ? [] : wrong('must be greater than zero');
  return [notSupported(`${path}.allocationMode`, mode, ['All', 'ExactCount'])];
}

function constraintErrors(constraint: Fields, path: string, names: RequestNames): FieldError[] {
  const errors = referencesErrors(stringsIn(constraint, 'requests'), `${path}.requests`, names);
  const key = ['matchAttribute', 'distinctAttribute'].find((each) => isSet(constraint, each));
  if (key !== undefined) return [...errors, ...fullDeviceKeyErrors(textIn(constraint, key), `${path}.${key}`)];
  const detail = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';
  return [...errors, required(path, detail)];
}

/** Names of requests, or of alternatives behind the names of their requests. */
export function referencesErrors(list: readonly string[], path: string, names: RequestNames): FieldError[] {
  return setErrors(list, { most: MOST_REQUESTS, path, key: (name) => name }, (name, at) =>
    referenceErrors(name, at, names),
  );
}

export function referenceErrors(name: string, field: string, names: RequestNames): FieldError[] {
  const detail =
    "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
  const parts = name.split('/');
  if (parts.length > 2) return [invalidValue(field, name, detail)];
  const errors = parts.flatMap((part) => ruleErrors(field, part, labelRule));
  const [request = '', alternative] = parts;
  const known = names.get(request);
  const found = known !== undefined && (alternative === undefined || known.has(alternative));
  return found ? errors : [...errors, invalidValue(field, name, detail)];
}
