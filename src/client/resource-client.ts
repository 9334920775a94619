import type { ApiMethod, ApiRequest, ApiResponse, WatchEvent } from '../model/api-message.ts';
import { deepClone } from '../model/deep-clone.ts';
import { isJsonObject } from '../model/json-value.ts';
import type { KubeList, KubeObject } from '../model/kube-object.ts';
import { apiVersionOf, type ResourceInfo } from '../model/schema/resource-info.ts';
import { type Status, StatusError } from '../model/status.ts';
import type { Table } from '../model/table.ts';
import type { ChannelHandlers, ChannelRequest, ChannelStream } from './channel-stream.ts';
import type {
  DeleteOptions,
  ListOptions,
  PatchBody,
  ResourceClient,
  ResourceMapper,
  ResourceScope,
  WatchOptions,
  WriteOptions,
} from './client.ts';
import type { RememberingMapper } from './resource-mapper.ts';
import { resourcePath } from './resource-path.ts';
import { asStatus, sendRequest } from './send-request.ts';
import type { Transport } from './transport.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
export interface ResourceClientOptions {
  readonly transport: Transport;
  readonly mapper: ResourceMapper | RememberingMapper;
  /** Told every warning that the server sends, as often as it sends it. */
  warn(text: string): void;
}

/** The one ResourceClient: over any Transport, so that every backend is met in the same way. */
export function createResourceClient(options: ResourceClientOptions): ResourceClient {
  return new TransportResourceClient(options);
}

class TransportResourceClient implements ResourceClient {
  readonly mapper: ResourceMapper;
  readonly #options: ResourceClientOptions;
  /** The collection that was written to last: a bulk write has one for thousands of objects. */
  #last: { readonly resource: ResourceInfo; readonly namespace: string | undefined; readonly path: string } | undefined;

  constructor(options: ResourceClientOptions) {
    this.mapper = options.mapper;
    this.#options = options;
  }

  async get(scope: ResourceScope, name: string, options: { signal?: AbortSignal } = {}): Promise<KubeObject> {
    return this.#object<KubeObject>(scope, name, { method: 'GET', ...signalOf(options) });
  }

  async getTable(scope: ResourceScope, name: string, options: { signal?: AbortSignal } = {}): Promise<Table> {
    return this.#object<Table>(scope, name, { method: 'GET', headers: { accept: TABLE }, ...signalOf(options) });
  }

  async list(scope: ResourceScope, options: ListOptions = {}): Promise<KubeList> {
    const query = listQuery(options);
    const list = await this.#object<KubeList>(scope, undefined, { method: 'GET', query, ...signalOf(options) });
    return withItemKinds(list);
  }

  async listTable(scope: ResourceScope, options: ListOptions = {}): Promise<Table> {
    const query = listQuery(options);
    const headers = { accept: TABLE };
    return this.#object<Table>(scope, undefined, { method: 'GET', query, headers, ...signalOf(options) });
  }

  async *watch(scope: ResourceScope, options: WatchOptions = {}): AsyncIterable<WatchEvent> {
    const query = listQuery(options);
    query.set('watch', 'true');
    if (options.allowWatchBookmarks === true) query.set('allowWatchBookmarks', 'true');
    if (options.timeoutSeconds !== undefined) query.set('timeoutSeconds', String(options.timeoutSeconds));
    const headers = options.table === true ? { accept: TABLE } : {};
    const { events } = await this.#send(scope, undefined, { method: 'GET', query, headers, ...signalOf(options) });
    if (events === undefined) throw new Error('the server answered a watch with no stream of events');
    for await (const event of events) {
      if (event.type === 'ERROR') throw errorOfEvent(event.object);
      yield event;
    }
  }

  async create(scope: ResourceScope, object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    const name = scope.subresource === undefined ? undefined : object.metadata.name;
    return this.#write('POST', { scope, name, object }, options);
  }

  async update(scope: ResourceScope, object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    return this.#write('PUT', { scope, name: object.metadata.name ?? '', object }, options);
  }

  async patch(
    scope: ResourceScope,
    name: string,
    { type, body }: PatchBody,
    options: WriteOptions & { force?: boolean } = {},
  ): Promise<KubeObject> {
    const query = writeQuery(options);
    if (options.force !== undefined) query.set('force', String(options.force));
    const headers = { 'content-type': type };
    const request = { method: 'PATCH' as const, query, headers, body: deepClone(body), ...signalOf(options) };
    return this.#object<KubeObject>(scope, name, request);
  }

  async delete(scope: ResourceScope, name: string, options: DeleteOptions = {}): Promise<KubeObject | Status> {
    const body = deleteBody(options);
    return this.#object<KubeObject | Status>(scope, name, { method: 'DELETE', body, ...signalOf(options) });
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    return sendRequest(this.#options, request);
  }

  async connect(request: ChannelRequest, handlers: ChannelHandlers): Promise<ChannelStream> {
    const { connect } = this.#options.transport;
    if (connect !== undefined) return connect(request, handlers);
    await this.request({ ...request, method: 'GET' });
    throw new Error('the server answered a request for a stream with none');
  }

  async #write(
    method: ApiMethod,
    target: { scope: ResourceScope; name: string | undefined; object: KubeObject },
    options: WriteOptions,
  ): Promise<KubeObject> {
    const request = { method, query: writeQuery(options), body: deepClone(target.object), ...signalOf(options) };
    return this.#object<KubeObject>(target.scope, target.name, request);
  }

