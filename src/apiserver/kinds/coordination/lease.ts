import { type FieldError, fieldForbidden, invalidValue, notSupported } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { NOT_NEGATIVE, ruleErrors } from '../field-checks.ts';
import { isSet, numberIn, partOf, textIn } from '../fields.ts';
import { qualifiedNameRule } from '../value-rules.ts';

const STRATEGIES = ['OldestEmulationVersion'];

/** What is wrong with a Lease (ValidateLeaseSpec). */
function leaseErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const errors: FieldError[] = [];
  const seconds = numberIn(spec, 'leaseDurationSeconds');
  if (seconds !== undefined && seconds <= 0) {
    errors.push(invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0'));
  }
  const transitions = numberIn(spec, 'leaseTransitions') ?? 0;
  if (transitions < 0) errors.push(invalidValue('spec.leaseTransitions', transitions, NOT_NEGATIVE));
  const strategy = textIn(spec, 'strategy');
  if (isSet(spec, 'strategy')) errors.push(...strategyErrors(strategy, 'spec.strategy.strategy'));
  if (textIn(spec, 'preferredHolder') !== '' && strategy === '') {
    errors.push(fieldForbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined'));
  }
  return errors;
}

/** A strategy of Kubernetes by its name, or another's by a qualified name (ValidateCoordinatedLeaseStrategy). */
function strategyErrors(strategy: string, field: string): FieldError[] {
  if (strategy.includes('/')) return ruleErrors(field, strategy, qualifiedNameRule);
  return STRATEGIES.includes(strategy) ? [] : [notSupported(field, strategy, STRATEGIES)];
}

export const leaseStrategy = defineStrategy({
  resource: 'leases.coordination.k8s.io',
  validate: leaseErrors,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
});
