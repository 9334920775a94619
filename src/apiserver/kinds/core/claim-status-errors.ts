import { type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { quantityValue } from '../../../model/quantity.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, entriesIn, partOf, stringsIn } from '../fields.ts';
import { isNativeResource, quantityIn } from '../resource-list.ts';
import { qualifiedNameRule } from '../value-rules.ts';

const RESIZE_STATES = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
];

/** What is wrong with what is said of a claim (ValidatePersistentVolumeClaimStatusUpdate, which spells one field `Spec`). */
export function claimStatusErrors(object: KubeObject): FieldError[] {
  const status = partOf(object, 'status');
  const errors = stringsIn(partOf(object, 'spec'), 'accessModes').length === 0 ? [required('Spec.accessModes')] : [];
  const capacity = partOf(status, 'capacity');
  for (const name of Object.keys(capacity).sort()) {
    errors.push(...amountErrors(capacity, name, `status.capacity[${name}]`));
  }
  const states = 'status.allocatedResourceStatus';
  for (const [name, state] of entriesIn(status, 'allocatedResourceStatuses')) {
    errors.push(...nameErrors(name, states));
    if (!RESIZE_STATES.includes(state)) errors.push(notSupported(states, name, RESIZE_STATES));
  }
  const allocated = partOf(status, 'allocatedResources');
  for (const name of Object.keys(allocated).sort()) {
    const wrong = nameErrors(name, 'status.allocatedResources');
    errors.push(...(wrong.length > 0 ? wrong : amountErrors(allocated, name, `status.allocatedResources[${name}]`)));
  }
  return errors;
}

/** An amount below nothing (validateBasicResource). */
function amountErrors(list: Fields, name: string, field: string): FieldError[] {
  const quantity = quantityIn(list, name);
  const whole = quantity === undefined ? 0n : quantityValue(quantity);
  return whole < 0n ? [invalidValue(field, whole, 'must be a valid resource quantity')] : [];
}

/** Of Kubernetes' own resources, a claim has storage alone. */
function nameErrors(name: string, field: string): FieldError[] {
  const errors = ruleErrors(field, name, qualifiedNameRule);
  if (errors.length > 0 || !isNativeResource(name) || name === 'storage') return errors;
  return [notSupported(field, name, ['storage'])];
}
