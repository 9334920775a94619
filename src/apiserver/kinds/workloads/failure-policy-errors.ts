import {
  duplicate,
  type FieldError,
  invalidValue,
  notSupported,
  required,
  tooMany,
} from '../../../model/field-error.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { qualifiedNameRule } from '../value-rules.ts';

const MOST_RULES = 20;
const MOST_CODES = 255;
const MOST_PATTERNS = 20;
const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const STATUSES = ['False', 'True', 'Unknown'];

/** What is wrong with the pod failure policy of a job (validatePodFailurePolicy). */
export function failurePolicyErrors(spec: Fields, policy: Fields, path: string): FieldError[] {
  const rules = objectsIn(policy, 'rules');
  const list = `${path}.rules`;
  const errors = rules.length > MOST_RULES ? [tooMany(list, rules.length, MOST_RULES)] : [];
  const pod = partOf(spec, 'template', 'spec');
  const names = new Set(
    ['containers', 'initContainers'].flatMap((key) =>
      objectsIn(pod, key).map((container) => textIn(container, 'name')),
    ),
  );
  for (const [index, rule] of rules.entries()) {
    errors.push(...ruleFieldErrors(rule, { spec, names, path: `${list}[${index}]` }));
  }
  return errors;
}

interface RulePlace {
  readonly spec: Fields;
  readonly names: ReadonlySet<string>;
  readonly path: string;
}

function ruleFieldErrors(rule: Fields, { spec, names, path }: RulePlace): FieldError[] {
  const action = textIn(rule, 'action');
  const errors: FieldError[] = [];
  if (action === '') {
    errors.push(required(`${path}.action`, `valid values: ${ACTIONS.map((each) => `"${each}"`).join(', ')}`));
  } else if (action === 'FailIndex' && !isSet(spec, 'backoffLimitPerIndex')) {
    errors.push(invalidValue(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  } else if (!ACTIONS.includes(action)) errors.push(notSupported(`${path}.action`, action, ACTIONS));
  const codes = objectIn(rule, 'onExitCodes');
  const conditions = objectsIn(rule, 'onPodConditions');
  if (codes !== undefined) errors.push(...exitCodeErrors(codes, names, `${path}.onExitCodes`));
  if (conditions.length > 0) errors.push(...conditionErrors(conditions, `${path}.onPodConditions`));
  if (codes !== undefined && conditions.length > 0) {
    const detail = 'specifying both OnExitCodes and OnPodConditions is not supported';
    errors.push(invalidValue(path, '', detail));
  }
  if (codes === undefined && conditions.length === 0) {
    errors.push(invalidValue(path, '', 'specifying one of OnExitCodes and OnPodConditions is required'));
  }
  return errors;
}

function exitCodeErrors(codes: Fields, names: ReadonlySet<string>, path: string): FieldError[] {
  const operator = textIn(codes, 'operator');
  const errors: FieldError[] = [];
  if (operator === '') errors.push(required(`${path}.operator`, 'valid values: "In", "NotIn"'));
  else if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(notSupported(`${path}.operator`, operator, ['In', 'NotIn']));
  }
  const container = textIn(codes, 'containerName');
  if (isSet(codes, 'containerName') && !names.has(container)) {
    const detail = 'must be one of the container or initContainer names in the pod template';
    errors.push(invalidValue(`${path}.containerName`, container, detail));
  }
  const list = codes['values'];
  const values = Array.isArray(list) ? list.map(Number) : [];
  const field = `${path}.values`;
  if (values.length === 0) errors.push(invalidValue(field, values, 'at least one value is required'));
  else if (values.length > MOST_CODES) errors.push(tooMany(field, values.length, MOST_CODES));
  for (const [index, value] of values.entries()) {
    const at = `${field}[${index}]`;
    if (operator === 'In' && value === 0) errors.push(invalidValue(at, value, 'must not be 0 for the In operator'));
    if (index > 0 && value <= (values[index - 1] ?? 0)) {
      if (value === values[index - 1]) errors.push(duplicate(at, value));
      else errors.push(invalidValue(field, values, 'must be ordered'));
    }
  }
  return errors;
}

function conditionErrors(conditions: readonly Fields[], path: string): FieldError[] {
  const errors = conditions.length > MOST_PATTERNS ? [tooMany(path, conditions.length, MOST_PATTERNS)] : [];
  for (const [index, condition] of conditions.entries()) {
    const at = `${path}[${index}]`;
    const status = textIn(condition, 'status');
    errors.push(...ruleErrors(`${at}.type`, textIn(condition, 'type'), qualifiedNameRule));
    if (status === '') errors.push(required(`${at}.status`, 'valid values: "False", "True", "Unknown"'));
    else if (!STATUSES.includes(status)) errors.push(notSupported(`${at}.status`, status, STATUSES));
  }
  return errors;
}
