import { failure } from '../model/status-errors.ts';
import type { StatusError } from '../model/status.ts';

/** The answer for what a Kubernetes API server does and this one does not. */
export function notImplemented(what: string): StatusError {
  return failure({
    code: 501,
    reason: 'MethodNotAllowed',
    message: `kube-lite's API server does not implement ${what}`,
  });
}
