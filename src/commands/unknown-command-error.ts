import { UserError } from '../model/user-error.ts';

/** A word that names no command. */
export class UnknownCommandError extends UserError {
  override readonly name = 'UnknownCommandError';
}
