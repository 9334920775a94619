import { failure } from '../../model/status-errors.ts';
import type { StatusError } from '../../model/status.ts';

/** What kube-apiserver answers for an error that it has no reason for: 500, with the error's own words. */
export function unknownError(message: string): StatusError {
  return failure({ code: 500, reason: '', message });
}
