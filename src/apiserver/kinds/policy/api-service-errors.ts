import { type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { dns1035LabelMessages, pathSegmentNameMessages } from '../../../model/names.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, flagIn, numberIn, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { subdomainRule } from '../value-rules.ts';

const MOST_GROUP_PRIORITY = 20_000;
const MOST_VERSION_PRIORITY = 1000;
const CONDITION_STATES = ['True', 'False', 'Unknown'];

/** What is wrong with an APIService (ValidateAPIService); it is named by its version and group. */
export function apiServiceErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const group = textIn(spec, 'group');
  const version = textIn(spec, 'version');
  const name = object.metadata.name ?? '';
  const wanted = `${version}.${group}`;
  const errors: FieldError[] = [];
  if (name !== wanted && pathSegmentNameMessages(name).length === 0) {
    errors.push(
      invalidValue('metadata.name', name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`),
    );
  }
  if (group !== '') errors.push(...ruleErrors('spec.group', group, subdomainRule));
  else if (version !== 'v1') {
    errors.push(required('spec.group', 'only v1 may have an empty group and it better be legacy kube'));
  }
  errors.push(
    ...ruleErrors('spec.version', version, dns1035LabelMessages),
    ...priorityErrors(spec, 'groupPriorityMinimum', MOST_GROUP_PRIORITY),
    ...priorityErrors(spec, 'versionPriority', MOST_VERSION_PRIORITY),
  );
  return [...errors, ...whereErrors(spec)];
}

function priorityErrors(spec: Fields, key: string, most: number): FieldError[] {
  const value = numberIn(spec, key) ?? 0;
  if (value > 0 && value <= most) return [];
  return [invalidValue(`spec.${key}`, value, `must be positive and less than ${most}`)];
}

/** A service, and whether its certificate is to be believed; an API of the server itself has neither. */
function whereErrors(spec: Fields): FieldError[] {
  const bundle = textIn(spec, 'caBundle');
  const isInsecure = flagIn(spec, 'insecureSkipTLSVerify');
  const insecure = (detail: string) => invalidValue('spec.insecureSkipTLSVerify', true, detail);
  const service = objectIn(spec, 'service');
  const errors: FieldError[] = [];
  if (service !== undefined) {
    for (const key of ['namespace', 'name']) {
      if (textIn(service, key) === '') errors.push(required(`spec.service.${key}`));
    }
    if (isInsecure && bundle !== '') errors.push(insecure('may not be true if caBundle is present'));
    return errors;
  }
  if (bundle !== '') {
    const bytes = `${Buffer.from(bundle, 'base64').length} bytes`;
    errors.push(invalidValue('spec.caBundle', bytes, 'local APIServices may not have a caBundle'));
  }
  if (isInsecure) errors.push(insecure('local APIServices may not have insecureSkipTLSVerify'));
  return errors;
}

/** What is wrong with what is said of an APIService (ValidateAPIServiceStatus). */
export function apiServiceStatusErrors(object: KubeObject): FieldError[] {
  return objectsIn(partOf(object, 'status'), 'conditions').flatMap((condition, index) => {
    const status = textIn(condition, 'status');
    if (CONDITION_STATES.includes(status)) return [];
    return [notSupported(`status.conditions[${index}].status`, status, CONDITION_STATES)];
  });
}
