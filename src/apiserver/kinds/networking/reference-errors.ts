import { type FieldError, required } from '../../../model/field-error.ts';
import { pathSegmentNameMessages } from '../../../model/names.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, textIn } from '../fields.ts';
import { subdomainRule } from '../value-rules.ts';

/** A name that must be there and stand in a path (IsPathSegmentName). */
export function segmentErrors(field: string, name: string): FieldError[] {
  return name === '' ? [required(field)] : ruleErrors(field, name, pathSegmentNameMessages);
}

/** A reference to an object by group, kind and name (validateIngressTypedLocalObjectReference). */
export function referenceErrors(reference: Fields, path: string): FieldError[] {
  const group = textIn(reference, 'apiGroup');
  return [
    ...(isSet(reference, 'apiGroup') ? ruleErrors(`${path}.apiGroup`, group, subdomainRule) : []),
    ...segmentErrors(`${path}.kind`, textIn(reference, 'kind')),
    ...segmentErrors(`${path}.name`, textIn(reference, 'name')),
  ];
}
