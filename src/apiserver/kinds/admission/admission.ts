import type { FieldError } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { Strategy } from '../../strategy.ts';
import { defineStrategy, type KindBehaviour } from '../define-strategy.ts';
import { ensureObject, type Fields, fillAbsent, objectIn, objectsIn, partOf } from '../fields.ts';

import type { ExpressionChecker, ExpressionCheckers } from './expression-errors.ts';
import { policyBindingErrors, policyErrors } from './policy-errors.ts';
import { webhookConfigurationErrors } from './webhook-errors.ts';

const GROUP = 'admissionregistration.k8s.io';
const SECONDS = 10;

function defaultRules(rules: readonly Fields[]): void {
  for (const rule of rules) fillAbsent(rule, 'scope', '*');
}

function defaultWebhook(webhook: Fields, reinvoked: boolean): void {
  const service = objectIn(partOf(webhook, 'clientConfig'), 'service');
  if (service !== undefined) fillAbsent(service, 'port', 443);
  defaultRules(objectsIn(webhook, 'rules'));
  fillAbsent(webhook, 'failurePolicy', 'Fail');
  fillAbsent(webhook, 'matchPolicy', 'Equivalent');
  fillAbsent(webhook, 'namespaceSelector', {});
  fillAbsent(webhook, 'objectSelector', {});
  fillAbsent(webhook, 'timeoutSeconds', SECONDS);
  if (reinvoked) fillAbsent(webhook, 'reinvocationPolicy', 'Never');
}

function webhookStrategy(plural: string, reinvoked: boolean): Strategy {
  return defineStrategy({
    resource: `${plural}.${GROUP}`,
    generation: true,
    defaults: (object) => {
      for (const webhook of objectsIn(object, 'webhooks')) defaultWebhook(webhook, reinvoked);
    },
    ...checkedBy(
      (object) => objectsIn(object, 'webhooks').some((each) => objectsIn(each, 'matchConditions').length > 0),
      webhookConfigurationErrors,
    ),
    allowUnconditionalUpdate: false,
  });
}

/** Validation with expressions, whose compiler is only loaded when there are some, and then remembered. */
function checkedBy(
  hasExpressions: (object: KubeObject) => boolean,
  errors: (object: KubeObject, checkers: ExpressionCheckers) => FieldError[],
): Pick<KindBehaviour, 'admit' | 'validate'> {
  let checkers: ExpressionCheckers | undefined;
  return {
    async admit(object) {
      if (checkers !== undefined || !hasExpressions(object)) return;
      const [{ PolicyExpressions }, { CelLibrary }] = await Promise.all([
        import('../../admission/hooks/policy-expressions.ts'),
        import('../../custom-resources/cel/expression.ts'),
      ]);
      const library = new CelLibrary();
      checkers = (hasParams) => new PolicyExpressions(library, hasParams);
    },
    validate: (object) => errors(object, checkers ?? (() => NOTHING_COMPILED)),
  };
}

/** Stands for the compiler where there is nothing to compile. */
const NOTHING_COMPILED: ExpressionChecker = {
  compile: (source) => ({ source, problem: 'there is no compiler of expressions' }),
  addVariable: (_name, source) => ({ source, problem: 'there is no compiler of expressions' }),
};

export const mutatingWebhookStrategy = webhookStrategy('mutatingwebhookconfigurations', true);
export const validatingWebhookStrategy = webhookStrategy('validatingwebhookconfigurations', false);

/** Which requests a policy is about: all kinds of equal meaning, wherever nothing else is said. */
function defaultMatch(match: Fields | undefined): void {
  if (match === undefined) return;
  fillAbsent(match, 'namespaceSelector', {});
  fillAbsent(match, 'objectSelector', {});
  fillAbsent(match, 'matchPolicy', 'Equivalent');
  for (const list of ['resourceRules', 'excludeResourceRules']) defaultRules(objectsIn(match, list));
}

/** Their expressions make objects of types (`Object{…}`), which the CEL library cannot. */
const NOT_EVALUATED =
  'MutatingAdmissionPolicies are stored and not evaluated by kube-lite: no object is changed by this policy';

function policyStrategy(plural: string, own: Partial<KindBehaviour>): Strategy {
  return defineStrategy({
    resource: `${plural}.${GROUP}`,
    generation: true,
    ...own,
    defaults(object) {
      const spec = ensureObject(object, 'spec');
      defaultMatch(objectIn(spec, 'matchConstraints'));
      fillAbsent(spec, 'failurePolicy', 'Fail');
    },
    allowUnconditionalUpdate: false,
  });
}

export const validatingPolicyStrategy = policyStrategy('validatingadmissionpolicies', {
  initialStatus: () => ({}),
  ...checkedBy(() => true, policyErrors),
});
export const mutatingPolicyStrategy = policyStrategy('mutatingadmissionpolicies', {
  warnings: () => [NOT_EVALUATED],
});

function policyBindingStrategy(plural: string, own: Partial<KindBehaviour>): Strategy {
  return defineStrategy({
    resource: `${plural}.${GROUP}`,
    generation: true,
    ...own,
    defaults: (object) => defaultMatch(objectIn(partOf(object, 'spec'), 'matchResources')),
    allowUnconditionalUpdate: false,
  });
}

export const validatingBindingStrategy = policyBindingStrategy('validatingadmissionpolicybindings', {
  validate: policyBindingErrors,
});
export const mutatingBindingStrategy = policyBindingStrategy('mutatingadmissionpolicybindings', {
  warnings: () => [NOT_EVALUATED],
});
