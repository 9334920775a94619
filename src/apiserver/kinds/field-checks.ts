import { deepEqual } from '../../model/deep-equal.ts';
import { type FieldError, invalidValue, notSupported, required } from '../../model/field-error.ts';
import { type Fields, entriesIn, isSet, numberIn, objectsIn, stringsIn, textIn } from './fields.ts';
import {
  labelValueRule,
  percentRule,
  portNameRule,
  portNumberErrors,
  qualifiedNameRule,
  type ValueRule,
} from './value-rules.ts';

/** A value that breaks a rule, once for each way that it does. */
export function ruleErrors(field: string, value: string, rule: ValueRule): FieldError[] {
  return rule(value).map((text) => invalidValue(field, value, text));
}

export const NOT_NEGATIVE = 'must be greater than or equal to 0';
const IMMUTABLE = 'field is immutable';

/** A number that is negative (ValidateNonnegativeField); absent is 0. */
export function negativeErrors(parent: Fields, key: string, path: string): FieldError[] {
  const value = numberIn(parent, key) ?? 0;
  return value < 0 ? [invalidValue(`${path}.${key}`, value, NOT_NEGATIVE)] : [];
}

/** A required field with one of some values; Go's switch over an enum with a case for ''. */
export function choiceErrors(field: string, value: string, choices: readonly string[]): FieldError[] {
  if (value === '') return [required(field)];
  return choices.includes(value) ? [] : [notSupported(field, value, choices)];
}

/** A field that is no more what it was (ValidateImmutableField). */
export function changedErrors(field: string, value: unknown, old: unknown): FieldError[] {
  return deepEqual(value, old) ? [] : [invalidValue(field, value, IMMUTABLE)];
}

/** Labels, or a node selector: keys and values (ValidateLabels). */
export function labelsErrors(parent: Fields, key: string, path: string): FieldError[] {
  return entriesIn(parent, key).flatMap(([name, value]) => [
    ...ruleErrors(path, name, qualifiedNameRule),
    ...ruleErrors(path, value, labelValueRule),
  ]);
}

/** A label selector (ValidateLabelSelector). */
export function selectorErrors(selector: Fields | undefined, path: string): FieldError[] {
  if (selector === undefined) return [];
  const errors = labelsErrors(selector, 'matchLabels', `${path}.matchLabels`);
  for (const [index, expression] of objectsIn(selector, 'matchExpressions').entries()) {
    errors.push(...requirementErrors(expression, `${path}.matchExpressions[${index}]`));
  }
  return errors;
}

function requirementErrors(expression: Fields, path: string): FieldError[] {
  const values = stringsIn(expression, 'values');
  const errors = operatorErrors(textIn(expression, 'operator'), values.length, path);
  errors.push(...ruleErrors(`${path}.key`, textIn(expression, 'key'), qualifiedNameRule));
  for (const [index, value] of values.entries()) {
    errors.push(...ruleErrors(`${path}.values[${index}]`, value, labelValueRule));
  }
  return errors;
}

/** Whether an operator of a selector goes with the number of its values. */
export function operatorErrors(operator: string, values: number, path: string): FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values > 0) return [];
      return [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist': {
      if (values === 0) return [];
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      return [{ type: 'FieldValueForbidden', field: `${path}.values`, detail }];
    }
    default:
      return [invalidValue(`${path}.operator`, operator, 'not a valid selector operator')];
  }
}

/** An IntOrString that names a port by number or by name (ValidatePortNumOrName). */
export function portErrors(parent: Fields, key: string, path: string): FieldError[] {
  const field = `${path}.${key}`;
  const value = parent[key];
  if (typeof value === 'string') return ruleErrors(field, value, portNameRule);
  const port = numberIn(parent, key) ?? 0;
  return portNumberErrors(port).map((text) => invalidValue(field, port, text));
}

/** An IntOrString that is a number or a share (ValidatePositiveIntOrPercent). */
export function amountOrPercentErrors(parent: Fields, key: string, path: string): FieldError[] {
  const value = parent[key];
  if (typeof value !== 'string') return negativeErrors(parent, key, path);
  return percentRule(value).map((text) => invalidValue(`${path}.${key}`, value, text));
}

/** A share of more than all (IsNotMoreThan100Percent). */
export function overAllErrors(parent: Fields, key: string, path: string): FieldError[] {
  const value = parent[key];
  if (typeof value !== 'string' || percentRule(value).length > 0 || Number.parseInt(value, 10) <= 100) return [];
  return [invalidValue(`${path}.${key}`, value, 'must not be greater than 100%')];
}

/** The number of an IntOrString, of a share its percentage; 0 when it is neither. */
export function amountOf(parent: Fields, key: string): number {
  const value = parent[key];
  if (typeof value === 'string') return Number.parseInt(value, 10) || 0;
  return numberIn(parent, key) ?? 0;
}

/** A mode of a file that is not within 0777. */
export function fileModeErrors(parent: Fields, key: string, path: string): FieldError[] {
  if (!isSet(parent, key)) return [];
  const mode = numberIn(parent, key) ?? 0;
  if (mode >= 0 && mode <= 0o777) return [];
  return [invalidValue(`${path}.${key}`, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}
