import { notImplemented } from '../../not-implemented.ts';
import type { Schema } from '../schema/schema.ts';
import type { RuleValidator } from './rule-validator.ts';

/** The rules of a schema; refused for now, as an object that breaks them must not be stored. */
export function compileRules(_schema: Schema): RuleValidator {
  throw notImplemented('x-kubernetes-validations');
}
