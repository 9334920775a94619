import type { ApiRequest } from '../model/api-message.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported } from '../model/field-error.ts';
import { badRequest, invalid } from '../model/status-errors.ts';
import type { ListObjectsOptions } from '../storage/object-storage.ts';

/**
 * Reads limit, continue, resourceVersion and resourceVersionMatch of a list, with kube-apiserver's meaning: no version is
 * the newest; one with a limit, or with Exact, is read at exactly; otherwise the list is at least as new. Throws Invalid or
 * BadRequest.
 */
export function listOptions({ query = new URLSearchParams() }: ApiRequest): ListObjectsOptions {
  const limit = numberParameter(query, 'limit');
  const token = query.get('continue') ?? '';
  const version = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const errors = matchErrors(match, version, token);
  if (query.has('sendInitialEvents')) {
    errors.push(fieldForbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  if (errors.length > 0) throw invalid('ListOptions', 'meta.k8s.io', '', errors);
  const paging = { ...(limit > 0 ? { limit } : {}), ...(token === '' ? {} : { continue: token }) };
  if (token !== '') {
    if (version !== '' && version !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    return paging;
  }
  const revision = revisionOf(version);
  if (revision === 0) return paging;
  const exact = match === 'Exact' || (match === '' && limit > 0);
  return { ...paging, ...(exact ? { revision } : { notOlderThan: revision }) };
}

/** Looks at what of a watch's options goes together. Throws Invalid. */
export function checkWatchOptions(query: URLSearchParams): void {
  const path = 'resourceVersionMatch';
  const match = query.get(path) ?? '';
  const initial = query.has('sendInitialEvents');
  const errors: FieldError[] = [];
  if (initial && match !== 'NotOlderThan') {
    errors.push(fieldForbidden(path, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  }
  if (match !== '') {
    const why = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
    if (!initial) errors.push(fieldForbidden(path, why));
    if (match !== 'NotOlderThan') errors.push(notSupported(path, match, ['NotOlderThan']));
    if ((query.get('continue') ?? '') !== '') {
      errors.push(fieldForbidden(path, 'resourceVersionMatch is forbidden when continue is provided'));
    }
  }
  if (errors.length > 0) throw invalid('ListOptions', 'meta.k8s.io', '', errors);
}

/** A resourceVersion as a revision; 0 when it is none. Throws Invalid. */
export function revisionOf(version: string): number {
  if (version === '') return 0;
  if (/^\d{1,15}$/.test(version)) return Number(version);
  const why = `strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`;
  throw invalid('ListOptions', 'meta.k8s.io', '', [invalidValue('resourceVersion', version, why)]);
}

/** A parameter that is a whole number; 0 when it is absent. Throws BadRequest. */
export function numberParameter(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '';
  if (text === '') return 0;
  if (!/^-?\d{1,15}$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

function matchErrors(match: string, version: string, token: string): FieldError[] {
  if (match === '') return [];
  const path = 'resourceVersionMatch';
  const errors: FieldError[] = [];
  if (version === '') {
    errors.push(fieldForbidden(path, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
  }
  if (token !== '') errors.push(fieldForbidden(path, 'resourceVersionMatch is forbidden when continue is provided'));
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    errors.push(notSupported(path, match, ['Exact', 'NotOlderThan', '']));
  }
  if (match === 'Exact' && version === '0') {
    errors.push(fieldForbidden(path, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  return errors;
}
