import type { ApiRequest, ApiResponse } from '../model/api-message.ts';
import { methodNotAllowed, unknownPath } from '../model/status-errors.ts';
import type { ApiServer } from './api-server.ts';
import { apiGroup, apiGroupList, apiResourceList, apiVersions, groupVersionsOf } from './discovery/discovery.ts';
import { aggregatedDiscovery } from './discovery/aggregated-discovery.ts';
import { jsonResponse } from './output.ts';
import type { PathRequestInfo } from '../model/request-info.ts';
import { versionInfo } from './version-info.ts';

const HEALTH = ['healthz', 'livez', 'readyz'];
const OPENAPI = ['/openapi/v2', '/openapi/v3', '/openapi/v3/'];
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Answers paths that name no resource: discovery, OpenAPI, health, version. */
export async function servePath(server: ApiServer, request: ApiRequest, info: PathRequestInfo): Promise<ApiResponse> {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  const [root, ...rest] = info.segments;
  if (root === undefined) return jsonResponse(200, { paths: await rootPaths(server) });
  if (root === 'metrics' && rest.length === 0) return metrics(server);
  if (HEALTH.includes(root)) return health(server, rest.join('/'));
  if (root === 'version' && rest.length === 0) return jsonResponse(200, versionInfo());
  if (root === 'openapi') return (await import('./openapi/serve-openapi.ts')).serveOpenApi(server, request, rest);
  if ((root === 'api' || root === 'apis') && rest.length === 0 && wantsAggregated(request)) {
    return aggregatedResponse(await aggregatedDiscovery(server.catalog, root === 'api' ? 'core' : 'named'));
  }
  const body = await discoveryBody(server, root, rest);
  if (body === undefined) throw unknownPath();
  return jsonResponse(200, body);
}

async function metrics(server: ApiServer): Promise<ApiResponse> {
  if (server.metrics === undefined) throw unknownPath();
  return (await import('./metrics/serve-metrics.ts')).serveMetrics(server, server.metrics);
}

async function discoveryBody({ catalog }: ApiServer, root: string, rest: readonly string[]): Promise<unknown> {
  const [first = '', second = ''] = rest;
  if (root === 'api') {
    if (rest.length === 0) return apiVersions(catalog);
    return rest.length === 1 ? apiResourceList(catalog, '', first) : undefined;
  }
  if (root !== 'apis') return undefined;
  if (rest.length === 0) return apiGroupList(catalog);
  return rest.length === 1 ? apiGroup(catalog, first) : apiResourceList(catalog, first, second);
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
async function health({ storage }: ApiServer, check: string): Promise<ApiResponse> {
  if (check !== '' && check !== 'ping' && check !== 'etcd') throw unknownPath();
  if (check !== 'ping') await storage.revision();
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok' };
}

async function rootPaths({ catalog, metrics }: ApiServer): Promise<string[]> {
  const groups = await groupVersionsOf(catalog);
  const named = groups.filter(({ group }) => group !== '');
  const paths = named.flatMap(({ group, versions }) => [
    `/apis/${group}`,
    ...versions.map((each) => `/apis/${group}/${each}`),
  ]);
  const own = [
    ...HEALTH.map((each) => `/${each}`),
    ...OPENAPI,
    '/version',
    ...(metrics === undefined ? [] : ['/metrics']),
  ];
  return ['/api', '/api/v1', '/apis', ...paths, ...own].sort();
}
