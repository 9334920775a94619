import type { ApiRequest, ApiResponse } from '../model/api-message.ts';
import { ConnectionError } from '../model/connection-error.ts';
import { deepClone } from '../model/deep-clone.ts';
import { createsByName, isMissing, withDoubt } from './creation.ts';
import { isRepeatable, namesUid } from './repeatable.ts';
import type { Transport } from './transport.ts';

const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 10_000;
/** A server that asks to wait for longer than this is not waited for. */
export const LONGEST_RETRY_AFTER = 300_000;

export interface Retrying {
  /** How often a request is sent again. */
  readonly retries: number;
  /** Waits; rejects when the signal aborts. */
  pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void>;
  /** Told of every repetition. */
  log?(text: string): void;
}

/**
 * A Transport that sends a request again when no answer came or the server could not answer (429, 500, 502, 503, 504), with
 * pauses that double, or as long as `Retry-After` says. What may not be sent twice is only sent again when it surely never
 * arrived: the connection was refused, or the server turned it away (429); or, for the creation of an object by name, when
 * that object was looked for and is not there. A `Retry-After` of more than five minutes is not waited for.
 */
export function retryingTransport(transport: Transport, retrying: Retrying): Transport {
  return async (request) => {
    let ambiguous = false;
    for (let retry = 0; ; retry++) {
      // A receiver in this process may change the body that it is given.
      const sent = request.body === undefined ? request : { ...request, body: deepClone(request.body) };
      const outcome = await settled(transport, sent);
      const wait = pauseAfter(outcome, retry);
      const last = retry >= retrying.retries || request.signal?.aborted === true || wait > LONGEST_RETRY_AFTER;
      if (last || !mayRepeat(request, outcome)) return answerOf(request, outcome, ambiguous);
      retrying.log?.(
        `${request.method} ${request.path}: ${whyOf(outcome)}; again in ${wait}ms (${retry + 1} of ${retrying.retries})`,
      );
      await retrying.pause(wait, request.signal);
      if (surelyUndone(outcome)) continue;
      ambiguous = true;
      if (!isRepeatable(request) && !(await isMissing(transport, request))) return answerOf(request, outcome, true);
    }
  };
}

type Outcome = { readonly response: ApiResponse } | { readonly error: unknown };

async function settled(transport: Transport, request: ApiRequest): Promise<Outcome> {
  try {
    return { response: await transport(request) };
  } catch (error) {
    return { error };
  }
}

function mayRepeat(request: ApiRequest, outcome: Outcome): boolean {
  return failedForNow(outcome) && (surelyUndone(outcome) || isRepeatable(request) || createsByName(request));
}

function failedForNow(outcome: Outcome): boolean {
  if ('error' in outcome) return outcome.error instanceof ConnectionError && outcome.error.failure !== 'tls';
  return [429, 500, 502, 503, 504].includes(outcome.response.status);
}

function surelyUndone(outcome: Outcome): boolean {
  if ('error' in outcome) return outcome.error instanceof ConnectionError && !outcome.error.sent;
  return outcome.response.status === 429;
}

function answerOf(request: ApiRequest, outcome: Outcome, ambiguous: boolean): ApiResponse {
  if ('error' in outcome) throw outcome.error;
  const { response } = outcome;
  // An earlier request may have deleted it; whether or not, the object of this uid is gone, as was wanted.
  const isGone = ambiguous && namesUid(request) && (response.status === 404 || response.status === 409);
  if (isGone) return deletedAnswer(request);
  return ambiguous ? withDoubt(request, response) : response;
}

function deletedAnswer({ body }: ApiRequest): ApiResponse {
  const { preconditions } = body as { preconditions: { uid: string } };
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { uid: preconditions.uid },
  };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: status };
}

function pauseAfter(outcome: Outcome, retry: number): number {
  const asked = 'response' in outcome ? outcome.response.headers['retry-after'] : undefined;
  if (asked !== undefined && /^\d+$/.test(asked)) return Number(asked) * 1000;
  return Math.min(FIRST_PAUSE * 2 ** retry, LONGEST_PAUSE);
}

function whyOf(outcome: Outcome): string {
  if ('response' in outcome) return `answered ${outcome.response.status}`;
  return outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
}
