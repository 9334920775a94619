import type { ApiRequest, ApiResponse } from '../model/api-message.ts';
import { methodNotAllowed, unknownPath } from '../model/status-errors.ts';
import type { ApiServer } from './api-server.ts';
import { apiGroup, apiGroupList, apiResourceList, apiVersions, groupVersionsOf } from './discovery/discovery.ts';
import { aggregatedDiscovery } from './discovery/aggregated-discovery.ts';
import { jsonResponse } from './output.ts';
import type { PathRequestInfo } from './request-info.ts';
import { versionInfo } from './version-info.ts';

const HEALTH = ['healthz', 'livez', 'readyz'];
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Answers paths that name no resource: discovery, health, version. */
export async function servePath(server: ApiServer, request: ApiRequest, info: PathRequestInfo): Promise<ApiResponse> {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  const [root, first, second] = info.segments;
  const depth = info.segments.length;
  if (root !== undefined && HEALTH.includes(root)) return health(server, info.segments);
  if (root === 'version' && depth === 1) return jsonResponse(200, versionInfo());
  if (root === undefined) return jsonResponse(200, { paths: await rootPaths(server) });
  const aggregated = wantsAggregated(request);
  if (root === 'api' && depth === 1) {
    if (aggregated) return aggregatedResponse(await aggregatedDiscovery(server.catalog, 'core'));
    return jsonResponse(200, await apiVersions(server.catalog));
  }
  if (root === 'apis' && depth === 1) {
    if (aggregated) return aggregatedResponse(await aggregatedDiscovery(server.catalog, 'named'));
    return jsonResponse(200, await apiGroupList(server.catalog));
  }
  const body =
    root === 'api' && depth === 2
      ? await apiResourceList(server.catalog, '', first ?? '')
      : root === 'apis' && depth === 2
        ? await apiGroup(server.catalog, first ?? '')
        : root === 'apis' && depth === 3
          ? await apiResourceList(server.catalog, first ?? '', second ?? '')
          : undefined;
  if (body === undefined) throw unknownPath();
  return jsonResponse(200, body);
}

function aggregatedResponse(body: unknown): ApiResponse {
  return { status: 200, headers: { 'content-type': AGGREGATED }, body };
}

/** Whether the first form of discovery that the client can read is the aggregated one, in its version v2. */
function wantsAggregated({ headers }: ApiRequest): boolean {
  const [first = ''] = (headers?.['accept'] ?? '').split(',');
  const parts = new Set(first.split(';').map((part) => part.trim()));
  return ['application/json', 'g=apidiscovery.k8s.io', 'v=v2', 'as=APIGroupDiscoveryList'].every((part) =>
    parts.has(part),
  );
}

/** `ok` when the store answers. */
async function health({ storage }: ApiServer, segments: readonly string[]): Promise<ApiResponse> {
  const check = segments.slice(1).join('/');
  if (check !== '' && check !== 'ping' && check !== 'etcd') throw unknownPath();
  if (check !== 'ping') await storage.revision();
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok' };
}

async function rootPaths({ catalog }: ApiServer): Promise<string[]> {
  const groups = await groupVersionsOf(catalog);
  const named = groups.filter(({ group }) => group !== '');
  const paths = named.flatMap(({ group, versions }) => [
    `/apis/${group}`,
    ...versions.map((each) => `/apis/${group}/${each}`),
  ]);
  return ['/api', '/api/v1', '/apis', ...paths, ...HEALTH.map((each) => `/${each}`), '/version'].sort();
}
