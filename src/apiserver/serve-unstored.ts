import type { ApiResponse } from '../model/api-message.ts';
import { methodNotAllowed, unknownPath } from '../model/status-errors.ts';
import { notImplemented } from './not-implemented.ts';
import type { ResourceRequest } from './resource-request.ts';

/** A request of a resource whose objects are never stored: reviews and bindings, which are answered at once. */
export async function serveUnstored(request: Omit<ResourceRequest, 'served'>): Promise<ApiResponse> {
  const { info } = request;
  const { isReview, answerReview } = await import('./access/reviews.ts');
  const isBinding = info.group === '' && info.resource === 'bindings';
  if (!isBinding && !isReview(info)) throw notImplemented(`the resource ${info.resource}`);
  const namespaced = isBinding || info.resource === 'localsubjectaccessreviews';
  if (info.name !== '' || namespaced !== (info.namespace !== '')) throw unknownPath();
  if (request.request.method !== 'POST') throw methodNotAllowed();
  return isBinding ? (await import('./subresources/binding.ts')).bind(request) : answerReview(request);
}
