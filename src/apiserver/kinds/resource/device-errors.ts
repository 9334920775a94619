import {
  duplicate,
  type FieldError,
  invalidValue,
  notSupported,
  required,
  tooLong,
  tooMany,
} from '../../../model/field-error.ts';
import { cIdentifierMessages } from '../../../model/names.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, isFields, objectIn, objectsIn, stringsIn, textIn } from '../fields.ts';
import { driverNameErrors } from '../storage/driver-name-errors.ts';
import { labelValueRule, qualifiedNameRule, subdomainRule } from '../value-rules.ts';

const MOST_SELECTORS = 32;
const LONGEST_EXPRESSION = 10 * 1024;
const LONGEST_IDENTIFIER = 32;
const LONGEST_POOL_NAME = 253;
const LONGEST_PARAMETERS = 10 * 1024;
const EFFECTS = ['NoExecute', 'NoSchedule', 'None'];
const OPERATORS = ['Equal', 'Exists'];

/** The items of a list, unless there are more than may be (validateSlice). */
export function itemsErrors<T>(
  items: readonly T[],
  most: number,
  path: string,
  check: (item: T, path: string) => FieldError[],
): FieldError[] {
  if (items.length > most) return [tooMany(path, items.length, most)];
  return items.flatMap((item, index) => check(item, `${path}[${index}]`));
}

/** Items of which no two have the same key (validateSet). An undefined number is any. */
export function setErrors<T>(
  items: readonly T[],
  { most = Infinity, path, key }: { most?: number; path: string; key: (item: T) => string },
  check: (item: T, path: string) => FieldError[],
): FieldError[] {
  const errors = itemsErrors(items, most, path, check);
  if (items.length > most) return errors;
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const name = key(item);
    if (seen.has(name)) errors.push(duplicate(`${path}[${index}]`, name));
    seen.add(name);
  }
  return errors;
}

/** Selectors of devices. Their CEL is checked for its length alone: it speaks of devices, which only a scheduler has. */
export function selectorsErrors(parent: Fields, path: string): FieldError[] {
  return itemsErrors(objectsIn(parent, 'selectors'), MOST_SELECTORS, `${path}.selectors`, (selector, at) => {
    const cel = objectIn(selector, 'cel');
    if (cel === undefined) return [required(`${at}.cel`)];
    const long = Buffer.byteLength(textIn(cel, 'expression')) > LONGEST_EXPRESSION;
    return long ? [tooLong(`${at}.cel.expression`, LONGEST_EXPRESSION)] : [];
  });
}

/** What a driver is told about devices, which is its own matter (validateDeviceConfiguration). */
export function configurationErrors(config: Fields, path: string, stored = false): FieldError[] {
  const opaque = objectIn(config, 'opaque');
  if (opaque === undefined) return [required(`${path}.opaque`)];
  return [
    ...driverNameErrors(textIn(opaque, 'driver'), `${path}.opaque.driver`),
    ...rawObjectErrors(opaque['parameters'], `${path}.opaque.parameters`, stored),
  ];
}

/** A JSON object of any fields (validateRawExtension); what is stored may be longer than new ones may be. */
export function rawObjectErrors(value: unknown, field: string, stored = false): FieldError[] {
  if (value === undefined || value === null) return [required(field)];
  if (!stored && Buffer.byteLength(JSON.stringify(value)) > LONGEST_PARAMETERS) {
    return [tooLong(field, LONGEST_PARAMETERS)];
  }
  return isFields(value) ? [] : [invalidValue(field, '<value omitted>', 'must be a valid JSON object')];
}

/** The name of a pool: subdomains with slashes between them. */
export function poolNameErrors(name: string, field: string): FieldError[] {
  if (name === '') return [required(field)];
  const long = name.length > LONGEST_POOL_NAME ? [tooLong(field, LONGEST_POOL_NAME)] : [];
  return [...long, ...name.split('/').flatMap((part) => ruleErrors(field, part, subdomainRule))];
}