  /** Sends a request whose answer is an object, a list or a table. */
  async #object<T>(scope: ResourceScope, name: string | undefined, request: Omit<ApiRequest, 'path'>): Promise<T> {
    const { body, headers } = await this.#send(scope, name, request);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types of the API are its server's promise
    if (isJsonObject(body)) return body as T;
    const type = headers['content-type'] ?? 'nothing';
    throw new Error(
      `the server answered ${request.method} ${resourcePath(scope, name)} with ${type} instead of an object`,
    );
  }

  async #send(scope: ResourceScope, name: string | undefined, request: Omit<ApiRequest, 'path'>): Promise<ApiResponse> {
    const { group, plural } = scope.resource;
    const subject = { resource: { group, resource: plural }, ...(name === undefined ? {} : { name }) };
    try {
      const answer = await sendRequest(this.#options, { ...request, path: this.#path(scope, name) }, subject);
      this.#remembering?.confirm(scope.resource);
      return answer;
    } catch (error) {
      if (!isUnknownPath(error)) throw error;
      const resource = await this.#remembering?.lookAgain(scope.resource);
      if (resource === undefined || !isRepeatableAs(resource, scope.resource, request)) throw error;
      return this.#send({ ...scope, resource }, name, request);
    }
  }

  #path(scope: ResourceScope, name: string | undefined): string {
    const { resource, namespace, subresource } = scope;
    if (name !== undefined || subresource !== undefined) return resourcePath(scope, name);
    if (this.#last?.resource !== resource || this.#last.namespace !== namespace) {
      this.#last = { resource, namespace, path: resourcePath(scope) };
    }
    return this.#last.path;
  }

  get #remembering(): RememberingMapper | undefined {
    return isRemembering(this.mapper) ? this.mapper : undefined;
  }
}

function isRemembering(mapper: ResourceMapper | RememberingMapper): mapper is RememberingMapper {
  return 'lookAgain' in mapper;
}

/** A server's answer for a path that it does not serve, as against one for an object that is not there. */
function isUnknownPath(error: unknown): boolean {
  return (
    error instanceof StatusError &&
    error.code === 404 &&
    error.message.startsWith('the server could not find the requested resource')
  );
}

/**
 * Whether a request that a server knew no path for may be sent to what a resource has become. A body names the version
 * that it was made for; and what moved into or out of namespaces is not what was asked for.
 */
function isRepeatableAs(now: ResourceInfo, before: ResourceInfo, { method }: Pick<ApiRequest, 'method'>): boolean {
  const isElsewhere = apiVersionOf(now) !== apiVersionOf(before) || now.plural !== before.plural;
  return isElsewhere && now.namespaced === before.namespaced && (method === 'GET' || method === 'DELETE');
}

function signalOf({ signal }: { signal?: AbortSignal }): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function errorOfEvent(object: unknown): Error {
  const status = asStatus(object, 500);
  if (status !== undefined) return new StatusError(status);
  return new Error(`unexpected object in an ERROR event of a watch: ${JSON.stringify(object)}`);
}

function listQuery(options: ListOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (options.labelSelector) query.set('labelSelector', options.labelSelector);
  if (options.fieldSelector) query.set('fieldSelector', options.fieldSelector);
  if (options.limit !== undefined && options.limit > 0) query.set('limit', String(options.limit));
  if (options.continue) query.set('continue', options.continue);
  if (options.resourceVersion !== undefined) query.set('resourceVersion', options.resourceVersion);
  return query;
}

function writeQuery(options: WriteOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (options.dryRun === true) query.set('dryRun', 'All');
  if (options.fieldManager) query.set('fieldManager', options.fieldManager);
  if (options.fieldValidation) query.set('fieldValidation', options.fieldValidation);
  return query;
}

function deleteBody(options: DeleteOptions): Record<string, unknown> {
  return {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    ...(options.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: options.gracePeriodSeconds }),
    ...(options.preconditions === undefined ? {} : { preconditions: { ...options.preconditions } }),
    ...(options.propagationPolicy === undefined ? {} : { propagationPolicy: options.propagationPolicy }),
    ...(options.dryRun === true ? { dryRun: ['All'] } : {}),
  };
}

/**
 * A server leaves kind and apiVersion out of a list's items; whoever takes an item alone needs them. Mirrors
 * apimachinery's decoding of an UnstructuredList.
 */
function withItemKinds(list: KubeList): KubeList {
  const { apiVersion, kind } = list;
  // Go prints an empty list as null.
  const items = list.items ?? [];
  if (typeof kind !== 'string' || !kind.endsWith('List')) return { ...list, items };
  const itemKind = kind.slice(0, -'List'.length);
  return {
    ...list,
    items: items.map((item) => (item.kind === undefined ? { ...item, apiVersion, kind: itemKind } : item)),
  };
}
