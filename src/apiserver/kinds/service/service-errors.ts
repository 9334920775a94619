import {
  duplicate,
  type FieldError,
  fieldForbidden,
  invalidValue,
  notSupported,
  required,
} from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { choiceErrors, labelsErrors, portErrors, ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { addressErrors, cidrErrors, specialAddressErrors } from '../ip-address.ts';
import { labelRule, portNumberErrors, qualifiedNameRule, subdomainRule } from '../value-rules.ts';
import { clusterIPsErrors } from './cluster-ips-errors.ts';
import { balancerClassErrors, trafficErrors } from './traffic-errors.ts';
import { isHeadless, nodePortOf } from './service-state.ts';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const HINTS = 'service.kubernetes.io/topology-aware-hints';
const MODE = 'service.kubernetes.io/topology-mode';

/** What is wrong with a service (ValidateService). */
export function serviceErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const type = textIn(spec, 'type');
  const ports = objectsIn(spec, 'ports');
  const errors = annotationErrors(object);
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') errors.push(required('spec.ports'));
  errors.push(...typeErrors(spec, type), ...portsErrors(ports));
  errors.push(...labelsErrors(spec, 'selector', 'spec.selector'), ...affinityErrors(spec), ...clusterIPsErrors(spec));
  for (const [index, address] of stringsIn(spec, 'externalIPs').entries()) {
    const field = `spec.externalIPs[${index}]`;
    const wrong = addressErrors(field, address);
    errors.push(...(wrong.length > 0 ? wrong : specialAddressErrors(field, address)));
  }
  errors.push(...choiceErrors('spec.type', type, TYPES), ...nodePortErrors(type, ports), ...samePortErrors(ports));
  errors.push(...sourceRangeErrors(object, spec));
  if (isSet(spec, 'allocateLoadBalancerNodePorts') && type !== 'LoadBalancer') {
    const detail = "may only be used when `type` is 'LoadBalancer'";
    errors.push(fieldForbidden('spec.allocateLoadBalancerNodePorts', detail));
  }
  return [...errors, ...balancerClassErrors(spec, undefined), ...trafficErrors(spec)];
}

function annotationErrors(object: KubeObject): FieldError[] {
  const { annotations = {} } = object.metadata;
  const mode = annotations[MODE];
  if (mode === undefined || annotations[HINTS] === undefined || mode === annotations[HINTS]) return [];
  const detail = `must match annotations[${HINTS}] when both are specified`;
  return [invalidValue(`metadata.annotations[${MODE}]`, mode, detail)];
}

function typeErrors(spec: Fields, type: string): FieldError[] {
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(spec)) {
    return [invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)];
  }
  if (type !== 'ExternalName') return [];
  const detail = 'may not be set for ExternalName services';
  const errors = ['clusterIPs', 'ipFamilies']
    .filter((key) => stringsIn(spec, key).length > 0)
    .map((key) => fieldForbidden(`spec.${key}`, detail));
  if (isSet(spec, 'ipFamilyPolicy')) errors.push(fieldForbidden('spec.ipFamilyPolicy', detail));
  const name = textIn(spec, 'externalName').replace(/\.$/, '');
  if (name === '') return [...errors, required('spec.externalName')];
  return [...errors, ...ruleErrors('spec.externalName', name, subdomainRule)];
}

function portsErrors(ports: readonly Fields[]): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const at = `spec.ports[${index}]`;
    const name = textIn(port, 'name');
    const errors: FieldError[] = [];
    if (name === '') {
      if (ports.length > 1) errors.push(required(`${at}.name`));
    } else {
      errors.push(...ruleErrors(`${at}.name`, name, labelRule));
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
      names.add(name);
    }
    const number = numberIn(port, 'port') ?? 0;
    errors.push(...portNumberErrors(number).map((text) => invalidValue(`${at}.port`, number, text)));
    errors.push(...choiceErrors(`${at}.protocol`, textIn(port, 'protocol'), PROTOCOLS));
    errors.push(...portErrors(port, 'targetPort', at));
    if (!isSet(port, 'appProtocol')) return errors;
    return [...errors, ...ruleErrors(`${at}.appProtocol`, textIn(port, 'appProtocol'), qualifiedNameRule)];
  });
}

const LONGEST_AFFINITY = 86_400;

