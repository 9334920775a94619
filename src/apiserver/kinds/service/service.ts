import { type FieldError, fieldForbidden } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { partOf, textIn } from '../fields.ts';
import { labelName } from '../value-rules.ts';
import { clusterIPsChanges, familyChanges } from './cluster-ips-errors.ts';
import { dropFieldsOfOldType, keepAllocated, linkClusterIPs } from './linked-fields.ts';
import { allocate } from './service-allocation.ts';
import { defaultService } from './service-defaults.ts';
import { balancerStatusErrors, serviceErrors } from './service-errors.ts';
import { needsHealthCheckPort, sameValue } from './service-state.ts';
import { balancerClassErrors } from './traffic-errors.ts';

function validateUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const before = partOf(old, 'spec');
  const errors = [...clusterIPsChanges(spec, before), ...familyChanges(spec, before)];
  errors.push(...balancerClassErrors(spec, before));
  const checked = needsHealthCheckPort(before) && needsHealthCheckPort(spec);
  if (checked && !sameValue(spec, before, 'healthCheckNodePort')) {
    errors.push(fieldForbidden('spec.healthCheckNodePort', 'field is immutable'));
  }
  return [...errors, ...serviceErrors(object)];
}

export const serviceStrategy = defineStrategy({
  resource: 'services',
  initialStatus: () => ({ loadBalancer: {} }),
  defaults: defaultService,
  prepareForCreate: (object) => linkClusterIPs(object, undefined),
  prepareForUpdate(object, old) {
    keepAllocated(object, old);
    linkClusterIPs(object, old);
    dropFieldsOfOldType(object, old);
  },
  admit: allocate,
  validate: serviceErrors,
  validateUpdate,
  validateStatusUpdate: balancerStatusErrors,
  validateName: labelName,
  allowCreateOnUpdate: true,
  selectableFields: {
    'spec.clusterIP': (object) => textIn(partOf(object, 'spec'), 'clusterIP'),
    'spec.type': (object) => textIn(partOf(object, 'spec'), 'type'),
  },
});
