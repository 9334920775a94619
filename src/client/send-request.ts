import type { ApiRequest, ApiResponse } from '../model/api-message.ts';
import { isJsonObject } from '../model/json-value.ts';
import { type Status, StatusError } from '../model/status.ts';
import type { GroupResource } from '../model/status-errors.ts';
import { warningTexts } from '../model/warning-header.ts';
import { genericStatusError } from './generic-status.ts';
import type { Transport } from './transport.ts';

/** How much of a body that is no Status is repeated in the error, as client-go limits it. */
const LONGEST_SERVER_MESSAGE = 2048;

/** Where requests go, and who is told the warnings in the answers. */
export interface Wire {
  readonly transport: Transport;
  warn(text: string): void;
}

/** What a request is about, for the error when the answer says nothing. */
interface Subject {
  readonly resource?: GroupResource;
  readonly name?: string;
}

/** Sends a request and resolves with successes alone; see ResourceClient.request. */
export async function sendRequest(wire: Wire, request: ApiRequest, subject: Subject = {}): Promise<ApiResponse> {
  const response = await wire.transport(request);
  for (const text of warningTexts(response.headers['warning'])) wire.warn(text);
  if (response.status >= 200 && response.status <= 206) return response;
  throw failureOf(request, response, subject);
}

function failureOf(request: ApiRequest, response: ApiResponse, subject: Subject): StatusError {
  const { status: code, body } = response;
  const status = asStatus(body, code);
  if (status !== undefined && status.status !== 'Success') {
    return new StatusError(status, response.cause === undefined ? undefined : { cause: response.cause });
  }
  const type = response.headers['content-type'] ?? '';
  const text = typeof body === 'string' && (type === '' || type.startsWith('text/'));
  const retryAfter = /^\d+$/.exec(response.headers['retry-after'] ?? '')?.[0];
  return genericStatusError({
    ...subject,
    code,
    method: request.method,
    serverMessage: text ? body.slice(0, LONGEST_SERVER_MESSAGE).trim() : 'unknown',
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: Number(retryAfter) }),
  });
}

/** The value when it is a Status; `code` fills in a code that it does not give. */
export function asStatus(value: unknown, code: number): Status | undefined {
  return isStatus(value) ? { ...value, code: typeof value.code === 'number' ? value.code : code } : undefined;
}

function isStatus(value: unknown): value is Status {
  return isJsonObject(value) && value['kind'] === 'Status' && value['apiVersion'] === 'v1';
}
