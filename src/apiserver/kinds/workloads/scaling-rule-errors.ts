import { type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { formatQuantity, quantitySign } from '../../../model/quantity.ts';
import { NOT_NEGATIVE } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, textIn } from '../fields.ts';
import { quantityIn } from '../resource-list.ts';

const SELECTIONS = ['Disabled', 'Max', 'Min'];
const POLICY_TYPES = ['Percent', 'Pods'];
const LONGEST_WINDOW = 3600;
const LONGEST_PERIOD = 1800;

/** What is wrong with how fast an autoscaler scales (validateBehavior). */
export function behaviorErrors(behavior: Fields, path: string): FieldError[] {
  return ['scaleUp', 'scaleDown'].flatMap((key) => {
    const rules = objectIn(behavior, key);
    return rules === undefined ? [] : rulesErrors(rules, `${path}.${key}`);
  });
}

function rulesErrors(rules: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const window = numberIn(rules, 'stabilizationWindowSeconds') ?? 0;
  const wrongWindow = (detail: string) => invalidValue(`${path}.stabilizationWindowSeconds`, window, detail);
  if (window < 0) errors.push(wrongWindow('must be greater than or equal to zero'));
  if (window > LONGEST_WINDOW) errors.push(wrongWindow(`must be less than or equal to ${LONGEST_WINDOW}`));
  const selection = textIn(rules, 'selectPolicy');
  if (isSet(rules, 'selectPolicy') && !SELECTIONS.includes(selection)) {
    errors.push(notSupported(`${path}.selectPolicy`, selection, SELECTIONS));
  }
  const policies = objectsIn(rules, 'policies');
  if (policies.length === 0) errors.push(required(`${path}.policies`, 'must specify at least one Policy'));
  errors.push(...policies.flatMap((policy, index) => policyErrors(policy, `${path}.policies[${index}]`)));
  const tolerance = quantityIn(rules, 'tolerance');
  if (tolerance !== undefined && quantitySign(tolerance) < 0) {
    errors.push(invalidValue(`${path}.tolerance`, formatQuantity(tolerance), NOT_NEGATIVE));
  }
  return errors;
}

function policyErrors(policy: Fields, path: string): FieldError[] {
  const type = textIn(policy, 'type');
  const errors = POLICY_TYPES.includes(type) ? [] : [notSupported(`${path}.type`, type, POLICY_TYPES)];
  for (const key of ['value', 'periodSeconds']) {
    const value = numberIn(policy, key) ?? 0;
    if (value <= 0) errors.push(invalidValue(`${path}.${key}`, value, 'must be greater than zero'));
  }
  const period = numberIn(policy, 'periodSeconds') ?? 0;
  if (period > LONGEST_PERIOD) {
    errors.push(invalidValue(`${path}.periodSeconds`, period, `must be less than or equal to ${LONGEST_PERIOD}`));
  }
  return errors;
}
