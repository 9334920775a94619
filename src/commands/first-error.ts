import { UserError } from '../model/user-error.ts';

/** What is told before any other fault of a command line, as flags that are required and missing are. */
export class FirstError extends UserError {
  override readonly name = 'FirstError';
}
