import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, textIn } from '../fields.ts';
import { portNumberErrors, qualifiedNameRule } from '../value-rules.ts';
import { isExternallyAccessible, needsHealthCheckPort, sameValue } from './service-state.ts';

const POLICIES = ['Cluster', 'Local'];
const DISTRIBUTIONS = ['PreferClose', 'PreferSameNode', 'PreferSameZone'];

/** What is wrong with where a service's traffic goes. */
export function trafficErrors(spec: Fields): FieldError[] {
  return [...externalErrors(spec), ...healthCheckErrors(spec), ...internalErrors(spec), ...distributionErrors(spec)];
}

function externalErrors(spec: Fields): FieldError[] {
  const field = 'spec.externalTrafficPolicy';
  const policy = textIn(spec, 'externalTrafficPolicy');
  if (!isExternallyAccessible(spec)) {
    return policy === '' ? [] : [invalidValue(field, policy, 'may only be set for externally-accessible services')];
  }
  if (policy === '') return [required(field)];
  return POLICIES.includes(policy) ? [] : [notSupported(field, policy, POLICIES)];
}

function healthCheckErrors(spec: Fields): FieldError[] {
  const field = 'spec.healthCheckNodePort';
  const port = numberIn(spec, 'healthCheckNodePort') ?? 0;
  if (!needsHealthCheckPort(spec)) {
    const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    return port === 0 ? [] : [invalidValue(field, port, detail)];
  }
  return port === 0 ? [required(field)] : portNumberErrors(port).map((text) => invalidValue(field, port, text));
}

function internalErrors(spec: Fields): FieldError[] {
  const field = 'spec.internalTrafficPolicy';
  const policy = textIn(spec, 'internalTrafficPolicy');
  if (!isSet(spec, 'internalTrafficPolicy')) {
    return ['ClusterIP', 'NodePort', 'LoadBalancer'].includes(textIn(spec, 'type')) ? [required(field)] : [];
  }
  return POLICIES.includes(policy) ? [] : [notSupported(field, policy, POLICIES)];
}

function distributionErrors(spec: Fields): FieldError[] {
  if (!isSet(spec, 'trafficDistribution')) return [];
  const value = textIn(spec, 'trafficDistribution');
  return DISTRIBUTIONS.includes(value) ? [] : [notSupported('spec.trafficDistribution', value, DISTRIBUTIONS)];
}

/** The class of a load balancer, which is of that type alone and stays what it was (validateLoadBalancerClassField). */
export function balancerClassErrors(spec: Fields, before: Fields | undefined): FieldError[] {
  const field = 'spec.loadBalancerClass';
  const balanced = textIn(spec, 'type') === 'LoadBalancer';
  const name = textIn(spec, 'loadBalancerClass');
  if (before !== undefined && balanced && textIn(before, 'type') === 'LoadBalancer') {
    return sameValue(spec, before, 'loadBalancerClass') ? [] : [invalidValue(field, name, 'may not change once set')];
  }
  if (!isSet(spec, 'loadBalancerClass')) return [];
  if (!balanced) return [fieldForbidden(field, "may only be used when `type` is 'LoadBalancer'")];
  return ruleErrors(field, name, qualifiedNameRule);
}
