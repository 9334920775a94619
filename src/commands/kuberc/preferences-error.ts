import { UserError } from '../../model/user-error.ts';

/** Preferences that cannot be followed. Presented without `error: ` before the message, as kubectl has it. */
export class PreferencesError extends UserError {
  override readonly name = 'PreferencesError';

  constructor(problem: string, options?: ErrorOptions) {
    super(`error occurred while applying preferences ${problem}`, options);
  }
}
