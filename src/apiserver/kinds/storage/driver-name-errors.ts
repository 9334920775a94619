import { type FieldError, required } from '../../../model/field-error.ts';
import { ruleErrors } from '../field-checks.ts';
import { subdomainRule } from '../value-rules.ts';

const LONGEST_DRIVER_NAME = 63;

/** The name of a CSI driver (ValidateCSIDriverName). */
export function driverNameErrors(name: string, field: string): FieldError[] {
  const errors = name === '' ? [required(field)] : [];
  if (name.length > LONGEST_DRIVER_NAME) {
    errors.push({ type: 'FieldValueTooLong', field, detail: `may not be more than ${LONGEST_DRIVER_NAME} bytes` });
  }
  return [
    ...errors,
    ...ruleErrors(field, name.toLowerCase(), subdomainRule).map((error) => ({ ...error, value: name })),
  ];
}
