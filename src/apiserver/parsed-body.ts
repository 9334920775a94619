import type { ApiRequest } from '../model/api-message.ts';
import { parseJson } from '../model/json-reader.ts';
import { RawJson } from '../model/raw-json.ts';
import { badRequest } from '../model/status-errors.ts';
import { UserError } from '../model/user-error.ts';

/** The request with a body that came as text parsed. Throws BadRequest in Go's words when it is no JSON, or has a number that none can hold. */
export function withParsedBody(request: ApiRequest): ApiRequest {
  if (!(request.body instanceof RawJson)) return request;
  try {
    return { ...request, body: parseJson(request.body.bytes.toString('utf8')) };
  } catch (error) {
    if (error instanceof UserError) throw badRequest(error.message);
    throw error;
  }
}
