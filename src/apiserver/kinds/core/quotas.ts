import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { ensureObject, type Fields, fillAbsent, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { defaultPodTemplate } from '../pod/pod-spec-defaults.ts';
import { podTemplateErrors } from '../pod/template-errors.ts';
import { canonicalQuantities } from '../resource-list.ts';
import { limitRangeErrors } from './limit-range-errors.ts';
import { quotaErrors, quotaStatusErrors, quotaUpdateErrors } from './quota-errors.ts';

const LIMIT_LISTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'];

function defaultLimits(object: KubeObject): void {
  for (const limit of objectsIn(partOf(object, 'spec'), 'limits')) {
    for (const list of LIMIT_LISTS) canonicalQuantities(objectIn(limit, list));
    if (textIn(limit, 'type') === 'Container') defaultContainerLimits(limit);
  }
}

/** What a container gets that says nothing: the greatest limit, and a request of that limit or of the least. */
function defaultContainerLimits(limit: Fields): void {
  const limits = ensureObject(limit, 'default');
  const requests = ensureObject(limit, 'defaultRequest');
  for (const [name, quantity] of Object.entries(partOf(limit, 'max'))) fillAbsent(limits, name, quantity);
  for (const [name, quantity] of Object.entries(limits)) fillAbsent(requests, name, quantity);
  for (const [name, quantity] of Object.entries(partOf(limit, 'min'))) fillAbsent(requests, name, quantity);
  for (const list of ['default', 'defaultRequest']) {
    if (Object.keys(partOf(limit, list)).length === 0) delete limit[list];
  }
}

export const limitRangeStrategy = defineStrategy({
  resource: 'limitranges',
  defaults: defaultLimits,
  validate: limitRangeErrors,
  allowCreateOnUpdate: true,
});

export const resourceQuotaStrategy = defineStrategy({
  resource: 'resourcequotas',
  initialStatus: () => ({}),
  defaults(object) {
    canonicalQuantities(objectIn(partOf(object, 'spec'), 'hard'));
    for (const list of ['hard', 'used']) canonicalQuantities(objectIn(partOf(object, 'status'), list));
  },
  validate: quotaErrors,
  validateUpdate: quotaUpdateErrors,
  validateStatusUpdate: quotaStatusErrors,
});

export const podTemplateStrategy = defineStrategy({
  resource: 'podtemplates',
  generation: true,
  defaults: (object) => defaultPodTemplate(ensureObject(object, 'template')),
  validate: (object) => podTemplateErrors(partOf(object, 'template'), 'template'),
});
