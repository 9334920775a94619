import type { ApiRequest, ApiResponse } from '../model/api-message.ts';
import type { Connect } from './channel-stream.ts';

/**
 * The seam between the tool and a cluster: carries one API request to an API server, in this process or over HTTPS.
 * Resolves with whatever the server answered, a failure Status included; rejects with a ConnectionError when no answer
 * came, and with the signal's reason when the request was aborted.
 */
export interface Transport {
  (request: ApiRequest): Promise<ApiResponse>;
  /** Opens streams to containers, where there may be any: absent for a server in this process. */
  readonly connect?: Connect;
}
