import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { formatQuantity, quantitySign } from '../../../model/quantity.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, partOf, textIn } from '../fields.ts';
import { segmentErrors } from '../networking/reference-errors.ts';
import { containerResourceErrors } from '../pod/resource-errors.ts';
import { quantityIn } from '../resource-list.ts';
import { labelRule } from '../value-rules.ts';

type SourceErrors = (source: Fields, path: string) => FieldError[];

/** The sources of metrics, by their field, in upstream's order. */
const SOURCES: Readonly<Record<string, SourceErrors>> = {
  object: objectErrors,
  external: externalErrors,
  pods: podsErrors,
  resource: resourceErrors,
  containerResource: containerErrors,
};
const TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const TARGET_TYPES = ['Utilization', 'Value', 'AverageValue'];

/** What is wrong with a metric that an autoscaler looks at (validateMetricSpec). */
export function metricErrors(metric: Fields, path: string): FieldError[] {
  const type = textIn(metric, 'type');
  const known = TYPES.includes(type);
  const errors: FieldError[] = [];
  if (type === '') errors.push(required(`${path}.type`, 'must specify a metric source type'));
  if (!known) errors.push(notSupported(`${path}.type`, type, TYPES));
  const present = Object.keys(SOURCES).filter((key) => isSet(metric, key));
  const [first] = present;
  // Only the first that is there is looked into.
  if (first !== undefined) errors.push(...(SOURCES[first]?.(partOf(metric, first), `${path}.${first}`) ?? []));
  const expected = known ? `${type.charAt(0).toLowerCase()}${type.slice(1)}` : '';
  if (!known) errors.push(notSupported(`${path}.type`, type, TYPES));
  else if (!present.includes(expected)) {
    errors.push(required(`${path}.${expected}`, 'must populate information for the given metric source'));
  }
  if (present.length === 1) return errors;
  const others = present.filter((key) => key !== expected);
  return [
    ...errors,
    ...others.map((key) => fieldForbidden(`${path}.${key}`, 'must populate the given metric source only')),
  ];
}

function objectErrors(source: Fields, path: string): FieldError[] {
  const described = partOf(source, 'describedObject');
  const { errors, has } = namedTarget(source, path);
  const all = [
    ...['kind', 'name'].flatMap((key) => segmentErrors(`${path}.describedObject.${key}`, textIn(described, key))),
    ...errors,
  ];
  if (has('value') || has('averageValue')) return all;
  return [...all, required(`${path}.target.averageValue`, 'must set either a target value or averageValue')];
}

function externalErrors(source: Fields, path: string): FieldError[] {
  const { errors, has } = namedTarget(source, path);
  if (!has('value') && !has('averageValue')) {
    const detail = 'must set either a target value for metric or a per-pod target';
    return [...errors, required(`${path}.target.averageValue`, detail)];
  }
  if (!has('value') || !has('averageValue')) return errors;
  const detail = 'may not set both a target value for metric and a per-pod target';
  return [...errors, fieldForbidden(`${path}.target.value`, detail)];
}

function podsErrors(source: Fields, path: string): FieldError[] {
  const { errors, has } = namedTarget(source, path);
  if (has('averageValue')) return errors;
  return [...errors, required(`${path}.target.averageValue`, 'must specify a positive target averageValue')];
}

function resourceErrors(source: Fields, path: string): FieldError[] {
  const unnamed = textIn(source, 'name') === '' ? [required(`${path}.name`, 'must specify a resource name')] : [];
  return [...unnamed, ...usageErrors(source, path)];
}

function containerErrors(source: Fields, path: string): FieldError[] {
  const name = textIn(source, 'name');
  const container = textIn(source, 'container');
  return [
    ...(name === ''
      ? [required(`${path}.name`, 'must specify a resource name')]
      : containerResourceErrors(name, `${path}.name`)),
    ...(container === ''
      ? [required(`${path}.container`, 'must specify a container')]
      : ruleErrors(`${path}.container`, container, labelRule)),
    ...usageErrors(source, path),
  ];
}

/** A target of how much is used: a share or an amount. */
function usageErrors(source: Fields, path: string): FieldError[] {
  const target = partOf(source, 'target');
  const errors = targetErrors(target, `${path}.target`);
  const share = isSet(target, 'averageUtilization');
  const amount = isSet(target, 'averageValue');
  if (!share && !amount) {
    const detail = 'must set either a target raw value or a target utilization';
    return [...errors, required(`${path}.target.averageUtilization`, detail)];
  }
  if (!share || !amount) return errors;
  const detail = 'may not set both a target raw value and a target utilization';
  return [...errors, fieldForbidden(`${path}.target.averageValue`, detail)];
}

/** What is wrong with a metric's name and its target, and which values the target has. */
function namedTarget(source: Fields, path: string): { errors: FieldError[]; has: (key: string) => boolean } {
  const name = textIn(partOf(source, 'metric'), 'name');
  const target = partOf(source, 'target');
  const named =
    name === ''
      ? [required(`${path}.metric.name`, 'must specify a metric name')]
      : segmentErrors(`${path}.metric.name`, name);
  return { errors: [...named, ...targetErrors(target, `${path}.target`)], has: (key) => isSet(target, key) };
}

function targetErrors(target: Fields, path: string): FieldError[] {
  const type = textIn(target, 'type');
  const errors: FieldError[] = [];
  if (type === '') errors.push(required(`${path}.type`, 'must specify a metric target type'));
  if (!TARGET_TYPES.includes(type)) {
    errors.push(invalidValue(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  }
  for (const key of ['value', 'averageValue']) {
    const quantity = quantityIn(target, key);
    if (quantity === undefined || quantitySign(quantity) > 0) continue;
    errors.push(invalidValue(`${path}.${key}`, formatQuantity(quantity), 'must be positive'));
  }
  const share = numberIn(target, 'averageUtilization');
  if (share !== undefined && share < 1) {
    errors.push(invalidValue(`${path}.averageUtilization`, share, 'must be greater than 0'));
  }
  return errors;
}
