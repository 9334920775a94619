import { failureClass } from './detailed-status.ts';
import { compactJson } from './model/json-printer.ts';
import { type Status, StatusError } from './model/status.ts';
import { UserError } from './model/user-error.ts';

/**
 * An error as metav1.Status documents, one a line, for programs: what an API server answered with its own reason, details
 * and code, and anything else without a code, its class (see FailureClass) as the reason of its cause.
 */
export function errorDocuments(error: unknown, shown: (error: unknown) => string): string {
  const lines = singleErrors(error).map((each) => compactJson(statusOf(each, shown), { sortKeys: false }));
  return lines.map((line) => `${line}\n`).join('');
}

function singleErrors(error: unknown): unknown[] {
  return error instanceof AggregateError ? (error.errors as unknown[]).flatMap(singleErrors) : [error];
}

function statusOf(error: unknown, shown: (error: unknown) => string): unknown {
  const answered = answeredStatus(error);
  if (answered !== undefined) {
    const { kind, apiVersion, metadata, status, reason, details, code } = answered;
    const message = error instanceof Error && error.message !== '' ? error.message : answered.message;
    return { kind, apiVersion, metadata, status, message, reason, details, code };
  }
  const reason = failureClass(error);
  const message = shown(error).trimEnd();
  const details = reason === undefined ? undefined : { causes: [{ reason, message }] };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, details };
}

/** What an API server said, also where a command has put words of its own around it. */
function answeredStatus(error: unknown): Status | undefined {
  if (error instanceof StatusError) return error.status;
  return error instanceof UserError && error.cause !== undefined ? answeredStatus(error.cause) : undefined;
}
