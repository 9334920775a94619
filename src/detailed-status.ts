import { FlagError } from './commands/flag-error.ts';
import { PartialFailure } from './commands/partial-failure.ts';
import { UnknownCommandError } from './commands/unknown-command-error.ts';
import { UsageError } from './commands/usage-error.ts';
import { ConnectionError } from './model/connection-error.ts';
import { StatusError, type StatusReason } from './model/status.ts';

/** What went wrong, as the exit statuses of `--exit-codes=detailed` tell it apart. */
export type FailureClass =
  | 'Usage'
  | 'Partial'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Invalid'
  | 'Forbidden'
  | 'Unauthorized'
  | 'Timeout'
  | 'Unreachable'
  | 'ServerError';

const STATUSES: Readonly<Record<FailureClass, number>> = {
  Usage: 2,
  Partial: 3,
  NotFound: 4,
  AlreadyExists: 5,
  Conflict: 6,
  Invalid: 7,
  Forbidden: 8,
  Unauthorized: 9,
  Timeout: 10,
  Unreachable: 11,
  ServerError: 12,
};

/** The classes of what an API server answers. A reason that is not here has the class of its code. */
const REASONS: Readonly<Partial<Record<StatusReason, FailureClass>>> = {
  NotFound: 'NotFound',
  Gone: 'NotFound',
  AlreadyExists: 'AlreadyExists',
  Conflict: 'Conflict',
  Expired: 'Conflict',
  Invalid: 'Invalid',
  BadRequest: 'Invalid',
  RequestEntityTooLarge: 'Invalid',
  UnsupportedMediaType: 'Invalid',
  Forbidden: 'Forbidden',
  Unauthorized: 'Unauthorized',
  Timeout: 'Timeout',
  ServerTimeout: 'Timeout',
};

/** The exit status of an error under `--exit-codes=detailed`; `other` for what belongs to no class. */
export function detailedStatus(error: unknown, other: number): number {
  const found = failureClass(error);
  return found === undefined ? other : STATUSES[found];
}

/** The class of an error, or of what caused it; undefined for what belongs to none. */
export function failureClass(error: unknown): FailureClass | undefined {
  if (error instanceof PartialFailure) return 'Partial';
  if (error instanceof AggregateError) return classOfSeveral(error.errors as unknown[]);
  if (error instanceof UsageError || error instanceof FlagError || error instanceof UnknownCommandError) return 'Usage';
  if (error instanceof StatusError) return REASONS[error.reason] ?? classOfCode(error.code);
  if (error instanceof ConnectionError) return error.failure === 'timeout' ? 'Timeout' : 'Unreachable';
  // AbortSignal.timeout's own error.
  if (error instanceof Error && error.name === 'TimeoutError') return 'Timeout';
  if (error instanceof Error && error.message.startsWith('timed out waiting ')) return 'Timeout';
  return error instanceof Error && error.cause !== undefined ? failureClass(error.cause) : undefined;
}

/** Errors that are all of one class have its status; others are no more than several errors. */
function classOfSeveral(errors: readonly unknown[]): FailureClass | undefined {
  const classes = new Set(errors.map(failureClass));
  return classes.size === 1 ? [...classes][0] : undefined;
}

function classOfCode(code: number): FailureClass | undefined {
  if (code === 404) return 'NotFound';
  if (code === 408 || code === 504) return 'Timeout';
  return code === 429 || code >= 500 ? 'ServerError' : undefined;
}
