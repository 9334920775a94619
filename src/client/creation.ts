import type { ApiRequest, ApiResponse } from '../model/api-message.ts';
import { isJsonObject } from '../model/json-value.ts';
import type { Transport } from './transport.ts';

/** Whether the request creates an object of a certain name. */
export function createsByName({ method, body }: ApiRequest): boolean {
  return method === 'POST' && nameIn(body) !== '';
}

/**
 * Whether a creation whose answer was lost was not done: its object is looked for and is not there. False for a request
 * that creates no object by name, and when that cannot be found out. Rejects with the signal's reason.
 */
export async function isMissing(transport: Transport, request: ApiRequest): Promise<boolean> {
  if (!createsByName(request)) return false;
  const { path, body, signal } = request;
  const name = nameIn(body);
  const get = { method: 'GET' as const, path: `${path}/${encodeURIComponent(name)}` };
  try {
    const answer = await transport(signal === undefined ? get : { ...get, signal });
    return answer.status === 404 && isNotFoundOf(answer.body, name);
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

/** An answer AlreadyExists to a creation that may have been done before says so. */
export function withDoubt(request: ApiRequest, response: ApiResponse): ApiResponse {
  if (request.method !== 'POST' || response.status !== 409 || !isJsonObject(response.body)) return response;
  const { message, reason } = response.body;
  if (typeof message !== 'string' || reason !== 'AlreadyExists') return response;
  const doubt = 'the answer to an earlier attempt was lost, which may have created it';
  return { ...response, body: { ...response.body, message: `${message} (${doubt})` } };
}

function nameIn(body: unknown): string {
  const metadata = isJsonObject(body) ? body['metadata'] : undefined;
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  return typeof name === 'string' ? name : '';
}

/** That the object is not there, rather than the path. */
function isNotFoundOf(body: unknown, name: string): boolean {
  if (!isJsonObject(body) || body['reason'] !== 'NotFound') return false;
  const { details } = body;
  return isJsonObject(details) && details['name'] === name;
}
