import { BlockList } from 'node:net';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { ruleErrors, selectorErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { cidrErrors, familyOfCidr } from '../ip-address.ts';
import { portNameRule, portNumberErrors } from '../value-rules.ts';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const POLICY_TYPES = ['Ingress', 'Egress'];

/** What is wrong with a NetworkPolicy (ValidateNetworkPolicySpec). */
export function networkPolicyErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const errors = selectorErrors(objectIn(spec, 'podSelector'), 'spec.podSelector');
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [index, rule] of objectsIn(spec, direction).entries()) {
      const path = `spec.${direction}[${index}]`;
      errors.push(...objectsIn(rule, 'ports').flatMap((port, i) => portErrors(port, `${path}.ports[${i}]`)));
      errors.push(...objectsIn(rule, peers).flatMap((peer, i) => peerErrors(peer, `${path}.${peers}[${i}]`)));
    }
  }
  const types = stringsIn(spec, 'policyTypes');
  if (types.length > POLICY_TYPES.length) {
    return [...errors, invalidValue('spec.policyTypes', types, 'may not specify more than two policyTypes')];
  }
  for (const [index, type] of types.entries()) {
    if (!POLICY_TYPES.includes(type)) errors.push(notSupported(`spec.policyTypes[${index}]`, type, POLICY_TYPES));
  }
  return errors;
}

function portErrors(port: Fields, path: string): FieldError[] {
  const protocol = textIn(port, 'protocol');
  const errors = PROTOCOLS.includes(protocol) ? [] : [notSupported(`${path}.protocol`, protocol, PROTOCOLS)];
  const last = isSet(port, 'endPort') ? (numberIn(port, 'endPort') ?? 0) : undefined;
  const wrongEnd = (detail: string) => invalidValue(`${path}.endPort`, last, detail);
  if (!isSet(port, 'port')) {
    if (last !== undefined) errors.push(wrongEnd('may not be specified when `port` is not specified'));
    return errors;
  }
  const named = port['port'];
  if (typeof named === 'string') {
    if (last !== undefined) errors.push(wrongEnd('may not be specified when `port` is non-numeric'));
    return [...errors, ...ruleErrors(`${path}.port`, named, portNameRule)];
  }
  const first = numberIn(port, 'port') ?? 0;
  errors.push(...portNumberErrors(first).map((text) => invalidValue(`${path}.port`, first, text)));
  if (last === undefined) return errors;
  if (last < first) errors.push(wrongEnd('must be greater than or equal to `port`'));
  return [...errors, ...portNumberErrors(last).map(wrongEnd)];
}

function peerErrors(peer: Fields, path: string): FieldError[] {
  const errors = [
    ...selectorErrors(objectIn(peer, 'podSelector'), `${path}.podSelector`),
    ...selectorErrors(objectIn(peer, 'namespaceSelector'), `${path}.namespaceSelector`),
  ];
  const block = objectIn(peer, 'ipBlock');
  const selects = isSet(peer, 'podSelector') || isSet(peer, 'namespaceSelector');
  if (block !== undefined) errors.push(...blockErrors(block, `${path}.ipBlock`));
  if (block === undefined && !selects) errors.push(required(path, 'must specify a peer'));
  if (block !== undefined && selects) {
    errors.push(fieldForbidden(path, 'may not specify both ipBlock and another peer'));
  }
  return errors;
}

function blockErrors(block: Fields, path: string): FieldError[] {
  const cidr = textIn(block, 'cidr');
  if (cidr === '') return [required(`${path}.cidr`)];
  const errors = cidrErrors(`${path}.cidr`, cidr);
  if (errors.length > 0) return errors;
  return stringsIn(block, 'except').flatMap((except, index) => {
    const field = `${path}.except[${index}]`;
    const wrong = cidrErrors(field, except);
    if (wrong.length > 0 || isWithin(except, cidr)) return wrong;
    return [invalidValue(field, except, 'must be a strict subset of `cidr`')];
  });
}

/** Whether a range of addresses is a part of another, and smaller than it. */
function isWithin(part: string, whole: string): boolean {
  const family = familyOfCidr(whole);
  if (family === undefined || family !== familyOfCidr(part)) return false;
  const [network = '', length = ''] = withoutZeros(whole).split('/');
  const [address = '', partLength = ''] = withoutZeros(part).split('/');
  const list = new BlockList();
  const kind = family === 'IPv4' ? 'ipv4' : 'ipv6';
  list.addSubnet(network, Number(length), kind);
  return Number(partLength) > Number(length) && list.check(address, kind);
}

/** Leading zeros are read as decimal, as Kubernetes does. */
function withoutZeros(cidr: string): string {
  return cidr.includes(':') ? cidr : cidr.replaceAll(/(^|\.)0+(?=\d)/g, '$1');
}
