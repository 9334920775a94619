import type { ApiRequest } from '../model/api-message.ts';
import { isJsonObject } from '../model/json-value.ts';

/** Kinds whose POST only asks: nothing is stored. */
const ASKING = /\/(?:[a-z]+reviews)$/;

/**
 * Whether sending a request twice leaves the same as sending it once, so that it may be sent again when nobody knows what
 * became of it: reads, dry runs, merge and apply patches, a PUT that names the version it replaces, and a DELETE that names
 * the uid of what it deletes. Never a POST that creates, nor a JSON patch, which may add to a list.
 */
export function isRepeatable({ method, path, query, headers, body }: ApiRequest): boolean {
  if (query?.getAll('dryRun').includes('All') === true) return true;
  switch (method) {
    case 'GET':
    case 'HEAD':
    case 'OPTIONS':
      return true;
    case 'POST':
      return ASKING.test(path);
    case 'PUT':
      return isText(at(at(body, 'metadata'), 'resourceVersion'));
    case 'PATCH':
      return !(headers?.['content-type'] ?? '').startsWith('application/json-patch');
    case 'DELETE':
      return namesUid({ method, body });
  }
}

/** Whether this deletes one certain object, whatever comes after it under its name. */
export function namesUid({ method, body }: Pick<ApiRequest, 'method' | 'body'>): boolean {
  return method === 'DELETE' && isText(at(at(body, 'preconditions'), 'uid'));
}

function at(value: unknown, key: string): unknown {
  return isJsonObject(value) ? value[key] : undefined;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
