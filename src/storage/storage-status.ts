import {
  expired,
  failure,
  groupResourceText,
  type GroupResource,
  internalError,
  serviceUnavailable,
  timedOut,
  tooLarge,
} from '../model/status-errors.ts';
import type { Status } from '../model/status.ts';
import { StatusError } from '../model/status.ts';
import { StorageError, type StorageErrorCode } from './storage-error.ts';

/**
 * The Status that the API answers for a failure of the store. The StorageError stays the cause, so that whoever presents
 * the error can add its hint. Anything that is no StorageError is returned as it is.
 */
export function storageStatus(error: unknown): unknown {
  if (!(error instanceof StorageError)) return error;
  return withCause(STATUSES[error.code](error.message), error);
}

const STATUSES: Readonly<Record<StorageErrorCode, (message: string) => StatusError>> = {
  Compacted: () => expired('The resourceVersion for the provided list is too old.'),
  FutureRevision: (message) => timedOut(`Too large resource version: ${message}`, 1),
  TooLarge: (message) => tooLarge(`Request entity is too large: ${message}`),
  TooManyOperations: (message) => tooLarge(`Request entity is too large: ${message}`),
  NoSpace: internalError,
  ReadOnly: internalError,
  LiveServer: (message) => failure({ code: 403, reason: 'Forbidden', message }),
  Corrupt: internalError,
  NewerFormat: internalError,
  Internal: internalError,
  DuplicateKey: internalError,
  InvalidArgument: internalError,
  LeaseNotFound: internalError,
  LeaseExists: internalError,
  Unavailable: serviceUnavailable,
  Locked: serviceUnavailable,
  DeadlineExceeded: timedOut,
  OutcomeUnknown: timedOut,
  // The caller is known to the API; it is the API server itself that the store turned away.
  Unauthenticated: (message) => internalError(`the store refused access: ${message}`),
  PermissionDenied: (message) => internalError(`the store refused access: ${message}`),
};

function withCause(status: StatusError, cause: unknown): StatusError {
  return new StatusError(status.status, { cause });
}

/** A list's continue token is too old; `token` lets the client go on without consistency. */
export function continueExpired(token: string, cause: unknown): StatusError {
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
    'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
    'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
    'deleted between the time the first chunk was returned and now may show up in the list.';
  const status: Status & { metadata: unknown } = { ...expired(message).status, metadata: { continue: token } as never };
  return new StatusError(status, { cause });
}

/** A watch from a revision that the store has forgotten. */
export function watchExpired(cause: unknown): StatusError {
  return withCause(expired('The resourceVersion for the provided watch is too old.'), cause);
}

/** A read at a revision that the store has not reached. */
export function resourceVersionTooLarge(wanted: number, current: number): StatusError {
  const { status } = timedOut(`Too large resource version: ${wanted}, current: ${current}`, 1);
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  return new StatusError({ ...status, details: { ...status.details, causes } });
}

/** A stored value that cannot be read. */
export interface UnreadableValue {
  readonly key: string;
  readonly cause: Error;
}

/** Stored values that cannot be read: each is named, and nothing is answered in their place. */
export function storeReadError(
  resource: GroupResource,
  unreadable: readonly [UnreadableValue, ...UnreadableValue[]],
): StatusError {
  const [first, ...others] = unreadable;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const what = groupResourceText(resource);
  const error = failure({
    code: 500,
    reason: 'StoreReadError',
    message: `failed to read one or more ${what} from the storage: ${first.key}: ${first.cause.message}${more}`,
    details: {
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.resource,
      causes: unreadable.slice(0, 100).map(({ key, cause }) => ({
        reason: 'UnexpectedServerResponse',
        message: cause.message,
        field: key,
      })),
    },
  });
  return withCause(error, first.cause);
}

/** How kube-apiserver's own store words a failed precondition, inside a Conflict. */
export function preconditionText(key: string, why: string): string {
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${why}`;
}
