import type { FieldError } from '../../../model/field-error.ts';
import type { JsonValue } from '../../../model/json-value.ts';
import type { Correlation } from '../schema/correlation.ts';

/** The rules (x-kubernetes-validations) of a schema, compiled. */
export interface RuleValidator {
  /** What an object breaks; of an update, transition rules too. */
  validate(object: JsonValue, before: Correlation | undefined): FieldError[];
}
