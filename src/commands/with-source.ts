import { StatusError } from '../model/status.ts';
import { UserError } from '../model/user-error.ts';
import { Unanswered } from './interrupted.ts';

/** The error with what was being done and the manifest it concerns put before its message (kubectl's AddSourceToErr). */
export function withSource(doing: string, source: string, error: unknown): unknown {
  if (error instanceof StatusError) {
    const message = `error when ${doing} ${JSON.stringify(source)}: ${error.message}`;
    return new StatusError({ ...error.status, message }, { cause: error.cause });
  }
  if (error instanceof UserError) {
    const Same = error instanceof Unanswered ? Unanswered : UserError;
    return new Same(`error when ${doing} ${JSON.stringify(source)}: ${error.message}`, { cause: error });
  }
  return error;
}
