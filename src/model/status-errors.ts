import { type FieldError, fieldErrorText } from './field-error.ts';
import { type Status, type StatusDetails, StatusError, type StatusReason } from './status.ts';

/** A resource with its group, as error texts name it: `pods`, `deployments.apps`. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** `resource` or `resource.group`, as Kubernetes prints a GroupResource. */
export function groupResourceText({ group, resource }: GroupResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

interface Failure {
  readonly code: number;
  readonly reason: StatusReason;
  readonly message: string;
  readonly details?: StatusDetails;
}

/** Builds the error for a failure. The constructors below mirror k8s.io/apimachinery/pkg/api/errors. */
export function failure({ code, reason, message, details }: Failure): StatusError {
  const status: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  if (details !== undefined) status.details = details;
  return new StatusError(status);
}

function detailsOf({ group, resource }: GroupResource, name?: string): StatusDetails {
  const details: StatusDetails = {};
  if (name !== undefined && name !== '') details.name = name;
  if (group !== '') details.group = group;
  if (resource !== '') details.kind = resource;
  return details;
}

export function notFound(resource: GroupResource, name: string): StatusError {
  const message = `${groupResourceText(resource)} ${JSON.stringify(name)} not found`;
  return failure({ code: 404, reason: 'NotFound', message, details: detailsOf(resource, name) });
}

/** What a server answers for a path that it does not serve. */
export function unknownPath(): StatusError {
  const message = 'the server could not find the requested resource';
  return failure({ code: 404, reason: 'NotFound', message, details: {} });
}

export function alreadyExists(resource: GroupResource, name: string): StatusError {
  const message = `${groupResourceText(resource)} ${JSON.stringify(name)} already exists`;
  return failure({ code: 409, reason: 'AlreadyExists', message, details: detailsOf(resource, name) });
}

export function conflict(resource: GroupResource, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${groupResourceText(resource)} ${JSON.stringify(name)}: ${why}`;
  return failure({ code: 409, reason: 'Conflict', message, details: detailsOf(resource, name) });
}

/** The conflict of a write that was made from a stale resourceVersion. */
export function staleConflict(resource: GroupResource, name: string): StatusError {
  return conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

/** All wrong fields of an object at once. `kind` is the bare kind, `group` its group. */
export function invalid(kind: string, group: string, name: string, errors: readonly FieldError[]): StatusError {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${fieldErrorText(error)}`))];
  const qualified = group === '' ? kind : `${kind}.${group}`;
  const list = texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
  const causes = errors.map((error) => ({
    reason: error.type,
    message: fieldErrorText(error),
    field: error.field,
  }));
  const details: StatusDetails = { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind, causes };
  const message = `${qualified} ${JSON.stringify(name)} is invalid${texts.length === 0 ? '' : `: ${list}`}`;
  return failure({ code: 422, reason: 'Invalid', message, details });
}

export function badRequest(message: string): StatusError {
  return failure({ code: 400, reason: 'BadRequest', message });
}

export function forbidden(resource: GroupResource, name: string, why: string): StatusError {
  const message =
    name === ''
      ? `${groupResourceText(resource)} is forbidden: ${why}`
      : `${groupResourceText(resource)} ${JSON.stringify(name)} is forbidden: ${why}`;
  return failure({ code: 403, reason: 'Forbidden', message, details: detailsOf(resource, name) });
}

export function unauthorized(message: string): StatusError {
  return failure({ code: 401, reason: 'Unauthorized', message: message === '' ? 'Unauthorized' : message });
}

export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource';
  return failure({ code: 405, reason: 'MethodNotAllowed', message, details: {} });
}

export function notAcceptable(accepted: readonly string[]): StatusError {
  const message = `only the following media types are accepted: ${accepted.join(', ')}`;
  return failure({ code: 406, reason: 'NotAcceptable', message });
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return failure({ code: 415, reason: 'UnsupportedMediaType', message });
}

/** A resourceVersion or continue token older than the store remembers: the client must list again. */
export function expired(message: string): StatusError {
  return failure({ code: 410, reason: 'Expired', message });
}

export function tooLarge(message: string): StatusError {
  return failure({ code: 413, reason: 'RequestEntityTooLarge', message });
}

/** The server will not do it now, and perhaps later. */
export function tooManyRequests(message: string, details: StatusDetails = {}): StatusError {
  return failure({ code: 429, reason: 'TooManyRequests', message, details });
}

export function internalError(why: string): StatusError {
  const message = `Internal error occurred: ${why}`;
  return failure({ code: 500, reason: 'InternalError', message, details: { causes: [{ message: why }] } });
}

export function serviceUnavailable(message: string): StatusError {
  return failure({ code: 503, reason: 'ServiceUnavailable', message });
}

export function timedOut(message: string, retryAfterSeconds?: number): StatusError {
  const details: StatusDetails = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return failure({ code: 504, reason: 'Timeout', message: `Timeout: ${message}`, details });
}
