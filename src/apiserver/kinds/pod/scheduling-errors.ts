import {
  duplicate,
  type FieldError,
  fieldForbidden,
  invalidValue,
  notSupported,
  required,
} from '../../../model/field-error.ts';
import { taintEffectErrors } from '../core/taints.ts';
import { labelsErrors, operatorErrors, ruleErrors, selectorErrors } from '../field-checks.ts';
import { type Fields, entriesIn, isSet, numberIn, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { labelName, labelValueRule, qualifiedNameRule, subdomainRule } from '../value-rules.ts';

/** What is wrong with tolerations (ValidateTolerations). */
export function tolerationsErrors(tolerations: readonly Fields[], path: string): FieldError[] {
  return tolerations.flatMap((toleration, index) => {
    const at = `${path}[${index}]`;
    const key = textIn(toleration, 'key');
    const operator = textIn(toleration, 'operator');
    const effect = textIn(toleration, 'effect');
    const errors = key === '' ? [] : ruleErrors(`${at}.key`, key, qualifiedNameRule);
    if (key === '' && operator !== 'Exists') {
      const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      errors.push(invalidValue(`${at}.operator`, operator, detail));
    }
    if (isSet(toleration, 'tolerationSeconds') && effect !== 'NoExecute') {
      errors.push(invalidValue(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    }
    errors.push(...tolerationValueErrors(operator, textIn(toleration, 'value'), `${at}.operator`));
    return effect === '' ? errors : [...errors, ...taintEffectErrors(effect, `${at}.effect`)];
  });
}

function tolerationValueErrors(operator: string, value: string, field: string): FieldError[] {
  if (operator === '' || operator === 'Equal') {
    const wrong = labelValueRule(value);
    return wrong.length === 0 ? [] : [invalidValue(field, value, wrong.join(';'))];
  }
  if (operator !== 'Exists') return [notSupported(field, operator, ['Equal', 'Exists'])];
  return value === '' ? [] : [invalidValue(field, value, "value must be empty when `operator` is 'Exists'")];
}

/** What is wrong with the affinity of a pod (validateAffinity). */
export function affinityErrors(spec: Fields, path: string): FieldError[] {
  const affinity = partOf(spec, 'affinity');
  return [
    ...nodeAffinityErrors(objectIn(affinity, 'nodeAffinity'), `${path}.nodeAffinity`),
    ...podAffinityErrors(objectIn(affinity, 'podAffinity'), `${path}.podAffinity`),
    ...podAffinityErrors(objectIn(affinity, 'podAntiAffinity'), `${path}.podAntiAffinity`),
  ];
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

function nodeAffinityErrors(affinity: Fields | undefined, path: string): FieldError[] {
  if (affinity === undefined) return [];
  const errors = nodeSelectorErrors(objectIn(affinity, REQUIRED), `${path}.${REQUIRED}`);
  for (const [index, term] of objectsIn(affinity, PREFERRED).entries()) {
    const at = `${path}.${PREFERRED}[${index}]`;
    errors.push(...weightErrors(term, at));
    // Values that no label can have do no harm where they are only preferred.
    errors.push(...nodeTermErrors(partOf(term, 'preference'), { path: `${at}.preference`, anyValue: true }));
  }
  return errors;
}

function weightErrors(term: Fields, path: string): FieldError[] {
  const weight = numberIn(term, 'weight') ?? 0;
  return weight > 0 && weight <= 100 ? [] : [invalidValue(`${path}.weight`, weight, 'must be in the range 1-100')];
}

/** What is wrong with a node selector (ValidateNodeSelector). */
export function nodeSelectorErrors(selector: Fields | undefined, path: string): FieldError[] {
  if (selector === undefined) return [];
  const terms = objectsIn(selector, 'nodeSelectorTerms');
  const list = `${path}.nodeSelectorTerms`;
  if (terms.length === 0) return [required(list, 'must have at least one node selector term')];
  return terms.flatMap((term, index) => nodeTermErrors(term, { path: `${list}[${index}]`, anyValue: false }));
}

function nodeTermErrors(term: Fields, { path, anyValue }: { path: string; anyValue: boolean }): FieldError[] {
  const ofLabels = objectsIn(term, 'matchExpressions').flatMap((expression, index) => {
    const at = `${path}.matchExpressions[${index}]`;
    const values = stringsIn(expression, 'values');
    const errors = nodeOperatorErrors(textIn(expression, 'operator'), values.length, at);
    errors.push(...ruleErrors(`${at}.key`, textIn(expression, 'key'), qualifiedNameRule));
    if (anyValue) return errors;
    return [...errors, ...values.flatMap((value, i) => ruleErrors(`${at}.values[${i}]`, value, labelValueRule))];
  });
  const ofFields = objectsIn(term, 'matchFields').flatMap((expression, index) =>
    nodeFieldErrors(expression, `${path}.matchFields[${index}]`),
  );
  return [...ofLabels, ...ofFields];
}

function nodeOperatorErrors(operator: string, values: number, path: string): FieldError[] {
  if (operator !== 'Gt' && operator !== 'Lt') return operatorErrors(operator, values, path);
  if (values === 1) return [];
  return [required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
}

function nodeFieldErrors(expression: Fields, path: string): FieldError[] {
  const operator = textIn(expression, 'operator');
  const values = stringsIn(expression, 'values');
  const errors: FieldError[] = [];
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(invalidValue(`${path}.operator`, operator, 'not a valid selector operator'));
  } else if (values.length !== 1) {
    const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(`${path}.values`, detail));
  }
  const key = textIn(expression, 'key');
  if (key !== 'metadata.name') return [...errors, invalidValue(`${path}.key`, key, 'not a valid field selector key')];
  return [...errors, ...values.flatMap((value, index) => ruleErrors(`${path}.values[${index}]`, value, subdomainRule))];
}

function podAffinityErrors(affinity: Fields | undefined, path: string): FieldError[] {
  if (affinity === undefined) return [];
  const wanted = objectsIn(affinity, REQUIRED).flatMap((term, index) =>
    podTermErrors(term, `${path}.${REQUIRED}[${index}]`),
  );
  const preferred = objectsIn(affinity, PREFERRED).flatMap((term, index) => {
    const at = `${path}.${PREFERRED}[${index}]`;
    return [...weightErrors(term, at), ...podTermErrors(partOf(term, 'podAffinityTerm'), `${at}.podAffinityTerm`)];
  });
  return [...wanted, ...preferred];
}

function podTermErrors(term: Fields, path: string): FieldError[] {
  const errors = selectorErrors(objectIn(term, 'labelSelector'), `${path}.labelSelector`);
  errors.push(...selectorErrors(objectIn(term, 'namespaceSelector'), `${path}.namespaceSelector`));
  for (const name of stringsIn(term, 'namespaces')) {
    errors.push(...labelName(name, false).map((text) => invalidValue(`${path}.namespace`, name, text)));
  }
  errors.push(...labelKeysErrors(term, path));
  const key = textIn(term, 'topologyKey');
  if (key === '') errors.push(required(`${path}.topologyKey`, 'can not be empty'));
  return [...errors, ...ruleErrors(`${path}.topologyKey`, key, qualifiedNameRule)];
}

/** Label keys whose values a new pod brings (validateMatchLabelKeysAndMismatchLabelKeys). */
function labelKeysErrors(term: Fields, path: string): FieldError[] {
  const selector = objectIn(term, 'labelSelector');
  const matched = stringsIn(term, 'matchLabelKeys');
  const mismatched = stringsIn(term, 'mismatchLabelKeys');
  const errors = [
    ...keyListErrors(matched, selector, `${path}.matchLabelKeys`),
    ...keyListErrors(mismatched, selector, `${path}.mismatchLabelKeys`),
  ];
  const selected = new Set(entriesIn(selector ?? {}, 'matchLabels').map(([key]) => key));
  for (const expression of objectsIn(selector ?? {}, 'matchExpressions')) {
    const key = textIn(expression, 'key');
    const index = matched.lastIndexOf(key);
    // The server has added an expression of its own for the key, so a second one is the client's.
    if (index >= 0 && selected.has(key)) {
      errors.push(invalidValue(`${path}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector'));
    }
    selected.add(key);
  }
  for (const [index, key] of matched.entries()) {
    if (!mismatched.includes(key)) continue;
    const detail = 'exists in both matchLabelKeys and mismatchLabelKeys';
    errors.push(invalidValue(`${path}.matchLabelKeys[${index}]`, key, detail));
  }
  return errors;
}

function keyListErrors(keys: readonly string[], selector: Fields | undefined, path: string): FieldError[] {
  if (keys.length === 0) return [];
  if (selector === undefined) return [fieldForbidden(path, 'must not be specified when labelSelector is not set')];
  return keys.flatMap((key, index) => ruleErrors(`${path}[${index}]`, key, qualifiedNameRule));
}

/** What is wrong with topology spread constraints (validateTopologySpreadConstraints). */
export function spreadErrors(constraints: readonly Fields[], path: string): FieldError[] {
  return constraints.flatMap((constraint, index) => {
    const at = `${path}[${index}]`;
    const key = textIn(constraint, 'topologyKey');
    const action = textIn(constraint, 'whenUnsatisfiable');
    const skew = numberIn(constraint, 'maxSkew') ?? 0;
    const errors: FieldError[] = [];
    if (skew <= 0) errors.push(invalidValue(`${at}.maxSkew`, skew, 'must be greater than zero'));
    if (key === '') errors.push(required(`${at}.topologyKey`, 'can not be empty'));
    if (action !== 'DoNotSchedule' && action !== 'ScheduleAnyway') {
      errors.push(notSupported(`${at}.whenUnsatisfiable`, action, ['DoNotSchedule', 'ScheduleAnyway']));
    }
    const again = constraints
      .slice(index + 1)
      .some((other) => textIn(other, 'topologyKey') === key && textIn(other, 'whenUnsatisfiable') === action);
    if (again) errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${key}, ${action}}`));
    errors.push(...minDomainsErrors(constraint, action, `${at}.minDomains`));
    for (const policy of ['nodeAffinityPolicy', 'nodeTaintsPolicy']) {
      errors.push(...policyErrors(constraint, policy, at));
    }
    errors.push(...spreadKeysErrors(constraint, `${at}.matchLabelKeys`));
    return [...errors, ...selectorErrors(objectIn(constraint, 'labelSelector'), `${at}.labelSelector`)];
  });
}

function minDomainsErrors(constraint: Fields, action: string, field: string): FieldError[] {
  const domains = numberIn(constraint, 'minDomains');
  if (domains === undefined) return [];
  const errors = domains > 0 ? [] : [invalidValue(field, domains, 'must be greater than zero')];
  if (action !== 'DoNotSchedule') {
    const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
    errors.push(invalidValue(field, domains, detail));
  }
  return errors;
}

function policyErrors(constraint: Fields, key: string, path: string): FieldError[] {
  if (!isSet(constraint, key)) return [];
  const policy = textIn(constraint, key);
  return policy === 'Honor' || policy === 'Ignore' ? [] : [notSupported(`${path}.${key}`, policy, ['Honor', 'Ignore'])];
}

function spreadKeysErrors(constraint: Fields, path: string): FieldError[] {
  const keys = stringsIn(constraint, 'matchLabelKeys');
  if (keys.length === 0) return [];
  const selector = objectIn(constraint, 'labelSelector');
  const errors =
    selector === undefined ? [fieldForbidden(path, 'must not be specified when labelSelector is not set')] : [];
  const selected = new Set(entriesIn(selector ?? {}, 'matchLabels').map(([key]) => key));
  for (const expression of objectsIn(selector ?? {}, 'matchExpressions')) selected.add(textIn(expression, 'key'));
  for (const [index, key] of keys.entries()) {
    errors.push(...ruleErrors(`${path}[${index}]`, key, qualifiedNameRule));
    if (selected.has(key)) {
      errors.push(invalidValue(`${path}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector'));
    }
  }
  return errors;
}

/** What is wrong with the labels that a pod's node must have. */
export function nodeLabelsErrors(spec: Fields, path: string): FieldError[] {
  return labelsErrors(spec, 'nodeSelector', `${path}.nodeSelector`);
}
