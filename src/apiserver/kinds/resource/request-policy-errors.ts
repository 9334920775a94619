import { type FieldError, fieldForbidden, invalidValue, required } from '../../../model/field-error.ts';
import {
  addQuantity,
  compareQuantity,
  formatQuantity,
  parseQuantity,
  type Quantity,
  quantitySign,
  quantityValue,
} from '../../../model/quantity.ts';
import { type Fields, isSet, objectIn, stringsIn } from '../fields.ts';
import { quantityIn } from '../resource-list.ts';
import { setErrors } from './device-errors.ts';

const MOST_OPTIONS = 10;

/** How much of a capacity a request may take (validateRequestPolicy). */
export function requestPolicyErrors(capacity: Fields, policy: Fields, path: string): FieldError[] {
  const range = objectIn(policy, 'validRange');
  const hasValues = stringsIn(policy, 'validValues').length > 0;
  if (hasValues && range !== undefined) {
    const detail =
      'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time';
    return [fieldForbidden(path, detail)];
  }
  if (!hasValues && range === undefined) return [];
  const key = hasValues ? 'validValues' : 'validRange';
  const usual = quantityIn(policy, 'default');
  if (usual === undefined) return [required(`${path}.default`, `required when ${key} is defined`)];
  const most = quantityIn(capacity, 'value') ?? parseQuantity('0');
  const at = `${path}.${key}`;
  return range === undefined ? valuesErrors(policy, { usual, most }, at) : rangeErrors(range, { usual, most }, at);
}

interface Bounds {
  /** What a request takes that says nothing. */
  readonly usual: Quantity;
  /** The capacity itself. */
  readonly most: Quantity;
}

function valuesErrors(policy: Fields, { usual, most }: Bounds, path: string): FieldError[] {
  const values = stringsIn(policy, 'validValues').map((text) => quantityIn({ text }, 'text') ?? parseQuantity('0'));
  const errors = values.flatMap((value, index) => {
    const before = values[index - 1];
    if (before === undefined || compareQuantity(before, value) <= 0) return [];
    return [invalidValue(`${path}[${index}]`, formatQuantity(value), 'values must be sorted in ascending order')];
  });
  const set = { most: MOST_OPTIONS, path, key: (value: Quantity) => String(quantityValue(value)) };
  const largest = formatQuantity(most);
  errors.push(
    ...setErrors(values, set, (value, at) =>
      compareQuantity(value, most) <= 0
        ? []
        : [invalidValue(at, formatQuantity(value), `option is larger than capacity value: ${largest}`)],
    ),
  );
  if (values.some((value) => compareQuantity(value, usual) === 0)) return errors;
  const detail = 'default value is not valid according to the requestPolicy';
  return [...errors, invalidValue(path, formatQuantity(usual), detail)];
}

function rangeErrors(range: Fields, { usual, most }: Bounds, path: string): FieldError[] {
  const least = quantityIn(range, 'min');
  if (least === undefined) return [required(`${path}.min`, 'required when validRange is defined')];
  const end = isSet(range, 'max') ? quantityIn(range, 'max') : undefined;
  const errors: FieldError[] = [];
  const wrong = (key: string, value: Quantity, detail: string) =>
    errors.push(invalidValue(`${path}.${key}`, formatQuantity(value), detail));
  const larger = `is larger than capacity value: ${formatQuantity(most)}`;
  if (compareQuantity(least, most) > 0) wrong('min', least, `min ${larger}`);
  if (compareQuantity(usual, least) < 0) wrong('default', usual, `default is less than min: ${formatQuantity(least)}`);
  if (end !== undefined) {
    if (compareQuantity(least, end) > 0) wrong('max', least, `min is larger than max: ${formatQuantity(end)}`);
    if (compareQuantity(end, most) > 0) wrong('max', end, `max ${larger}`);
    if (compareQuantity(usual, end) > 0) wrong('default', usual, `default is more than max: ${formatQuantity(end)}`);
  }
  const step = isSet(range, 'step') ? quantityIn(range, 'step') : undefined;
  if (step === undefined) return errors;
  const first = addQuantity(least, step);
  if (quantitySign(step) <= 0) {
    wrong('step', step, 'must be greater than zero');
    return errors;
  }
  if (compareQuantity(first, most) > 0) wrong('step', step, `one step ${formatQuantity(first)} ${larger}`);
  for (const value of end === undefined ? [usual] : [usual, end]) {
    if ((quantityValue(value) - quantityValue(least)) % quantityValue(step) === 0n) continue;
    const steps = `a given step (${formatQuantity(step)}) from (${formatQuantity(least)})`;
    wrong('step', value, `value is not a multiple of ${steps}`);
  }
  return errors;
}
