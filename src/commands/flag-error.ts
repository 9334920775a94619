import { UserError } from '../model/user-error.ts';

/** A flag that cannot be read. Presented with `See 'COMMAND --help' for usage.` below it, as cobra's FlagErrorFunc has it in kubectl. */
export class FlagError extends UserError {
  override readonly name = 'FlagError';
}
