import { goQuote } from '../../model/go-text.ts';
import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import type { StatusError } from '../../model/status.ts';

/** Why a text has to be edited again. */
export interface EditReason {
  readonly head: string;
  readonly causes: readonly string[];
}

/** What became of the objects of one edited text. */
export class EditResults {
  readonly reasons: EditReason[] = [];
  /** Objects that could not be changed for reasons that may pass. */
  retryable = 0;
  notFound = 0;

  /** Counts a failure and returns the line that tells of it. */
  add(error: StatusError, subject: { readonly resource: ResourceInfo; readonly name: string }): string {
    const what = `${resourceText(subject.resource)} ${goQuote(subject.name)}`;
    if (error.reason === 'Invalid') {
      const causes = error.status.details?.causes ?? [];
      const texts = causes.map(({ field = '', message = '' }) => `${field}: ${message}`);
      this.reasons.push({ head: `${what} was not valid`, causes: texts });
      return `error: ${what} is invalid`;
    }
    if (error.reason === 'NotFound') {
      this.notFound++;
      return `error: ${what} could not be found on the server`;
    }
    this.retryable++;
    return `error: ${what} could not be patched: ${error.message}`;
  }

  /** The same for a text whose objects cannot be read at all; told of the first object. */
  addUnreadable(message: string, subject: { readonly resource: ResourceInfo; readonly name: string }): string {
    const what = `${resourceText(subject.resource)} ${goQuote(subject.name)}`;
    const cause = `<nil>: Invalid value: "The edited file failed validation": ${message}`;
    this.reasons.push({ head: `${what} was not valid`, causes: [cause] });
    return `error: ${what} is invalid`;
  }
}

function resourceText({ plural, group }: ResourceInfo): string {
  return group === '' ? plural : `${plural}.${group}`;
}
