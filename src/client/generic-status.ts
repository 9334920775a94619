import { type Status, StatusError, type StatusReason } from '../model/status.ts';
import { type GroupResource, groupResourceText } from '../model/status-errors.ts';

/** A failed answer whose body is no Status: from a proxy, a load balancer, or a server that is not Kubernetes. */
export interface UnexpectedAnswer {
  readonly code: number;
  readonly method: string;
  readonly resource?: GroupResource;
  readonly name?: string;
  /** The body when it was text, else `unknown`. */
  readonly serverMessage: string;
  readonly retryAfterSeconds?: number;
}

/** What is said of a code, and whether the server's own message takes its place. */
const MEANINGS: Readonly<Record<number, { reason: StatusReason; message: string }>> = {
  400: { reason: 'BadRequest', message: 'the server rejected our request for an unknown reason' },
  401: { reason: 'Unauthorized', message: 'the server has asked for the client to provide credentials' },
  404: { reason: 'NotFound', message: 'the server could not find the requested resource' },
  405: { reason: 'MethodNotAllowed', message: 'the server does not allow this method on the requested resource' },
  409: { reason: 'Conflict', message: 'the server reported a conflict' },
  422: { reason: 'Invalid', message: 'the server rejected our request due to an error in our request' },
  429: {
    reason: 'TooManyRequests',
    message: 'the server has received too many requests and has asked us to try again later',
  },
  503: { reason: 'ServiceUnavailable', message: 'the server is currently unable to handle the request' },
  504: {
    reason: 'Timeout',
    message: 'the server was unable to return a response in the time allotted, but may still be processing the request',
  },
};

/** The error for such an answer; mirrors NewGenericServerResponse of k8s.io/apimachinery/pkg/api/errors. */
export function genericStatusError(answer: UnexpectedAnswer): StatusError {
  const { code, resource, name = '', serverMessage } = answer;
  const { reason, message } = meaningOf(answer);
  const status: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: message + subjectOf(answer),
    reason,
    details: {
      ...(name === '' ? {} : { name }),
      ...(resource === undefined ? {} : { group: resource.group, kind: resource.resource }),
      causes: [{ reason: 'UnexpectedServerResponse', message: serverMessage }],
      ...(answer.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: answer.retryAfterSeconds }),
    },
    code,
  };
  return new StatusError(status);
}

function meaningOf({ code, method, serverMessage }: UnexpectedAnswer): { reason: StatusReason; message: string } {
  const silent = serverMessage === '' || serverMessage === 'unknown';
  const clientTypes = 'the server was unable to respond with a content type that the client supports';
  if (code === 403) return { reason: 'Forbidden', message: serverMessage };
  if (code === 406) return { reason: 'NotAcceptable', message: silent ? clientTypes : serverMessage };
  if (code === 415) return { reason: 'UnsupportedMediaType', message: serverMessage };
  const known = MEANINGS[code];
  if (known !== undefined) return code === 409 && method === 'POST' ? { ...known, reason: 'AlreadyExists' } : known;
  const message =
    code >= 500
      ? `an error on the server (${JSON.stringify(serverMessage)}) has prevented the request from succeeding`
      : `the server responded with the status code ${code} but did not return more information`;
  return { reason: code >= 500 ? 'InternalError' : '', message };
}

function subjectOf({ method, resource, name = '' }: UnexpectedAnswer): string {
  if (resource === undefined) return '';
  const words = [method.toLowerCase(), groupResourceText(resource), ...(name === '' ? [] : [name])];
  return ` (${words.join(' ')})`;
}