function affinityErrors(spec: Fields): FieldError[] {
  const affinity = textIn(spec, 'sessionAffinity');
  const errors = choiceErrors('spec.sessionAffinity', affinity, ['ClientIP', 'None']);
  const path = 'spec.sessionAffinityConfig';
  if (affinity === 'None' && isSet(spec, 'sessionAffinityConfig')) {
    errors.push(fieldForbidden(path, 'must not be set when session affinity is None'));
  }
  if (affinity !== 'ClientIP') return errors;
  const missing = 'when session affinity type is ClientIP';
  const config = partOf(spec, 'sessionAffinityConfig');
  if (!isSet(spec, 'sessionAffinityConfig')) return [...errors, required(path, missing)];
  if (!isSet(config, 'clientIP')) return [...errors, required(`${path}.clientIP`, missing)];
  const seconds = numberIn(partOf(config, 'clientIP'), 'timeoutSeconds');
  const field = `${path}.clientIP.timeoutSeconds`;
  if (seconds === undefined) return [...errors, required(field, missing)];
  if (seconds > 0 && seconds <= LONGEST_AFFINITY) return errors;
  return [...errors, invalidValue(field, seconds, `must be greater than 0 and less than ${LONGEST_AFFINITY}`)];
}

function nodePortErrors(type: string, ports: readonly Fields[]): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, port] of ports.entries()) {
    if (type !== 'ClusterIP' || nodePortOf(port) === 0) continue;
    errors.push(fieldForbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  }
  for (const [index, port] of ports.entries()) {
    if (nodePortOf(port) === 0) continue;
    const key = `${textIn(port, 'protocol')}/${nodePortOf(port)}`;
    if (seen.has(key)) errors.push(duplicate(`spec.ports[${index}].nodePort`, nodePortOf(port)));
    seen.add(key);
  }
  return errors;
}

function samePortErrors(ports: readonly Fields[]): FieldError[] {
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const protocol = textIn(port, 'protocol');
    const number = numberIn(port, 'port') ?? 0;
    const key = `${protocol}/${number}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    // The value is a ServicePort of Go with nothing else in it.
    const value = { Name: '', Protocol: protocol, AppProtocol: null, Port: number, TargetPort: 0, NodePort: 0 };
    return [duplicate(`spec.ports[${index}]`, value)];
  });
}

const RANGES_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';

function sourceRangeErrors(object: KubeObject, spec: Fields): FieldError[] {
  const ranges = stringsIn(spec, 'loadBalancerSourceRanges');
  const annotated = object.metadata.annotations?.[RANGES_ANNOTATION];
  const balanced = textIn(spec, 'type') === 'LoadBalancer';
  const misplaced = (field: string) =>
    balanced ? [] : [fieldForbidden(field, "may only be used when `type` is 'LoadBalancer'")];
  if (ranges.length > 0) {
    const field = 'spec.LoadBalancerSourceRanges';
    return [...misplaced(field), ...ranges.flatMap((range, index) => cidrErrors(`${field}[${index}]`, range.trim()))];
  }
  if (annotated === undefined) return [];
  const field = `metadata.annotations[${RANGES_ANNOTATION}]`;
  const list = annotated.trim() === '' ? [] : annotated.split(',');
  return [...misplaced(field), ...list.flatMap((range) => cidrErrors(field, range.trim()))];
}

/** What is wrong with the status that a load balancer writes (ValidateLoadBalancerStatus). */
export function balancerStatusErrors(object: KubeObject): FieldError[] {
  const points = objectsIn(partOf(object, 'status', 'loadBalancer'), 'ingress');
  const path = 'status.loadBalancer.ingress';
  if (textIn(partOf(object, 'spec'), 'type') !== 'LoadBalancer' && points.length > 0) {
    return [fieldForbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")];
  }
  return points.flatMap((point, index) => {
    const at = `${path}[${index}]`;
    const address = textIn(point, 'ip');
    const mode = textIn(point, 'ipMode');
    const errors = address === '' ? [] : addressErrors(`${at}.ip`, address);
    if (!isSet(point, 'ipMode')) {
      if (address !== '') errors.push(required(`${at}.ipMode`, 'must be specified when `ip` is set'));
    } else if (address === '') {
      errors.push(fieldForbidden(`${at}.ipMode`, 'may not be specified when `ip` is not set'));
    } else if (mode !== 'VIP' && mode !== 'Proxy') errors.push(notSupported(`${at}.ipMode`, mode, ['Proxy', 'VIP']));
    const hostname = textIn(point, 'hostname');
    if (hostname === '') return errors;
    errors.push(...ruleErrors(`${at}.hostname`, hostname, subdomainRule));
    if (addressErrors('', hostname).length > 0) return errors;
    return [...errors, invalidValue(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address')];
  });
}
