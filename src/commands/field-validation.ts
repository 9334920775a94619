import type { FlagValues } from './flag-values.ts';
import { UserError } from '../model/user-error.ts';

/** What the API's fieldValidation parameter takes. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** Reads `--validate`. Throws UserError in kubectl's words. */
export function fieldValidationOf(flags: FlagValues): FieldValidation {
  const text = flags.string('validate');
  switch (text) {
    case 'strict':
    case 'true':
      return 'Strict';
    case 'warn':
      return 'Warn';
    case 'ignore':
    case 'false':
      return 'Ignore';
    default:
      throw new UserError(
        `invalid - validate option ${JSON.stringify(text)}; must be one of: strict (or true), warn, ignore (or false)`,
      );
  }
}
