import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, invalidValue } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { formatQuantity, quantitySign } from '../../../model/quantity.ts';
import { changedErrors, NOT_NEGATIVE, ruleErrors, selectorErrors } from '../field-checks.ts';
import { objectIn, textIn } from '../fields.ts';
import { quantityIn } from '../resource-list.ts';
import { subdomainRule } from '../value-rules.ts';

/** What is wrong with a CSIStorageCapacity (ValidateCSIStorageCapacity). */
export function capacityErrors(object: KubeObject): FieldError[] {
  const errors = [
    ...selectorErrors(objectIn(object, 'nodeTopology'), 'nodeTopology'),
    ...ruleErrors('storageClassName', textIn(object, 'storageClassName'), subdomainRule),
  ];
  const capacity = quantityIn(object, 'capacity');
  if (capacity === undefined || quantitySign(capacity) >= 0) return errors;
  return [...errors, invalidValue('capacity', formatQuantity(capacity), NOT_NEGATIVE)];
}

/** What is wrong with a change: what the capacity is of stays, and upstream checks nothing else. */
export function capacityUpdateErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const topology = object['nodeTopology'] ?? null;
  return [
    ...(deepEqual(topology, old['nodeTopology'] ?? null)
      ? []
      : [invalidValue('nodeTopology', topology, 'field is immutable')]),
    ...changedErrors('storageClassName', textIn(object, 'storageClassName'), textIn(old, 'storageClassName')),
  ];
}
