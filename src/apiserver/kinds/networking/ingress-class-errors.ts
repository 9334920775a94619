import {
  type FieldError,
  fieldForbidden,
  invalidValue,
  notSupported,
  required,
  tooLong,
} from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { regexMessage } from '../../../model/names.ts';
import { changedErrors, ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, objectIn, partOf, textIn } from '../fields.ts';
import { labelRule, subdomainRule } from '../value-rules.ts';
import { referenceErrors } from './reference-errors.ts';

const LONGEST_CONTROLLER = 250;
const SCOPES = ['Cluster', 'Namespace'];
const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

/** What is wrong with an IngressClass (ValidateIngressClass). */
export function ingressClassErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const controller = textIn(spec, 'controller');
  const errors = controller === '' ? [required('spec.controller')] : controllerErrors(controller);
  const parameters = objectIn(spec, 'parameters');
  return parameters === undefined ? errors : [...errors, ...parametersErrors(parameters, 'spec.parameters')];
}

/** What is wrong with a change of an IngressClass (ValidateIngressClassUpdate). */
export function ingressClassUpdateErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const controller = (each: KubeObject) => textIn(partOf(each, 'spec'), 'controller');
  return [...changedErrors('spec.controller', controller(object), controller(old)), ...ingressClassErrors(object)];
}

/** A path with a domain before it (IsDomainPrefixedPath). */
function controllerErrors(controller: string): FieldError[] {
  const field = 'spec.controller';
  const errors = Buffer.byteLength(controller) > LONGEST_CONTROLLER ? [tooLong(field, LONGEST_CONTROLLER)] : [];
  const slash = controller.indexOf('/');
  const path = controller.slice(slash + 1);
  if (slash < 1 || path === '') {
    return [...errors, invalidValue(field, controller, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  errors.push(...ruleErrors(field, controller.slice(0, slash), subdomainRule));
  if (!new RegExp(`^${HTTP_PATH}$`).test(path)) {
    errors.push(invalidValue(field, path, regexMessage('Invalid path', HTTP_PATH, [])));
  }
  return errors;
}

function parametersErrors(parameters: Fields, path: string): FieldError[] {
  const errors = referenceErrors(parameters, path);
  if (!isSet(parameters, 'scope')) return [...errors, required(`${path}.scope`)];
  const scope = textIn(parameters, 'scope');
  const named = isSet(parameters, 'namespace');
  const namespace = textIn(parameters, 'namespace');
  if (!SCOPES.includes(scope)) errors.push(notSupported(`${path}.scope`, scope, SCOPES));
  else if (scope === 'Cluster' && named) {
    errors.push(fieldForbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"));
  } else if (scope === 'Namespace' && !named) {
    errors.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"));
  } else if (scope === 'Namespace') errors.push(...ruleErrors(`${path}.namespace`, namespace, labelRule));
  return errors;
}
