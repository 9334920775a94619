import {
  duplicate,
  type FieldError,
  fieldForbidden,
  invalidValue,
  notSupported,
  required,
} from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import {
  dns1035LabelMessages,
  dns1123SubdomainMessages,
  pathSegmentNameMessages,
  qualifiedNameMessages,
} from '../../../model/names.ts';
import { choiceErrors, selectorErrors } from '../field-checks.ts';
import { type Fields, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import {
  compileErrors,
  conditionErrors,
  type ExpressionChecker,
  type ExpressionCheckers,
  variableErrors,
} from './expression-errors.ts';
import { FAILURE_POLICIES, matchErrors } from './rule-errors.ts';

const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const ACTIONS = ['Audit', 'Deny', 'Warn'];
const MOST_ANNOTATIONS = 20;
const LONGEST_VALUE = 5 * 1024;
const NEED_ONE = 'validations or auditAnnotations must contain at least one item';

/** What is wrong with a ValidatingAdmissionPolicy (validateValidatingAdmissionPolicySpec). */
export function policyErrors(policy: KubeObject, checkers: ExpressionCheckers): FieldError[] {
  const spec = partOf(policy, 'spec');
  const match = objectIn(spec, 'matchConstraints');
  const hasParams = objectIn(spec, 'paramKind') !== undefined;
  const checker = checkers(hasParams);
  const errors = [
    ...choiceErrors('spec.failurePolicy', textIn(spec, 'failurePolicy'), FAILURE_POLICIES),
    ...paramKindErrors(objectIn(spec, 'paramKind')),
    ...(match === undefined ? [required('spec.matchConstraints')] : matchErrors(match, 'spec.matchConstraints')),
    ...(match !== undefined && objectsIn(match, 'resourceRules').length === 0
      ? [required('spec.matchConstraints.resourceRules')]
      : []),
    ...conditionErrors(spec, checkers(hasParams), 'spec.matchConditions'),
    ...variableErrors(spec, checker, 'spec.variables'),
  ];
  const validations = objectsIn(spec, 'validations');
  const annotations = objectsIn(spec, 'auditAnnotations');
  if (validations.length === 0 && annotations.length === 0) {
    return [...errors, required('spec.validations', NEED_ONE), required('spec.auditAnnotations', NEED_ONE)];
  }
  return [
    ...errors,
    ...validations.flatMap((each, index) => validationErrors(each, checker, `spec.validations[${String(index)}]`)),
    ...annotationErrors(policy.metadata.name ?? '', annotations, checker),
  ];
}

function paramKindErrors(kind: Fields | undefined): FieldError[] {
  if (kind === undefined) return [];
  const path = 'spec.paramKind';
  const [apiVersion, name] = [textIn(kind, 'apiVersion'), textIn(kind, 'kind')];
  const errors = apiVersion === '' ? [required(`${path}.apiVersion`)] : apiVersionErrors(apiVersion, path);
  if (name === '') return [...errors, required(`${path}.kind`)];
  const messages = dns1035LabelMessages(name.toLowerCase());
  if (messages.length === 0) return errors;
  const text = `may have mixed case, but should otherwise match: ${messages.join(',')}`;
  return [...errors, invalidValue(`${path}.kind`, name, text)];
}

function apiVersionErrors(apiVersion: string, path: string): FieldError[] {
  const field = `${path}.apiVersion`;
  const parts = apiVersion.split('/');
  if (parts.length > 2) return [invalidValue(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const [group, version] = parts.length === 2 ? [parts[0] ?? '', parts[1] ?? ''] : ['', apiVersion];
  const ofGroup = group === '' ? [] : dns1123SubdomainMessages(group);
  const errors = ofGroup.length === 0 ? [] : [invalidValue(field, group, ofGroup.join(','))];
  if (version === '') return [...errors, invalidValue(field, apiVersion, 'version must be specified')];
  const messages = dns1035LabelMessages(version);
  return messages.length === 0 ? errors : [...errors, invalidValue(field, version, messages.join(','))];
}

function validationErrors(validation: Fields, checker: ExpressionChecker, path: string): FieldError[] {
  const source = textIn(validation, 'expression');
  const said = textIn(validation, 'messageExpression');
  const message = textIn(validation, 'message');
  const reason = textIn(validation, 'reason');
  const errors =
    source.trim() === ''
      ? [required(`${path}.expression`, 'expression is not specified')]
      : compileErrors(checker, source, `${path}.expression`, ['bool']);
  if (said !== '' && said.trim() === '') {
    errors.push(invalidValue(`${path}.messageExpression`, said, 'must be non-empty if specified'));
  } else if (said !== '') errors.push(...compileErrors(checker, said, `${path}.messageExpression`, ['string']));
  if (message !== '' && message.trim() === '') {
    errors.push(invalidValue(`${path}.message`, message, 'message must be non-empty if specified'));
  } else if (/[\n\r]/.test(message.trim())) {
    errors.push(invalidValue(`${path}.message`, message, 'message must not contain line breaks'));
  }
  if (reason !== '' && !REASONS.includes(reason)) errors.push(notSupported(`${path}.reason`, reason, REASONS));
  return errors;
}

function annotationErrors(name: string, annotations: readonly Fields[], checker: ExpressionChecker): FieldError[] {
  const path = 'spec.auditAnnotations';
  const keys = annotations.map((annotation) => textIn(annotation, 'key'));
  const errors: FieldError[] = [];
  if (annotations.length > MOST_ANNOTATIONS) {
    const text = `must not have more than ${String(MOST_ANNOTATIONS)} auditAnnotations`;
    errors.push(invalidValue(path, annotations, text));
  }
  for (const [index, annotation] of annotations.entries()) {
    const at = `${path}[${String(index)}]`;
    const key = `${name}/${keys[index] ?? ''}`;
    const source = textIn(annotation, 'valueExpression').trim();
    errors.push(...qualifiedNameMessages(key).map((text) => invalidValue(`${at}.key`, key, text)));
    if (source === '') errors.push(required(`${at}.valueExpression`, 'valueExpression is not specified'));
    else if (Buffer.byteLength(source) > LONGEST_VALUE) {
      errors.push(required(`${at}.valueExpression`, `must not exceed ${String(LONGEST_VALUE)} bytes in length`));
    } else errors.push(...compileErrors(checker, source, `${at}.valueExpression`, ['string', 'null']));
    if (keys.indexOf(keys[index] ?? '') < index) errors.push(duplicate(`${at}.key`, keys[index]));
  }
  return errors;
}

/** What is wrong with a ValidatingAdmissionPolicyBinding. */
export function policyBindingErrors(binding: KubeObject): FieldError[] {
  const spec = partOf(binding, 'spec');
  const policy = textIn(spec, 'policyName');
  return [
    ...(policy === ''
      ? [required('spec.policyName')]
      : dns1123SubdomainMessages(policy).map((text) => invalidValue('spec.policyName', policy, text))),
    ...paramRefErrors(objectIn(spec, 'paramRef'), 'spec.paramRef'),
    // Without its `r`, as kube-apiserver has it.
    ...matchErrors(objectIn(spec, 'matchResources'), 'spec.matchResouces'),
    ...actionErrors(stringsIn(spec, 'validationActions'), 'spec.validationActions'),
  ];
}

function paramRefErrors(reference: Fields | undefined, path: string): FieldError[] {
  if (reference === undefined) return [];
  const name = textIn(reference, 'name');
  const selector = objectIn(reference, 'selector');
  const both = name !== '' && selector !== undefined;
  const exclusive = (key: string): FieldError[] =>
    both ? [fieldForbidden(`${path}.${key}`, 'name and selector are mutually exclusive')] : [];
  return [
    ...pathSegmentNameMessages(name).map((text) => invalidValue(`${path}.name`, name, text)),
    ...exclusive('name'),
    ...selectorErrors(selector, `${path}.selector`),
    ...exclusive('selector'),
    ...(name === '' && selector === undefined ? [required(path, 'one of name or selector must be specified')] : []),
    ...choiceErrors(`${path}.parameterNotFoundAction`, textIn(reference, 'parameterNotFoundAction'), ['Deny', 'Allow']),
  ];
}

function actionErrors(actions: readonly string[], path: string): FieldError[] {
  const errors = actions.flatMap((action, index) => {
    const field = `${path}[${String(index)}]`;
    return [
      ...(ACTIONS.includes(action) ? [] : [notSupported(field, action, ACTIONS)]),
      ...(actions.indexOf(action) < index ? [duplicate(field, action)] : []),
    ];
  });
  if (actions.includes('Deny') && actions.includes('Warn')) {
    const text =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
    errors.push(invalidValue(path, actions, text));
  }
  return actions.length === 0 ? [required(path, 'at least one validation action is required')] : errors;
}
