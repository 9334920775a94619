import { queryBoolean } from '../../model/query-boolean.ts';
import type { ApiRequest } from '../../model/api-message.ts';
import { type PathRequestInfo, requestInfo, type ResourceRequestInfo } from '../../model/request-info.ts';
import type { Labels } from './metric-text.ts';

const PLAIN_PATHS: ReadonlySet<string> = new Set(['healthz', 'livez', 'readyz', 'metrics', 'version']);

/** What a request asks for, in the labels of apiserver's request metrics. */
export function requestLabels(request: ApiRequest): Labels {
  const info = requestInfo(request.path);
  const labels = info.type === 'path' ? pathLabels(request, info) : resourceLabels(request, info);
  const { verb = '', ...rest } = labels;
  return { verb, dry_run: dryRunLabel(request), ...rest, component: 'apiserver' };
}

function pathLabels(request: ApiRequest, { segments }: PathRequestInfo): Labels {
  const [root = '', first = '', second = ''] = segments;
  const subresource = PLAIN_PATHS.has(root) ? `/${root}` : '';
  const group = root === 'apis' ? first : '';
  const version = root === 'apis' ? second : root === 'api' ? first : '';
  return { verb: methodOf(request), group, version, resource: '', subresource, scope: '' };
}

function resourceLabels(request: ApiRequest, info: ResourceRequestInfo): Labels {
  const { group, version, resource, subresource, namespace, name } = info;
  const verb = resourceVerb(request, info);
  const isResource = name !== '' || verb === 'POST';
  const scope = isResource ? 'resource' : namespace === '' ? 'cluster' : 'namespace';
  return { verb, group, version, resource, subresource, scope };
}

function resourceVerb(request: ApiRequest, { name, forceWatch }: ResourceRequestInfo): string {
  const method = methodOf(request);
  if (method === 'GET') {
    if (forceWatch || queryBoolean(request.query, 'watch') === true) return 'WATCH';
    return name === '' ? 'LIST' : 'GET';
  }
  if (method === 'DELETE' && name === '') return 'DELETECOLLECTION';
  const isApply = (request.headers?.['content-type'] ?? '').startsWith('application/apply-patch');
  return method === 'PATCH' && isApply ? 'APPLY' : method;
}

function methodOf({ method }: ApiRequest): string {
  return method === 'HEAD' ? 'GET' : method;
}

function dryRunLabel({ query }: ApiRequest): string {
  const values = query?.getAll('dryRun').filter((value) => value !== '') ?? [];
  if (values.length === 0) return '';
  return values.every((value) => value === 'All') ? 'All' : 'invalid';
}
