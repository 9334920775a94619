import type { FieldError } from '../../../model/field-error.ts';
import type { JsonValue } from '../../../model/json-value.ts';
import type { Correlation } from '../schema/correlation.ts';

/** The rules (x-kubernetes-validations) of a schema, compiled. */
export interface RuleValidator {
  /** What a value at a path breaks; of an update, transition rules too. */
  validate(value: JsonValue, before: Correlation | undefined, path?: string): FieldError[];
}
