import { type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { wildcardSubdomainMessages } from '../../../model/names.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { addressErrors, familyOf } from '../ip-address.ts';
import { labelRule, portNameRule, portNumberErrors, subdomainRule } from '../value-rules.ts';
import { referenceErrors } from './reference-errors.ts';

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const OLD_CLASS = 'kubernetes.io/ingress.class';
const NOT_AN_ADDRESS = 'must be a DNS name, not an IP address';
/** What a path may not have in it when it is compared as a path. */
const BAD_SEQUENCES = ['//', '/./', '/../', '%2f', '%2F'];
const BAD_ENDINGS = ['/..', '/.'];

/** What is wrong with an Ingress (ValidateIngressSpec). */
export function ingressErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const errors: FieldError[] = [];
  const rules = objectsIn(spec, 'rules');
  const backend = objectIn(spec, 'defaultBackend');
  if (rules.length === 0 && backend === undefined) {
    const value = isSet(spec, 'rules') ? rules : null;
    errors.push(invalidValue('spec', value, 'either `defaultBackend` or `rules` must be specified'));
  }
  if (backend !== undefined) errors.push(...backendErrors(backend, 'spec.defaultBackend'));
  errors.push(...rules.flatMap((rule, index) => ruleErrorsOf(rule, `spec.rules[${index}]`)));
  errors.push(...objectsIn(spec, 'tls').flatMap((tls, index) => tlsErrors(tls, `spec.tls[${index}]`)));
  const name = textIn(spec, 'ingressClassName');
  if (isSet(spec, 'ingressClassName')) errors.push(...ruleErrors('spec.ingressClassName', name, subdomainRule));
  return errors;
}

/** What is wrong with a new Ingress: its class may be named twice, and not differently (ValidateIngressCreate). */
export function newIngressErrors(object: KubeObject): FieldError[] {
  const errors = ingressErrors(object);
  const spec = partOf(object, 'spec');
  const old = object.metadata.annotations?.[OLD_CLASS];
  if (old === undefined || !isSet(spec, 'ingressClassName') || old === textIn(spec, 'ingressClassName')) return errors;
  const detail = 'must match `ingressClassName` when both are specified';
  return [...errors, invalidValue(`annotations.${OLD_CLASS}`, old, detail)];
}

function hostErrors(field: string, host: string): FieldError[] {
  return ruleErrors(field, host, host.includes('*') ? wildcardSubdomainMessages : subdomainRule);
}

function tlsErrors(tls: Fields, path: string): FieldError[] {
  const errors = stringsIn(tls, 'hosts').flatMap((host, index) => hostErrors(`${path}.hosts[${index}]`, host));
  const secret = textIn(tls, 'secretName');
  return secret === '' ? errors : [...errors, ...ruleErrors(`${path}.secretName`, secret, subdomainRule)];
}

function ruleErrorsOf(rule: Fields, path: string): FieldError[] {
  const host = textIn(rule, 'host');
  const errors: FieldError[] = [];
  if (host !== '') {
    if (familyOf(host) !== undefined) errors.push(invalidValue(`${path}.host`, host, NOT_AN_ADDRESS));
    errors.push(...hostErrors(`${path}.host`, host));
  }
  const http = objectIn(rule, 'http');
  if (http === undefined) return errors;
  const paths = objectsIn(http, 'paths');
  if (paths.length === 0) errors.push(required(`${path}.http.paths`));
  for (const [index, each] of paths.entries()) errors.push(...pathErrors(each, `${path}.http.paths[${index}]`));
  return errors;
}

function pathErrors(each: Fields, path: string): FieldError[] {
  if (!isSet(each, 'pathType')) return [required(`${path}.pathType`, 'pathType must be specified')];
  const value = textIn(each, 'path');
  const type = textIn(each, 'pathType');
  const wrong = (detail: string) => invalidValue(`${path}.path`, value, detail);
  const errors: FieldError[] = [];
  if (!PATH_TYPES.includes(type)) {
    errors.push(notSupported(`${path}.pathType`, type, PATH_TYPES));
  } else if (!value.startsWith('/') && (type !== 'ImplementationSpecific' || value !== '')) {
    errors.push(wrong('must be an absolute path'));
  }
  if (type === 'Exact' || type === 'Prefix') {
    errors.push(...BAD_SEQUENCES.filter((bad) => value.includes(bad)).map((bad) => wrong(`must not contain '${bad}'`)));
    errors.push(...BAD_ENDINGS.filter((bad) => value.endsWith(bad)).map((bad) => wrong(`cannot end with '${bad}'`)));
  }
  return [...errors, ...backendErrors(partOf(each, 'backend'), `${path}.backend`)];
}

function backendErrors(backend: Fields, path: string): FieldError[] {
  const service = objectIn(backend, 'service');
  const resource = objectIn(backend, 'resource');
  if (service !== undefined && resource !== undefined) {
    return [invalidValue(path, '', 'cannot set both resource and service backends')];
  }
  if (resource !== undefined) return referenceErrors(resource, `${path}.resource`);
  if (service === undefined) return [invalidValue(path, '', 'resource or service backend is required')];
  const name = textIn(service, 'name');
  const errors = name === '' ? [required(`${path}.service.name`)] : ruleErrors(`${path}.service.name`, name, labelRule);
  return [...errors, ...servicePortErrors(partOf(service, 'port'), path)];
}

function servicePortErrors(port: Fields, path: string): FieldError[] {
  const name = textIn(port, 'name');
  const number = numberIn(port, 'number') ?? 0;
  if (name !== '' && number !== 0) return [invalidValue(path, '', 'cannot set both port name & port number')];
  if (name !== '') return ruleErrors(`${path}.service.port.name`, name, portNameRule);
  if (number === 0) return [required(path, 'port name or number is required')];
  return portNumberErrors(number).map((text) => invalidValue(`${path}.service.port.number`, number, text));
}

/** What is wrong with the addresses that an Ingress is said to have (ValidateIngressLoadBalancerStatus). */
export function ingressStatusErrors(object: KubeObject): FieldError[] {
  return objectsIn(partOf(object, 'status', 'loadBalancer'), 'ingress').flatMap((ingress, index) => {
    const path = `status.loadBalancer.ingress[${index}]`;
    const ip = textIn(ingress, 'ip');
    const name = textIn(ingress, 'hostname');
    const errors = ip === '' ? [] : addressErrors(`${path}.ip`, ip);
    if (name !== '') errors.push(...ruleErrors(`${path}.hostname`, name, subdomainRule));
    if (familyOf(name) !== undefined) errors.push(invalidValue(`${path}.hostname`, name, NOT_AN_ADDRESS));
    return errors;
  });
}
