import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { cidrMessages, ipMessages } from '../../../model/network-address.ts';
import { defineStrategy } from '../define-strategy.ts';
import { isSet, partOf, stringsIn, textIn } from '../fields.ts';

const FAMILIES_MESSAGE = 'may only contain one value per IP family';

function serviceCidrErrors(object: KubeObject): FieldError[] {
  const cidrs = stringsIn(partOf(object, 'spec'), 'cidrs');
  if (cidrs.length === 0) return [required('spec.cidrs', 'at least one CIDR required')];
  const errors = cidrs.flatMap((cidr, index) =>
    cidrMessages(cidr).map((message) => invalidValue(`spec.cidrs[${index}]`, cidr, message)),
  );
  const sameFamily = cidrs.length === 2 && cidrs.every((cidr) => cidr.includes(':') === cidrs[0]?.includes(':'));
  if (cidrs.length > 2 || sameFamily) errors.push(invalidValue('spec', cidrs, FAMILIES_MESSAGE));
  return errors;
}

/** ServiceCIDR: the ranges that cluster IPs come from; they never change. */
export const serviceCidrStrategy = defineStrategy({
  resource: 'servicecidrs.networking.k8s.io',
  initialStatus: () => ({}),
  validate: serviceCidrErrors,
  validateUpdate(object, old) {
    const cidrs = stringsIn(partOf(object, 'spec'), 'cidrs');
    if (deepEqual(cidrs, stringsIn(partOf(old, 'spec'), 'cidrs'))) return [];
    return [invalidValue('spec.cidrs', cidrs, 'field is immutable')];
  },
});

/** IPAddress: named by the address that it stands for. */
export const ipAddressStrategy = defineStrategy({
  resource: 'ipaddresses.networking.k8s.io',
  validateName: (name) => ipMessages(name),
  validate(object) {
    const spec = partOf(object, 'spec');
    if (!isSet(spec, 'parentRef')) return [required('spec.parentRef')];
    const parent = partOf({ ...object, spec: spec['parentRef'] }, 'spec');
    return ['resource', 'name']
      .filter((field) => textIn(parent, field) === '')
      .map((field) => required(`spec.parentRef.${field}`));
  },
});
