import { type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { choiceErrors, ruleErrors } from '../field-checks.ts';
import { type Fields, fillEmpty, isSet, numberIn, objectsIn, textIn } from '../fields.ts';
import { addressErrors, specialAddressErrors } from '../ip-address.ts';
import { labelRule, portNumberErrors, qualifiedNameRule, subdomainRule } from '../value-rules.ts';

function validate(object: KubeObject): FieldError[] {
  return objectsIn(object, 'subsets').flatMap((subset, index) => {
    const path = `subsets[${index}]`;
    const errors: FieldError[] = [];
    const lists = ['addresses', 'notReadyAddresses'];
    if (lists.every((list) => objectsIn(subset, list).length === 0)) {
      errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'));
    }
    for (const list of lists) {
      for (const [i, address] of objectsIn(subset, list).entries()) {
        errors.push(...endpointErrors(address, `${path}.${list}[${i}]`));
      }
    }
    const ports = objectsIn(subset, 'ports');
    return [...errors, ...ports.flatMap((port, i) => portErrors(port, ports.length > 1, `${path}.ports[${i}]`))];
  });
}

function endpointErrors(address: Fields, path: string): FieldError[] {
  const ip = textIn(address, 'ip');
  const hostname = textIn(address, 'hostname');
  const node = textIn(address, 'nodeName');
  return [
    ...addressErrors(`${path}.ip`, ip),
    ...(hostname === '' ? [] : ruleErrors(`${path}.hostname`, hostname, labelRule)),
    ...(isSet(address, 'nodeName') ? ruleErrors(`${path}.nodeName`, node, subdomainRule) : []),
    ...specialAddressErrors(`${path}.ip`, ip),
  ];
}

function portErrors(port: Fields, needsName: boolean, path: string): FieldError[] {
  const name = textIn(port, 'name');
  const errors: FieldError[] = [];
  if (name !== '') errors.push(...ruleErrors(`${path}.name`, name, labelRule));
  else if (needsName) errors.push(required(`${path}.name`));
  const number = numberIn(port, 'port') ?? 0;
  errors.push(...portNumberErrors(number).map((text) => invalidValue(`${path}.port`, number, text)));
  errors.push(...choiceErrors(`${path}.protocol`, textIn(port, 'protocol'), ['SCTP', 'TCP', 'UDP']));
  if (!isSet(port, 'appProtocol')) return errors;
  return [...errors, ...ruleErrors(`${path}.appProtocol`, textIn(port, 'appProtocol'), qualifiedNameRule)];
}

export const endpointsStrategy = defineStrategy({
  resource: 'endpoints',
  defaults(object) {
    for (const subset of objectsIn(object, 'subsets')) {
      for (const port of objectsIn(subset, 'ports')) fillEmpty(port, 'protocol', 'TCP');
    }
  },
  validate,
  allowCreateOnUpdate: true,
});
