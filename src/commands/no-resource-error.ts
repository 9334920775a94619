import { UserError } from '../model/user-error.ts';

/** A resource that the server does not have. Presented without `error:` before it, as kubectl does. */
export class NoResourceError extends UserError {
  override readonly name = 'NoResourceError';
}

/** The error for a resource, in a group when one was named. */
export function noResourceError(resource: string, group: string): NoResourceError {
  const where = group === '' ? '' : ` in group ${JSON.stringify(group)}`;
  return new NoResourceError(`the server doesn't have a resource type ${JSON.stringify(resource)}${where}`);
}
