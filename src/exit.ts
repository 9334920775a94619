import { FlagError } from './commands/flag-error.ts';
import { PreferencesError } from './commands/kuberc/preferences-error.ts';
import { NoResourceError } from './commands/no-resource-error.ts';
import { SilentExit } from './commands/silent-exit.ts';
import { UsageError } from './commands/usage-error.ts';
import { detailedStatus } from './detailed-status.ts';
import { errorDocuments } from './error-documents.ts';
import { ConfigurationError } from './model/configuration-error.ts';
import { ConnectionError } from './model/connection-error.ts';
import { StatusError, type StatusCause } from './model/status.ts';
import { UserError } from './model/user-error.ts';
import { StorageError } from './storage/storage-error.ts';

/** What the person sees of an error, and the program's exit status. */
export interface Presentation {
  /** Ends with a newline, or is empty. */
  readonly text: string;
  readonly status: number;
}

/** Where the error happened, as typed. */
export interface Place {
  readonly programName: string;
  readonly commandPath: string;
  /** The status of an error that has none of its own; 1 when not said. */
  readonly errorStatus?: number;
  /** `--exit-codes=detailed` */
  readonly detailed?: boolean;
  /** `--error-format=json` */
  readonly json?: boolean;
}

/** Turns any error into text and status; mirrors checkErr of kubectl's pkg/cmd/util/helpers.go. */
export function presentError(error: unknown, place: Place): Presentation {
  if (error instanceof SilentExit) return { text: '', status: error.exitStatus };
  const other = place.errorStatus ?? 1;
  const status = place.detailed === true ? detailedStatus(error, other) : other;
  return { text: place.json === true ? errorDocuments(error, messageOf) : errorText(error, place), status };
}

function errorText(error: unknown, place: Place): string {
  if (error instanceof AggregateError) {
    // Only the outermost of a single error is taken off: within it, it is one of several that happen to be one.
    const [only] = error.errors as unknown[];
    const several = error.errors.length === 1 ? only : error;
    if (!(several instanceof AggregateError)) return errorText(several, place);
    const lines = (several.errors as unknown[]).map((each) => `${lineOf(each)}\n`);
    return lines.join('');
  }
  return ended(textOf(error, place));
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

function textOf(error: unknown, place: Place): string {
  if (error instanceof StatusError && error.reason === 'Invalid') return invalidText(error);
  const known = knownText(error);
  if (known !== undefined) return known;
  const message = messageOf(error);
  const text = message.startsWith('error: ') ? message : `error: ${message}`;
  if (error instanceof UsageError) return `${text}\nSee '${place.commandPath} -h' for help and examples`;
  if (error instanceof FlagError) return `${text}\nSee '${place.commandPath} --help' for usage.`;
  return text;
}

/** One of several errors: as alone where it has a form of its own, else its bare message (kubectl's messageForError). */
function lineOf(error: unknown): string {
  return knownText(error) ?? messageOf(error);
}

function knownText(error: unknown): string | undefined {
  if (error instanceof ConfigurationError || error instanceof NoResourceError || error instanceof PreferencesError) {
    return error.message;
  }
  if (error instanceof StatusError) return statusText(error);
  if (error instanceof ConnectionError) {
    return error.failure === 'refused'
      ? `The connection to the server ${error.address} was refused - did you specify the right host or port?`
      : `Unable to connect to the server: ${error.message}`;
  }
  return undefined;
}

function statusText(error: StatusError): string {
  const hint = error.cause instanceof StorageError && error.cause.hint !== undefined ? `\n${error.cause.hint}` : '';
  if (error.reason === 'Unauthorized') return `error: You must be logged in to the server (${error.message})`;
  const reason = error.reason === '' ? '' : ` (${error.reason})`;
  return `Error from server${reason}: ${error.message}${hint}`;
}

function invalidText(error: StatusError): string {
  const { details, message } = error.status;
  if (details === undefined) return `The request is invalid${message ? `: ${message}` : ''}`;
  const causes = details.causes ?? [];
  const named = Boolean(details.kind) || Boolean(details.name);
  const subject = named
    ? `The ${details.kind ?? ''} ${JSON.stringify(details.name ?? '')} is invalid`
    : 'The request is invalid';
  if (causes.length === 0) return named || !message ? subject : `${subject}: ${message}`;
  const lines = [...new Set(causes.map(causeText))];
  return lines.length === 1
    ? `${subject}: ${lines[0] ?? ''}`
    : `${subject}: \n${lines.map((line) => `* ${line}`).join('\n')}`;
}

function causeText({ field, message }: StatusCause): string {
  return `${field ?? ''}: ${message ?? ''}`;
}

/** What helps against the failure of the store that is behind an answer, as a line of its own; empty when there is nothing. */
function hintBehind({ cause }: Error): string {
  const hint = cause instanceof StatusError && cause.cause instanceof StorageError ? cause.cause.hint : undefined;
  return hint === undefined || hint === '' ? '' : `\n${hint}`;
}

function messageOf(error: unknown): string {
  if (error instanceof StorageError) {
    return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
  }
  if (error instanceof UserError) return error.message + hintBehind(error);
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  return String(error);
}