/** The name of an attribute or capacity: an identifier, behind the domain that it is of. */
export function deviceKeyErrors(name: string, field: string): FieldError[] {
  const parts = name.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2) return [invalidValue(field, name, 'must not contain more than one slash')];
  if (second === undefined) return identifierErrors(first, field);
  const domain =
    first === '' ? [invalidValue(field, '', 'the domain must not be empty')] : driverNameErrors(first, field);
  const own = second === '' ? [invalidValue(field, '', 'the name must not be empty')] : identifierErrors(second, field);
  return [...domain, ...own];
}

/** A name with its domain. */
export function fullDeviceKeyErrors(name: string, field: string): FieldError[] {
  const errors = deviceKeyErrors(name, field);
  if (name.includes('/')) return errors;
  const detail = 'a fully qualified name must be a domain and a name separated by a slash';
  return [...errors, invalidValue(field, name, detail)];
}

function identifierErrors(name: string, field: string): FieldError[] {
  const long = name.length > LONGEST_IDENTIFIER ? [tooLong(field, LONGEST_IDENTIFIER)] : [];
  return [...long, ...ruleErrors(field, name, cIdentifierMessages)];
}

/** What a request tolerates of devices (validateDeviceToleration). */
export function deviceTolerationErrors(toleration: Fields, path: string): FieldError[] {
  const [key, operator, value, effect] = ['key', 'operator', 'value', 'effect'].map((each) => textIn(toleration, each));
  const errors = key ? ruleErrors(`${path}.key`, key, qualifiedNameRule) : [];
  if (operator === 'Equal') errors.push(...ruleErrors(`${path}.value`, value ?? '', labelValueRule));
  else if (operator === 'Exists') {
    if (value) errors.push(invalidValue(`${path}.value`, value, 'must be empty for operator `Exists`'));
  } else if (operator) errors.push(notSupported(`${path}.operator`, operator, OPERATORS));
  else errors.push(required(`${path}.operator`));
  if (effect && !EFFECTS.includes(effect)) errors.push(notSupported(`${path}.effect`, effect, EFFECTS));
  return errors;
}

/** A taint of a device (validateDeviceTaint). */
export function deviceTaintErrors(taint: Fields, path: string): FieldError[] {
  const value = textIn(taint, 'value');
  const effect = textIn(taint, 'effect');
  const errors = ruleErrors(`${path}.key`, textIn(taint, 'key'), qualifiedNameRule);
  if (value !== '') errors.push(...ruleErrors(`${path}.value`, value, labelValueRule));
  if (effect === '') return [...errors, required(`${path}.effect`)];
  return EFFECTS.includes(effect) ? errors : [...errors, notSupported(`${path}.effect`, effect, EFFECTS)];
}

const MOST_BINDING_CONDITIONS = 4;

/** The conditions that a device waits for before it is bound, and those that end the wait (validateDeviceBindingParameters). */
export function bindingErrors(part: Fields, path: string): FieldError[] {
  const names = ['bindingConditions', 'bindingFailureConditions'] as const;
  const [wanted = [], failing = []] = names.map((name) => stringsIn(part, name));
  const errors = names.flatMap((name) =>
    itemsErrors(stringsIn(part, name), MOST_BINDING_CONDITIONS, `${path}.${name}`, (condition, at) =>
      ruleErrors(at, condition, qualifiedNameRule),
    ),
  );
  for (const [index, condition] of wanted.entries()) {
    if (wanted.indexOf(condition) < index) errors.push(duplicate(`${path}.bindingConditions[${index}]`, condition));
  }
  for (const [index, condition] of failing.entries()) {
    const at = `${path}.bindingFailureConditions[${index}]`;
    if (failing.indexOf(condition) < index) errors.push(duplicate(at, condition));
    if (!wanted.includes(condition)) continue;
    errors.push(invalidValue(at, condition, 'bindingFailureConditions must not overlap with bindingConditions'));
  }
  const needs = (one: string, other: string) =>
    errors.push(invalidValue(`${path}.${one}`, part[one] ?? null, `${one} are required to use ${other}`));
  if (wanted.length === 0 && failing.length > 0) needs(names[0], names[1]);
  if (failing.length === 0 && wanted.length > 0) needs(names[1], names[0]);
  return errors;
}
