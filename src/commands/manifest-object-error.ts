import { UserError } from '../model/user-error.ts';

/** An object of a manifest that is not what a command can work on, though it could be read. */
export class ManifestObjectError extends UserError {
  override readonly name = 'ManifestObjectError';
}
