import { type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { StrategyContext } from '../../strategy.ts';
import { defineStrategy } from '../define-strategy.ts';
import { ruleErrors, selectorErrors } from '../field-checks.ts';
import {
  ensureObject,
  type Fields,
  fillAbsent,
  fillEmpty,
  isSet,
  objectIn,
  objectsIn,
  partOf,
  stringsIn,
  textIn,
} from '../fields.ts';
import { subdomainRule } from '../value-rules.ts';

const OLD_CLASS = 'kubernetes.io/ingress.class';
const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';

/** The admission plug-in DefaultIngressClass. */
async function admitClass(object: KubeObject, context: StrategyContext): Promise<void> {
  const spec = ensureObject(object, 'spec');
  if (isSet(spec, 'ingressClassName') || object.metadata.annotations?.[OLD_CLASS] !== undefined) return;
  const classes = await context.list('ingressclasses.networking.k8s.io', '');
  const marked = classes.filter((each) => each.metadata.annotations?.[DEFAULT_CLASS] === 'true');
  const created = (each: KubeObject) => each.metadata.creationTimestamp ?? '';
  const [newest] = marked.sort((a, b) => (created(a) < created(b) ? 1 : -1));
  if (newest?.metadata.name !== undefined) spec['ingressClassName'] = newest.metadata.name;
}

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];

function ingressErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const errors: FieldError[] = [];
  const rules = objectsIn(spec, 'rules');
  if (rules.length === 0 && !isSet(spec, 'defaultBackend')) {
    errors.push(invalidValue('spec', rules, 'either `defaultBackend` or `rules` must be specified'));
  }
  const backend = objectIn(spec, 'defaultBackend');
  if (backend !== undefined) errors.push(...backendErrors(backend, 'spec.defaultBackend'));
  errors.push(...rules.flatMap((rule, index) => ruleErrorsOf(rule, `spec.rules[${index}]`)));
  const name = textIn(spec, 'ingressClassName');
  if (isSet(spec, 'ingressClassName')) errors.push(...ruleErrors('spec.ingressClassName', name, subdomainRule));
  return errors;
}

function ruleErrorsOf(rule: Fields, path: string): FieldError[] {
  const host = textIn(rule, 'host');
  const wildcard = host.startsWith('*.') ? host.slice(2) : host;
  const errors = host === '' ? [] : ruleErrors(`${path}.host`, wildcard, subdomainRule);
  const http = objectIn(rule, 'http');
  if (http === undefined) return errors;
  const paths = objectsIn(http, 'paths');
  if (paths.length === 0) errors.push(required(`${path}.http.paths`));
  for (const [index, each] of paths.entries()) errors.push(...pathErrors(each, `${path}.http.paths[${index}]`));
  return errors;
}

function pathErrors(each: Fields, path: string): FieldError[] {
  const value = textIn(each, 'path');
  const type = textIn(each, 'pathType');
  const errors: FieldError[] = [];
  if (!isSet(each, 'pathType')) errors.push(required(`${path}.pathType`, 'pathType must be specified'));
  else if (!PATH_TYPES.includes(type)) errors.push(notSupported(`${path}.pathType`, type, PATH_TYPES));
  const absolute = value.startsWith('/') || (type === 'ImplementationSpecific' && value === '');
  if (!absolute) errors.push(invalidValue(`${path}.path`, value, 'must be an absolute path'));
  return [...errors, ...backendErrors(partOf(each, 'backend'), `${path}.backend`)];
}

function backendErrors(backend: Fields, path: string): FieldError[] {
  const service = objectIn(backend, 'service');
  const resource = objectIn(backend, 'resource');
  if (service !== undefined && resource !== undefined) {
    return [invalidValue(path, '', 'cannot set both resource and service backends')];
  }
  if (resource !== undefined) return [];
  if (service === undefined) return [required(path, 'resource or service backend is required')];
  const errors: FieldError[] = [];
  const name = textIn(service, 'name');
  if (name === '') errors.push(required(`${path}.service.name`));
  const port = partOf(service, 'port');
  if (textIn(port, 'name') === '' && !isSet(port, 'number')) {
    errors.push(required(`${path}.service.port`, 'port name or number is required'));
  }
  return errors;
}

export const ingressStrategy = defineStrategy({
  resource: 'ingresses.networking.k8s.io',
  generation: true,
  initialStatus: () => ({ loadBalancer: {} }),
  admit: async (object, old, context) => {
    if (old === undefined) await admitClass(object, context);
  },
  validate: ingressErrors,
});

export const ingressClassStrategy = defineStrategy({
  resource: 'ingressclasses.networking.k8s.io',
  generation: true,
  defaults(object) {
    const parameters = objectIn(partOf(object, 'spec'), 'parameters');
    if (parameters !== undefined) fillAbsent(parameters, 'scope', 'Cluster');
  },
  validate(object) {
    const controller = textIn(partOf(object, 'spec'), 'controller');
    return controller === '' ? [required('spec.controller')] : [];
  },
});

const DIRECTIONS = ['ingress', 'egress'];

export const networkPolicyStrategy = defineStrategy({
  resource: 'networkpolicies.networking.k8s.io',
  generation: true,
  defaults(object) {
    const spec = ensureObject(object, 'spec');
    for (const direction of DIRECTIONS) {
      for (const rule of objectsIn(spec, direction)) {
        for (const port of objectsIn(rule, 'ports')) fillEmpty(port, 'protocol', 'TCP');
      }
    }
    if (stringsIn(spec, 'policyTypes').length > 0) return;
    spec['policyTypes'] = objectsIn(spec, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  },
  validate(object) {
    const spec = partOf(object, 'spec');
    return selectorErrors(objectIn(spec, 'podSelector'), 'spec.podSelector');
  },
});

export const endpointSliceStrategy = defineStrategy({
  resource: 'endpointslices.discovery.k8s.io',
  generation: true,
  defaults(object) {
    for (const port of objectsIn(object, 'ports')) {
      fillAbsent(port, 'name', '');
      fillAbsent(port, 'protocol', 'TCP');
    }
  },
});
