import { type FieldError, fieldForbidden, invalidValue, notSupported } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { amountOrPercentErrors, negativeErrors, overAllErrors, selectorErrors } from '../field-checks.ts';
import { ensureObject, type Fields, fillAbsent, fillEmpty, isSet, objectIn, partOf, textIn } from '../fields.ts';
import { apiServiceErrors, apiServiceStatusErrors } from './api-service-errors.ts';
import { flowConditionErrors, flowSchemaErrors } from './flow-schema-errors.ts';
import { priorityLevelErrors } from './priority-level-errors.ts';

function budgetErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const errors: FieldError[] = [];
  if (isSet(spec, 'minAvailable') && isSet(spec, 'maxUnavailable')) {
    errors.push(invalidValue('spec', internalBudget(spec), 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const key of ['minAvailable', 'maxUnavailable']) {
    if (!isSet(spec, key)) continue;
    errors.push(...amountOrPercentErrors(spec, key, 'spec'), ...overAllErrors(spec, key, 'spec'));
  }
  errors.push(...selectorErrors(objectIn(spec, 'selector'), 'spec.selector'));
  const policy = textIn(spec, 'unhealthyPodEvictionPolicy');
  if (!isSet(spec, 'unhealthyPodEvictionPolicy') || EVICTION_POLICIES.includes(policy)) return errors;
  return [...errors, notSupported('spec.unhealthyPodEvictionPolicy', policy, EVICTION_POLICIES)];
}

/** A budget as Go's own type of it prints, which has no names for JSON. */
function internalBudget(spec: Fields): Fields {
  return {
    MinAvailable: spec['minAvailable'],
    Selector: spec['selector'] ?? null,
    MaxUnavailable: spec['maxUnavailable'],
    UnhealthyPodEvictionPolicy: spec['unhealthyPodEvictionPolicy'] ?? null,
  };
}

const BUDGET_COUNTS = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'];
const EVICTION_POLICIES = ['AlwaysAllow', 'IfHealthyBudget'];

function budgetStatusErrors(object: KubeObject): FieldError[] {
  const status = partOf(object, 'status');
  return BUDGET_COUNTS.flatMap((key) => negativeErrors(status, key, 'status'));
}

export const disruptionBudgetStrategy = defineStrategy({
  resource: 'poddisruptionbudgets.policy',
  generation: true,
  initialStatus: () => ({ disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }),
  validate: budgetErrors,
  validateStatusUpdate: budgetStatusErrors,
  allowUnconditionalUpdate: false,
});

export const flowSchemaStrategy = defineStrategy({
  resource: 'flowschemas.flowcontrol.apiserver.k8s.io',
  generation: true,
  initialStatus: () => ({}),
  defaults: (object) => fillEmpty(ensureObject(object, 'spec'), 'matchingPrecedence', 1000),
  validate: flowSchemaErrors,
  validateStatusUpdate: flowConditionErrors,
});

export const priorityLevelStrategy = defineStrategy({
  resource: 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  generation: true,
  initialStatus: () => ({}),
  defaults(object) {
    const spec = ensureObject(object, 'spec');
    const limited = objectIn(spec, 'limited');
    if (limited !== undefined) {
      fillAbsent(limited, 'nominalConcurrencyShares', 30);
      fillAbsent(limited, 'lendablePercent', 0);
      const queuing = objectIn(partOf(limited, 'limitResponse'), 'queuing');
      if (queuing !== undefined) {
        fillEmpty(queuing, 'queues', 64);
        fillEmpty(queuing, 'handSize', 8);
        fillEmpty(queuing, 'queueLengthLimit', 50);
      }
    }
    if (textIn(spec, 'type') !== 'Exempt') return;
    const exempt = ensureObject(spec, 'exempt');
    fillAbsent(exempt, 'nominalConcurrencyShares', 0);
    fillAbsent(exempt, 'lendablePercent', 0);
  },
  validate: priorityLevelErrors,
  validateStatusUpdate: flowConditionErrors,
});

const MOST_PRIORITY = 1_000_000_000;

export const priorityClassStrategy = defineStrategy({
  resource: 'priorityclasses.scheduling.k8s.io',
  generation: true,
  defaults: (object) => fillAbsent(object, 'preemptionPolicy', 'PreemptLowerPriority'),
  validate(object) {
    const value = Number(object['value'] ?? 0);
    const name = object.metadata.name ?? '';
    if (name.startsWith('system-')) {
      const known = ['system-cluster-critical', 'system-node-critical'].includes(name);
      const detail = "priority class names with 'system-' prefix are reserved for system use only. error: ";
      return known ? [] : [fieldForbidden('metadata.name', `${detail}${name} is not a known system priority class`)];
    }
    if (value <= MOST_PRIORITY) return [];
    const detail = `maximum allowed value of a user defined priority is ${MOST_PRIORITY}`;
    return [fieldForbidden('value', detail)];
  },
  validateUpdate(object, old) {
    const errors: FieldError[] = [];
    if (Number(object['value'] ?? 0) !== Number(old['value'] ?? 0)) {
      errors.push(fieldForbidden('value', 'may not be changed in an update.'));
    }
    if (object['preemptionPolicy'] !== old['preemptionPolicy']) {
      errors.push(invalidValue('preemptionPolicy', object['preemptionPolicy'], 'field is immutable'));
    }
    return errors;
  },
});

/** An API of this server itself is there at once. */
export const apiServiceStrategy = defineStrategy({
  resource: 'apiservices.apiregistration.k8s.io',
  initialStatus: () => ({}),
  defaults(object) {
    const service = objectIn(partOf(object, 'spec'), 'service');
    if (service !== undefined) fillAbsent(service, 'port', 443);
  },
  admit(object, old, context) {
    if (old === undefined && !isSet(partOf(object, 'spec'), 'service')) {
      const now = context
        .now()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z');
      const message = 'Local APIServices are always available';
      const condition = { type: 'Available', status: 'True', lastTransitionTime: now, reason: 'Local', message };
      object.status = { conditions: [condition] };
    }
    return Promise.resolve();
  },
  validate: apiServiceErrors,
  validateStatusUpdate: apiServiceStatusErrors,
  // The name is checked with the rest, for it follows from the spec.
  validateName: () => [],
  allowUnconditionalUpdate: false,
});
