import { type FieldError, fieldForbidden, invalidValue } from '../../../model/field-error.ts';
import { compareQuantity, formatQuantity } from '../../../model/quantity.ts';
import { type Fields, isSet, objectIn, objectsIn, partOf } from '../fields.ts';
import { amountsIn, isHugePage, quantityIn } from '../resource-list.ts';
import { containerRequests } from './pod-amounts.ts';
import { requirementsErrors } from './resource-errors.ts';

/** What is wrong with the resources of a pod as a whole (validatePodResources). */
export function podLevelErrors(spec: Fields, claims: ReadonlySet<string>, path: string): FieldError[] {
  const resources = objectIn(spec, 'resources');
  if (resources === undefined) return [];
  const errors: FieldError[] = [];
  if (isSet(resources, 'claims')) {
    errors.push(fieldForbidden(`${path}.claims`, 'claims cannot be set for Resources at pod-level'));
  }
  errors.push(...requirementsErrors(resources, { path, level: 'pod', claims }));
  return [...errors, ...consistencyErrors(spec, resources, path)];
}

function consistencyErrors(spec: Fields, resources: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const requests = partOf(resources, 'requests');
  for (const [name, needed] of [...containerRequests(spec)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const request = quantityIn(requests, name);
    if (name !== 'cpu' && name !== 'memory' && !isHugePage(name)) continue;
    if (request !== undefined && compareQuantity(needed, request) <= 0) continue;
    const detail = `must be greater than or equal to aggregate container requests of ${formatQuantity(needed)}`;
    errors.push(
      invalidValue(`${path}.requests[${name}]`, request === undefined ? '0' : formatQuantity(request), detail),
    );
  }
  const limits = partOf(resources, 'limits');
  for (const [index, container] of objectsIn(spec, 'containers').entries()) {
    for (const [name, own] of amountsIn(partOf(container, 'resources', 'limits'))) {
      const limit = quantityIn(limits, name);
      if (limit === undefined || compareQuantity(own, limit) <= 0) continue;
      const detail = `must be less than or equal to pod limits of ${formatQuantity(limit)}`;
      errors.push(invalidValue(`${path}.containers[${index}][${name}].limits`, formatQuantity(own), detail));
    }
  }
  return errors;
}
