import { type FieldError, invalidValue, notSupported, required, tooLong, tooMany } from '../../../model/field-error.ts';
import { negativeErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { podTemplateErrors } from '../pod/template-errors.ts';
import { subdomainRule } from '../value-rules.ts';
import { failurePolicyErrors } from './failure-policy-errors.ts';

const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
];
const MOST_INDEXED = 100_000;
const MOST_WITH_MANY = 10_000;
const LONGEST_MANAGER = 63;
const MOST_RULES = 20;

/** What is wrong with the spec of a job but its selector, also within a cron job (validateJobSpec). */
export function jobSpecErrors(spec: Fields, path: string): FieldError[] {
  const errors = COUNTS.flatMap((key) => negativeErrors(spec, key, path));
  if (isSet(spec, 'maxFailedIndexes')) {
    errors.push(...negativeErrors(spec, 'maxFailedIndexes', path));
    if (!isSet(spec, 'backoffLimitPerIndex')) {
      errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
    }
  }
  errors.push(...managerErrors(spec, `${path}.managedBy`), ...completionModeErrors(spec, path));
  const failurePolicy = objectIn(spec, 'podFailurePolicy');
  if (failurePolicy !== undefined) errors.push(...failurePolicyErrors(spec, failurePolicy, `${path}.podFailurePolicy`));
  errors.push(...successPolicyErrors(spec, `${path}.successPolicy`), ...replacementErrors(spec, path));
  errors.push(...podTemplateErrors(partOf(spec, 'template'), `${path}.template`));
  return [...errors, ...restartErrors(spec, `${path}.template.spec.restartPolicy`)];
}

function managerErrors(spec: Fields, field: string): FieldError[] {
  if (!isSet(spec, 'managedBy')) return [];
  const manager = textIn(spec, 'managedBy');
  const errors: FieldError[] = [];
  const [domain = '', ...rest] = manager.split('/');
  if (manager === '') errors.push(required(field));
  else if (domain === '' || rest.join('/') === '') {
    errors.push(invalidValue(field, manager, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  } else errors.push(...subdomainRule(domain).map((text) => invalidValue(field, domain, text)));
  if (manager.length > LONGEST_MANAGER) errors.push(tooLong(field, LONGEST_MANAGER));
  return errors;
}

function completionModeErrors(spec: Fields, path: string): FieldError[] {
  const mode = textIn(spec, 'completionMode');
  if (mode === 'Indexed') return indexedErrors(spec, path);
  const errors: FieldError[] = [];
  if (mode !== 'NonIndexed' && isSet(spec, 'completionMode')) {
    errors.push(notSupported(`${path}.completionMode`, mode, ['NonIndexed', 'Indexed']));
    return errors;
  }
  for (const key of ['backoffLimitPerIndex', 'maxFailedIndexes']) {
    if (isSet(spec, key)) errors.push(invalidValue(`${path}.${key}`, spec[key], 'requires indexed completion mode'));
  }
  return errors;
}

function indexedErrors(spec: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const completions = numberIn(spec, 'completions');
  const parallelism = numberIn(spec, 'parallelism');
  const failed = numberIn(spec, 'maxFailedIndexes');
  const most = (key: string, value: number | undefined, limit: number, when: string) => {
    if (value === undefined || value <= limit) return;
    errors.push(invalidValue(`${path}.${key}`, value, `must be less than or equal to ${limit}${when}`));
  };
  if (completions === undefined) errors.push(required(`${path}.completions`, 'when completion mode is Indexed'));
  most('parallelism', parallelism, MOST_INDEXED, ' when completion mode is Indexed');
  if (completions !== undefined && failed !== undefined && failed > completions) {
    errors.push(invalidValue(`${path}.maxFailedIndexes`, failed, 'must be less than or equal to completions'));
  }
  most('maxFailedIndexes', failed, MOST_INDEXED, '');
  if ((completions ?? 0) > MOST_INDEXED && isSet(spec, 'backoffLimitPerIndex')) {
    const above = `${MOST_INDEXED}`;
    if (failed === undefined) {
      errors.push(required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${above}`));
    }
    const when = ` when completions are above ${above} and used with backoff limit per index`;
    most('parallelism', parallelism, MOST_WITH_MANY, when);
    most('maxFailedIndexes', failed, MOST_WITH_MANY, when);
  }
  return errors;
}

function successPolicyErrors(spec: Fields, path: string): FieldError[] {
  const policy = objectIn(spec, 'successPolicy');
  if (policy === undefined) return [];
  if (textIn(spec, 'completionMode') !== 'Indexed') {
    return [invalidValue(path, policy, 'requires indexed completion mode')];
  }
  const rules = objectsIn(policy, 'rules');
  if (rules.length === 0) {
    return [required(`${path}.rules`, 'at least one rules must be specified in the successPolicy')];
  }
  const errors = rules.length > MOST_RULES ? [tooMany(`${path}.rules`, rules.length, MOST_RULES)] : [];
  for (const [index, rule] of rules.entries()) {
    if (isSet(rule, 'succeededCount') || isSet(rule, 'succeededIndexes')) continue;
    const detail = 'at least one of succeededCount or succeededIndexes must be specified';
    errors.push(required(`${path}.rules[${index}]`, detail));
  }
  return errors;
}

function replacementErrors(spec: Fields, path: string): FieldError[] {
  if (!isSet(spec, 'podReplacementPolicy')) return [];
  const field = `${path}.podReplacementPolicy`;
  const policy = textIn(spec, 'podReplacementPolicy');
  if (isSet(spec, 'podFailurePolicy')) {
    return policy === 'Failed' ? [] : [notSupported(field, policy, ['Failed'])];
  }
  const known = ['Failed', 'TerminatingOrFailed'];
  return known.includes(policy) ? [] : [notSupported(field, policy, known)];
}

function restartErrors(spec: Fields, field: string): FieldError[] {
  const policy = textIn(partOf(spec, 'template', 'spec'), 'restartPolicy');
  if (policy === 'Always' || policy === '') return [required(field, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(field, policy, ['OnFailure', 'Never'])];
  if (!isSet(spec, 'podFailurePolicy') || policy === 'Never') return [];
  return [invalidValue(field, policy, 'only "Never" is supported when podFailurePolicy is specified')];
}
