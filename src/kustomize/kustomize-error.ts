import { UserError } from '../model/user-error.ts';

/** What is wrong with a kustomization, in kustomize's words. */
export class KustomizeError extends UserError {
  override readonly name: string = 'KustomizeError';
}

/** The error with `PREFIX: ` before its text, as kustomize wraps errors on their way up. */
export function wrapError(error: unknown, prefix: string): Error {
  if (error instanceof UnwrappedError) return error;
  return new KustomizeError(`${prefix}: ${errorText(error)}`);
}

/** An error that is told as it is, however deep it arose. */
export class UnwrappedError extends UserError {
  override readonly name: string = 'UnwrappedError';
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
