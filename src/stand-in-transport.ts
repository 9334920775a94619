import type { ApiRequest } from './model/api-message.ts';
import { queryBoolean } from './model/query-boolean.ts';
import type { Transport } from './client/transport.ts';

interface Servers {
  /** Opens the server of an empty store that is nowhere. */
  standIn(): Promise<Transport>;
  /** Opens the server of the store. */
  real(): Promise<Transport>;
}

/**
 * The server of a store that was never made: whatever only looks, or is a dry run, is answered as by one that is empty.
 * The store is opened, and thereby made, for what would be stored, and to wait for what others store. Nothing is opened
 * before the first request.
 */
export function standInTransport(servers: Servers): Transport {
  let standIn: Promise<Transport> | undefined;
  let real: Promise<Transport> | undefined;
  return async (request) => {
    // What is in the store from now on is what counts.
    if (real === undefined && storesNothing(request)) return (await (standIn ??= servers.standIn()))(request);
    return (await (real ??= servers.real()))(request);
  };
}

function storesNothing({ method, path, query }: ApiRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return query?.getAll('dryRun').includes('All') === true;
  return queryBoolean(query, 'watch') !== true && !/^\/apis?\/.*\/watch\//.test(path);
}
