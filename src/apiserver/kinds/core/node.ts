import { duplicate, type FieldError, fieldForbidden, invalidValue } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { deepEqual } from '../../../model/deep-equal.ts';
import { defineStrategy } from '../define-strategy.ts';
import {
  ensureObject,
  type Fields,
  fillAbsent,
  isSet,
  objectIn,
  objectsIn,
  partOf,
  stringsIn,
  textIn,
} from '../fields.ts';
import { cidrErrors, familyOfCidr } from '../ip-address.ts';
import { quantityErrors } from '../pod/resource-errors.ts';
import { canonicalQuantities } from '../resource-list.ts';
import { taintsErrors } from './taints.ts';

function defaults(object: KubeObject): void {
  const status = objectIn(object, 'status') ?? {};
  canonicalQuantities(objectIn(status, 'capacity'));
  canonicalQuantities(objectIn(status, 'allocatable'));
  const capacity = objectIn(status, 'capacity');
  if (capacity !== undefined) fillAbsent(status, 'allocatable', { ...capacity });
  samePodCidrs(partOf(object, 'spec'));
}

/** `podCIDR` is the old field for the first of `podCIDRs`. */
function samePodCidrs(spec: Fields): void {
  const single = textIn(spec, 'podCIDR');
  const list = stringsIn(spec, 'podCIDRs');
  if (single !== '' && list.length === 0) spec['podCIDRs'] = [single];
  if (single === '' && list[0] !== undefined) spec['podCIDR'] = list[0];
}

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** The admission plug-in TaintNodesByCondition: a new node is not ready until it says so. */
function taintNew(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  const taints = objectsIn(spec, 'taints');
  const tainted = taints.some(
    (taint) => textIn(taint, 'key') === NOT_READY.key && textIn(taint, 'effect') === NOT_READY.effect,
  );
  if (!tainted) spec['taints'] = [...taints, { ...NOT_READY }];
}

function resourceErrors(object: KubeObject): FieldError[] {
  return ['capacity', 'allocatable'].flatMap((list) => {
    const amounts = partOf(object, 'status', list);
    return Object.keys(amounts)
      .sort()
      .flatMap((name) => quantityErrors(amounts, name, `status.${list}.${name}`));
  });
}

function podCidrErrors(cidrs: readonly string[]): FieldError[] {
  const path = 'spec.podCIDRs';
  const errors = cidrs.flatMap((cidr, index) => cidrErrors(`${path}[${index}]`, cidr));
  if (cidrs.length < 2) return errors;
  const families = new Set(cidrs.map((cidr) => familyOfCidr(cidr)));
  if (families.size < 2 || cidrs.length > 2) {
    errors.push(invalidValue(path, cidrs, 'may specify no more than one CIDR for each IP family'));
  }
  for (const [index, cidr] of cidrs.entries()) {
    if (cidrs.indexOf(cidr) < index) errors.push(duplicate(`${path}[${index}]`, cidr));
  }
  return errors;
}

function validate(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  return [
    // The path is upstream's: it says metadata where the taints are in spec.
    ...taintsErrors(objectsIn(spec, 'taints'), 'metadata.taints'),
    ...resourceErrors(object),
    ...podCidrErrors(stringsIn(spec, 'podCIDRs')),
  ];
}

function validateUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const before = partOf(old, 'spec');
  const errors = [
    ...resourceErrors(object),
    ...addressErrors(partOf(object, 'status')),
    ...podCidrChanges(spec, before),
  ];
  const provider = textIn(before, 'providerID');
  if (provider !== '' && provider !== textIn(spec, 'providerID')) {
    const detail = 'node updates may not change providerID except from "" to valid';
    errors.push(fieldForbidden('spec.providerID', detail));
  }
  errors.push(...taintsErrors(objectsIn(spec, 'taints'), 'metadata.taints'));
  if (textIn(spec, 'externalID') !== textIn(before, 'externalID')) {
    errors.push(fieldForbidden('spec.externalID', 'may not be updated'));
  }
  return errors;
}

function addressErrors(status: Fields): FieldError[] {
  const addresses = objectsIn(status, 'addresses');
  const keys = addresses.map((address) => `${textIn(address, 'type')} ${textIn(address, 'address')}`);
  const first = new Set<string>();
  return addresses.flatMap((address, index) => {
    const key = keys[index] ?? '';
    if (!first.has(key)) {
      first.add(key);
      return [];
    }
    return [duplicate(`status.addresses[${index}]`, address)];
  });
}

function podCidrChanges(spec: Fields, before: Fields): FieldError[] {
  const had = stringsIn(before, 'podCIDRs');
  const has = stringsIn(spec, 'podCIDRs');
  if (had.length === 0 || deepEqual(had, has)) return [];
  const wrong = had.length === has.length ? had.filter((cidr, index) => cidr !== has[index]) : ['all'];
  const detail = 'node updates may not change podCIDR except from "" to valid';
  return wrong.map(() => fieldForbidden('spec.podCIDRs', detail));
}

export const nodeStrategy = defineStrategy({
  resource: 'nodes',
  // A kubelet registers its node with a status.
  initialStatus: (object) => objectIn(object, 'status') ?? {},
  defaults,
  admit: (object, old) => {
    if (old === undefined) taintNew(object);
    return Promise.resolve();
  },
  validate,
  validateUpdate,
  validateStatusUpdate: validateUpdate,
  selectableFields: {
    'spec.unschedulable': (object) =>
      String(isSet(partOf(object, 'spec'), 'unschedulable') && partOf(object, 'spec')['unschedulable'] === true),
  },
});
