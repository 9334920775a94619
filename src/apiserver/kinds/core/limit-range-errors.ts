import { duplicate, type FieldError, fieldForbidden, invalidValue, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import {
  compareQuantity,
  formatQuantity,
  parseQuantity,
  type Quantity,
  quantityValue,
} from '../../../model/quantity.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, objectsIn, partOf, textIn } from '../fields.ts';
import { containerResourceErrors, resourceNameErrors } from '../pod/resource-errors.ts';
import type { Amounts } from '../../../model/resource-amounts.ts';
import { amountsIn, isOvercommitAllowed } from '../resource-list.ts';
import { qualifiedNameRule } from '../value-rules.ts';

const TYPES = ['Pod', 'Container', 'PersistentVolumeClaim'];
const ONE = parseQuantity('1');
const MILLI = -3;

/** What is wrong with a LimitRange (ValidateLimitRange). */
export function limitRangeErrors(object: KubeObject): FieldError[] {
  const seen = new Set<string>();
  return objectsIn(partOf(object, 'spec'), 'limits').flatMap((limit, index) => {
    const path = `spec.limits[${index}]`;
    const type = textIn(limit, 'type');
    const errors = typeErrors(type, `${path}.type`);
    if (seen.has(type)) errors.push(duplicate(`${path}.type`, type));
    seen.add(type);
    return [...errors, ...namesErrors(limit, type, path), ...amountsErrors(limit, type, path)];
  });
}

function typeErrors(type: string, field: string): FieldError[] {
  const errors = ruleErrors(field, type, qualifiedNameRule);
  if (errors.length > 0 || type.includes('/') || TYPES.includes(type)) return errors;
  return [invalidValue(field, type, 'must be a standard limit type or fully qualified')];
}

function namesErrors(limit: Fields, type: string, path: string): FieldError[] {
  const rule = type === 'Pod' || type === 'Container' ? containerResourceErrors : resourceNameErrors;
  const inList = (list: string) =>
    Object.keys(partOf(limit, list))
      .sort()
      .flatMap((name) => rule(name, `${path}.${list}[${name}]`));
  const errors = [...inList('max'), ...inList('min')];
  for (const list of ['default', 'defaultRequest']) {
    if (type !== 'Pod') errors.push(...inList(list));
    else if (Object.keys(partOf(limit, list)).length > 0) {
      errors.push(fieldForbidden(`${path}.${list}`, "may not be specified when `type` is 'Pod'"));
    }
  }
  const bounded = ['min', 'max'].some((list) => partOf(limit, list)['storage'] !== undefined);
  if (type === 'PersistentVolumeClaim' && !bounded) {
    const detail = 'either minimum or maximum storage value is required, but neither was provided';
    errors.push(required(`${path}.limits`, detail));
  }
  return [...errors, ...inList('maxLimitRequestRatio')];
}

function amountsErrors(limit: Fields, type: string, path: string): FieldError[] {
  const amounts = (list: string): Amounts => amountsIn(partOf(limit, list));
  const none: Amounts = new Map();
  const lists = {
    min: amounts('min'),
    max: amounts('max'),
    byDefault: type === 'Pod' ? none : amounts('default'),
    request: type === 'Pod' ? none : amounts('defaultRequest'),
    ratio: amounts('maxLimitRequestRatio'),
  };
  const names = new Set(Object.values(lists).flatMap((list) => [...list.keys()]));
  return [...names].sort().flatMap((name) => {
    const bounds: Bounds = {};
    for (const [key, list] of Object.entries(lists)) bounds[key as keyof Bounds] = list.get(name);
    return [...orderErrors(bounds, name, path), ...ratioErrors(bounds, name, path), ...fixedErrors(bounds, name, path)];
  });
}

interface Bounds {
  min?: Quantity | undefined;
  max?: Quantity | undefined;
  byDefault?: Quantity | undefined;
  request?: Quantity | undefined;
  ratio?: Quantity | undefined;
}

/** Two amounts that must not be the other way round, the list that is blamed, and which amount is shown. */
interface Order {
  readonly less: readonly [what: string, amount: Quantity | undefined];
  readonly more: readonly [what: string, amount: Quantity | undefined];
  readonly list: string;
  readonly shown: 'less' | 'more';
}

function orderErrors({ min, max, byDefault, request }: Bounds, name: string, path: string): FieldError[] {
  const orders: Order[] = [
    { less: ['min', min], more: ['max', max], list: 'min', shown: 'less' },
    { less: ['min', min], more: ['default request', request], list: 'defaultRequest', shown: 'more' },
    { less: ['default request', request], more: ['max', max], list: 'defaultRequest', shown: 'less' },
    { less: ['default request', request], more: ['default limit', byDefault], list: 'defaultRequest', shown: 'less' },
    { less: ['min', min], more: ['default', byDefault], list: 'default', shown: 'less' },
    { less: ['default', byDefault], more: ['max', max], list: 'default', shown: 'more' },
  ];
  return orders.flatMap(({ less: [one, low], more: [other, high], list, shown }) => {
    if (low === undefined || high === undefined || compareQuantity(low, high) <= 0) return [];
    const detail = `${one} value ${formatQuantity(low)} is greater than ${other} value ${formatQuantity(high)}`;
    return [invalidValue(`${path}.${list}[${name}]`, formatQuantity(shown === 'less' ? low : high), detail)];
  });
}

function ratioErrors({ min, max, ratio }: Bounds, name: string, path: string): FieldError[] {
  if (ratio === undefined) return [];
  const text = formatQuantity(ratio);
  const wrong = (detail: string) =>
    invalidValue(`${path}.maxLimitRequestRatio[${name}]`, text, `ratio ${text} ${detail}`);
  const errors = compareQuantity(ratio, ONE) < 0 ? [wrong('is less than 1')] : [];
  if (min === undefined || max === undefined) return errors;
  const milli = (quantity: Quantity) => Number(quantityValue(quantity, MILLI));
  const most = milli(max) / milli(min);
  if (milli(ratio) / 1000 > most) errors.push(wrong(`is greater than max/min = ${most.toFixed(6)}`));
  return errors;
}

/** What cannot be promised twice is requested as it is limited. */
function fixedErrors({ byDefault, request }: Bounds, name: string, path: string): FieldError[] {
  if (isOvercommitAllowed(name) || byDefault === undefined || request === undefined) return [];
  if (compareQuantity(byDefault, request) === 0) return [];
  const limit = formatQuantity(byDefault);
  const asked = formatQuantity(request);
  const detail = `default value ${limit} must equal to defaultRequest value ${asked} in ${name}`;
  return [invalidValue(`${path}.defaultRequest[${name}]`, asked, detail)];
}
