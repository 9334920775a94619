import { queryBoolean } from '../../model/query-boolean.ts';
import type { ApiRequest, UserInfo } from '../../model/api-message.ts';
import type { RequestInfo, ResourceRequestInfo } from '../../model/request-info.ts';

/** A question of access: whether a user may do something (authorizer.Attributes). */
export type AccessAttributes = ResourceAttributes | PathAttributes;

/** About objects of a resource. */
export interface ResourceAttributes {
  readonly type: 'resource';
  readonly user: UserInfo;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, or one of access control's own. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  /** '' is the whole cluster. */
  readonly namespace: string;
  /** '' is any. */
  readonly name: string;
}

/** About a path that names no resource. */
export interface PathAttributes {
  readonly type: 'path';
  readonly user: UserInfo;
  /** The method in lower case. */
  readonly verb: string;
  readonly path: string;
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

/** What a request asks for (RequestInfoFactory of apiserver, where it concerns access). */
export function attributesOf(request: ApiRequest, info: RequestInfo, user: UserInfo): AccessAttributes {
  if (info.type === 'path') {
    return { type: 'path', user, verb: request.method.toLowerCase(), path: request.path };
  }
  const { group, version, resource, subresource } = info;
  const name = info.name === '' ? selectedName(request) : info.name;
  const namespace = group === '' && resource === 'namespaces' ? info.name : info.namespace;
  const verb = verbOf(request, info);
  return { type: 'resource', user, verb, group, version, resource, subresource, namespace, name };
}

function verbOf({ method, query }: ApiRequest, info: ResourceRequestInfo): string {
  const known = VERBS[method];
  if (known !== undefined) return known;
  if (method === 'DELETE') return info.name === '' ? 'deletecollection' : 'delete';
  if (info.forceWatch || queryBoolean(query, 'watch') === true) return 'watch';
  return info.name === '' ? 'list' : 'get';
}

/** A list of the one object of a name is asked about as such. */
function selectedName({ method, query }: ApiRequest): string {
  if (method !== 'GET' && method !== 'HEAD' && method !== 'DELETE') return '';
  return /(?:^|,)metadata\.name==?([^,!=]+)/.exec(query?.get('fieldSelector') ?? '')?.[1] ?? '';
}
