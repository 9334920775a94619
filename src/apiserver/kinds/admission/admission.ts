import type { Strategy } from '../../strategy.ts';
import { defineStrategy } from '../define-strategy.ts';
import { ensureObject, type Fields, fillAbsent, objectIn, objectsIn, partOf } from '../fields.ts';

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
    allowUnconditionalUpdate: false,
  });
}

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

function policyStrategy(plural: string, hasStatus: boolean): Strategy {
  return defineStrategy({
    resource: `${plural}.${GROUP}`,
    generation: true,
    ...(hasStatus ? { initialStatus: () => ({}) } : {}),
    defaults(object) {
      const spec = ensureObject(object, 'spec');
      defaultMatch(objectIn(spec, 'matchConstraints'));
      fillAbsent(spec, 'failurePolicy', 'Fail');
    },
    allowUnconditionalUpdate: false,
  });
}

export const validatingPolicyStrategy = policyStrategy('validatingadmissionpolicies', true);
export const mutatingPolicyStrategy = policyStrategy('mutatingadmissionpolicies', false);

function policyBindingStrategy(plural: string): Strategy {
  return defineStrategy({
    resource: `${plural}.${GROUP}`,
    generation: true,
    defaults: (object) => defaultMatch(objectIn(partOf(object, 'spec'), 'matchResources')),
    allowUnconditionalUpdate: false,
  });
}

export const validatingBindingStrategy = policyBindingStrategy('validatingadmissionpolicybindings');
export const mutatingBindingStrategy = policyBindingStrategy('mutatingadmissionpolicybindings');
