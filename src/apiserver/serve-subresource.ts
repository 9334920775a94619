import type { ApiResponse } from '../model/api-message.ts';
import { methodNotAllowed, unknownPath } from '../model/status-errors.ts';
import { admitPosted } from './admission/run-hooks.ts';
import { notImplemented } from './not-implemented.ts';
import { withWarnings } from './output.ts';
import { isApply } from './request-options.ts';
import type { ResourceRequest } from './resource-request.ts';

type Serve = (request: ResourceRequest) => Promise<ApiResponse>;

/** Subresources that are created (POST), by resource and name; each does something about its object. */
const CREATED: Readonly<Record<string, Serve>> = {
  'pods/binding': async (request) => (await import('./subresources/binding.ts')).bind(request),
  'pods/eviction': async (request) => (await import('./subresources/eviction.ts')).evict(request),
  'serviceaccounts/token': async (request) => (await import('./subresources/token.ts')).requestToken(request),
};

/** A request of a subresource: a part of an object, or something to do about it. */
export async function serveSubresource(request: ResourceRequest): Promise<ApiResponse> {
  const { info, served } = request;
  const { subresource } = info;
  const known = served.subresources.find((each) => each.name === subresource);
  if (known === undefined) throw unknownPath();
  const path = `${served.info.plural}/${subresource}`;
  const created = served.info.group === '' ? CREATED[path] : undefined;
  if (created !== undefined) {
    if (request.request.method !== 'POST') throw methodNotAllowed();
    const warnings = await admitPosted(request);
    return withWarnings(await created(request), warnings);
  }
  if (path.startsWith('pods/') && served.info.group === '') {
    const { answerWithoutKubelet, needsKubelet } = await import('./subresources/no-kubelet.ts');
    if (needsKubelet(subresource)) return answerWithoutKubelet(request);
  }
  if (subresource === 'scale') {
    const applies = request.request.method === 'PATCH' && isApply(request.request);
    return applies
      ? (await import('./verbs/apply-scale.ts')).applyScale(request)
      : (await import('./verbs/scale.ts')).scale(request);
  }
  const shown = subresource === 'status' || served.strategy.subresources?.[subresource] !== undefined;
  if (!shown && subresource !== 'finalize') throw notImplemented(`the subresource ${path}`);
  return servePart(request, shown);
}

/** A part of the object itself; `finalize` can only be put. */
async function servePart(request: ResourceRequest, shown: boolean): Promise<ApiResponse> {
  const { method } = request.request;
  if (shown && (method === 'GET' || method === 'HEAD')) return (await import('./verbs/get.ts')).get(request);
  if (method === 'PUT') return (await import('./verbs/update.ts')).update(request);
  if (shown && method === 'PATCH') return (await import('./verbs/patch.ts')).patch(request);
  throw methodNotAllowed();
}
