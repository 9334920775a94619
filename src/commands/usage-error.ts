import { UserError } from '../model/user-error.ts';

/** A wrong use of a command. Presented with `See 'COMMAND -h' for help and examples` below it. */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}
