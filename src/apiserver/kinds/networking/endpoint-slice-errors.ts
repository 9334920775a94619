import {
  duplicate,
  type FieldError,
  invalidValue,
  notSupported,
  required,
  tooMany,
} from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { changedErrors, labelsErrors, ruleErrors } from '../field-checks.ts';
import { type Fields, entriesIn, isSet, objectIn, objectsIn, stringsIn, textIn } from '../fields.ts';
import { familyOf, specialAddressErrors } from '../ip-address.ts';
import { labelRule, labelValueRule, qualifiedNameRule, subdomainRule } from '../value-rules.ts';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const MOST = { endpoints: 1000, addresses: 100, ports: 20_000, hints: 8, topology: 16 };

/** What is wrong with an EndpointSlice (ValidateEndpointSlice). */
export function endpointSliceErrors(object: KubeObject): FieldError[] {
  const type = textIn(object, 'addressType');
  const errors: FieldError[] = [];
  if (type === '') errors.push(required('addressType'));
  else if (!ADDRESS_TYPES.includes(type)) errors.push(notSupported('addressType', type, ADDRESS_TYPES));
  const endpoints = objectsIn(object, 'endpoints');
  if (endpoints.length > MOST.endpoints) errors.push(tooMany('endpoints', endpoints.length, MOST.endpoints));
  else errors.push(...endpoints.flatMap((each, index) => endpointErrors(each, type, `endpoints[${index}]`)));
  return [...errors, ...portsErrors(objectsIn(object, 'ports'))];
}

/** What is wrong with a change of an EndpointSlice: addresses stay of one type. */
export function endpointSliceUpdateErrors(object: KubeObject, old: KubeObject): FieldError[] {
  return [
    ...endpointSliceErrors(object),
    ...changedErrors('addressType', textIn(object, 'addressType'), textIn(old, 'addressType')),
  ];
}

function endpointErrors(endpoint: Fields, type: string, path: string): FieldError[] {
  const addresses = stringsIn(endpoint, 'addresses');
  const errors: FieldError[] = [];
  if (addresses.length === 0) errors.push(required(`${path}.addresses`, 'must contain at least 1 address'));
  if (addresses.length > MOST.addresses) {
    errors.push(tooMany(`${path}.addresses`, addresses.length, MOST.addresses));
  }
  for (const [index, address] of addresses.entries()) {
    errors.push(...addressErrorsOf(type, address, `${path}.addresses[${index}]`));
  }
  if (isSet(endpoint, 'nodeName')) {
    errors.push(...ruleErrors(`${path}.nodeName`, textIn(endpoint, 'nodeName'), subdomainRule));
  }
  const labels = entriesIn(endpoint, 'deprecatedTopology').length;
  if (labels > MOST.topology) errors.push(tooMany(`${path}.deprecatedTopology`, labels, MOST.topology));
  errors.push(...labelsErrors(endpoint, 'deprecatedTopology', `${path}.deprecatedTopology`));
  if (isSet(endpoint, 'hostname')) {
    errors.push(...ruleErrors(`${path}.hostname`, textIn(endpoint, 'hostname'), labelRule));
  }
  const hints = objectIn(endpoint, 'hints');
  return hints === undefined ? errors : [...errors, ...hintsErrors(hints, `${path}.hints`)];
}

function addressErrorsOf(type: string, address: string, field: string): FieldError[] {
  if (type === 'FQDN') return domainErrors(address, field);
  if (type !== 'IPv4' && type !== 'IPv6') return [];
  const errors = familyOf(address) === type ? [] : [invalidValue(field, address, `must be a valid ${type} address`)];
  return [...errors, ...specialAddressErrors(field, address)];
}

/** A domain of two parts or more; the dot of the root may end it (IsFullyQualifiedDomainName). */
function domainErrors(value: string, field: string): FieldError[] {
  if (value === '') return [required(field)];
  const name = value.endsWith('.') ? value.slice(0, -1) : value;
  const texts = subdomainRule(name);
  if (texts.length > 0) return [invalidValue(field, name, texts.join(','))];
  const labels = name.split('.');
  if (labels.length < 2) {
    return [invalidValue(field, name, 'should be a domain with at least two segments separated by dots')];
  }
  return labels
    .map((label) => ({ label, wrong: labelRule(label) }))
    .filter(({ wrong }) => wrong.length > 0)
    .map(({ label, wrong }) => invalidValue(field, label, wrong.join(',')));
}

function hintsErrors(hints: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const list of ['forZones', 'forNodes']) {
    const names = objectsIn(hints, list).map((each) => textIn(each, 'name'));
    if (names.length > MOST.hints) {
      errors.push(tooMany(`${path}.${list}`, names.length, MOST.hints));
      continue;
    }
    const rule = list === 'forZones' ? labelValueRule : subdomainRule;
    for (const [index, name] of names.entries()) {
      const field = `${path}.${list}[${index}].name`;
      if (names.indexOf(name) < index) errors.push(duplicate(field, name));
      errors.push(...ruleErrors(field, name, rule));
    }
  }
  return errors;
}

function portsErrors(ports: readonly Fields[]): FieldError[] {
  if (ports.length > MOST.ports) return [tooMany('ports', ports.length, MOST.ports)];
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const path = `ports[${index}]`;
    const name = textIn(port, 'name');
    const protocol = textIn(port, 'protocol');
    const errors = name === '' ? [] : ruleErrors(`${path}.name`, name, labelRule);
    if (seen.has(name)) errors.push(duplicate(`${path}.name`, name));
    seen.add(name);
    if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
    if (!isSet(port, 'appProtocol')) return errors;
    return [...errors, ...ruleErrors(`${path}.appProtocol`, textIn(port, 'appProtocol'), qualifiedNameRule)];
  });
}
