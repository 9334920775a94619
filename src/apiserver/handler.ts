import { statusMediaType } from '../model/accept-header.ts';
import type { ApiRequest, ApiResponse, UserInfo } from '../model/api-message.ts';
import type { CertificateSigner, RequestedSubject } from '../model/certificate-signer.ts';
import { internalError, methodNotAllowed, unknownPath } from '../model/status-errors.ts';
import { StatusError } from '../model/status.ts';
import type { TokenSigner } from '../model/token-signer.ts';
import type { WebhookCaller } from '../model/webhook-caller.ts';
import type { ObjectStorage } from '../storage/object-storage.ts';
import { lazyHooks } from './admission/admission-hooks.ts';
import type { ApiServer } from './api-server.ts';
import { Bootstrap } from './bootstrap.ts';
import { BuiltInCatalog } from './built-in-catalog.ts';
import { CustomResourceCatalog } from './custom-resources/custom-resource-catalog.ts';
import { lazyGarbage } from './garbage.ts';
import type { ServerMetrics } from './metrics/server-metrics.ts';
import type { NamespaceContent } from './namespace-content.ts';
import { inMediaType, negotiate } from './negotiation.ts';
import { OnceDone } from './once-done.ts';
import { OpenApiDocuments } from './openapi/openapi-documents.ts';
import { jsonResponse, withWarnings } from './output.ts';
import { withParsedBody } from './parsed-body.ts';
import { KnownNamespaces } from './known-namespaces.ts';
import { QuotaKeeper } from './quota-keeper.ts';
import { queryBoolean } from '../model/query-boolean.ts';
import { type Randomness, systemRandomness } from './randomness.ts';
import {
  type PathRequestInfo,
  requestInfo,
  type RequestInfo,
  type ResourceRequestInfo,
} from '../model/request-info.ts';
import type { ResourceRequest } from './resource-request.ts';
import type { ResourceCatalog } from './served-resource.ts';
import { SharedEvents } from './shared-events.ts';

export interface ApiHandlerOptions {
  readonly storage: ObjectStorage;
  /** Which resources are served; absent: the built-in ones, and those that the store's definitions define. */
  readonly catalog?: ResourceCatalog;
  readonly now?: () => Date;
  readonly randomness?: Randomness;
  /** Whether a fresh store gets the objects that every cluster has; absent: yes. */
  readonly bootstrap?: boolean;
  /** What reaches admission webhooks over the network; absent: none can be reached. */
  readonly callWebhook?: WebhookCaller;
  /** Tells whom a request for a certificate in PEM is for; rejects with RequestError. Absent: nobody can. */
  readonly requestedSubject?: (request: string) => Promise<RequestedSubject>;
  /** What makes and checks tokens of service accounts. */
  readonly signer?: TokenSigner;
  /** Whose a token is that the server has of its own. */
  readonly tokenOwner?: (token: string) => UserInfo | undefined;
  /** Whether every namespace has what a cluster's controllers keep in it; absent: no. */
  readonly namespaceContent?: {
    /** The certificate of the server's own authority, in PEM. */
    readonly certificateAuthority: () => string | undefined;
  };
  /** What issues certificates for those whose requests were approved; absent: nobody does. */
  readonly certificateSigner?: () => CertificateSigner;
  /** What is told at /metrics; absent: nothing is counted. */
  readonly metrics?: ServerMetrics;
  /** What the users of requests may do: what roles allow them (absent: RBAC), or everything. */
  readonly authorization?: 'RBAC' | 'AlwaysAllow';
  /** Whether the admission plug-in ServiceAccount is on; absent: no. */
  readonly serviceAccounts?: boolean;
  /** Whether watches share what they are told, which nobody may change then; for servers with many watchers. Absent: no. */
  readonly sharedWatches?: boolean;
  /** Whether the roles that every API server has for users are stored, for all to see; they hold anyway. Absent: no. */
  readonly storePolicy?: boolean;
}

/** Answers requests of the Kubernetes API. */
export type ApiHandler = (request: ApiRequest) => Promise<ApiResponse>;

/**
 * A Kubernetes API server over a store, without a socket. Every failure is an answer with a Status; only an aborted
 * request rejects, with the signal's reason. Answers share nothing mutable with the store or with each other.
 */
export function createApiHandler(options: ApiHandlerOptions): ApiHandler {
  const { storage, now = () => new Date(), randomness = systemRandomness() } = options;
  const catalog = options.catalog ?? new CustomResourceCatalog({ storage, builtIn: new BuiltInCatalog(), now });
  const bootstrap = new Bootstrap({ storage, catalog, now, randomness, enabled: options.bootstrap ?? true });
  const server: ApiServer = {
    storage,
    catalog,
    now,
    randomness,
    bootstrap,
    signer: options.signer,
    callWebhook: options.callWebhook,
    certificateSigner: options.certificateSigner,
    requestedSubject: options.requestedSubject,
    serviceAccounts: options.serviceAccounts ?? false,
    hooks: lazyHooks(storage, async () => {
      const { HookStore } = await import('./admission/hooks/hook-store.ts');
      return new HookStore(server);
    }),
    tokenOwner: options.tokenOwner,
    metrics: options.metrics,
    sharedEvents: options.sharedWatches === true ? new SharedEvents() : undefined,
    rbac: options.authorization !== 'AlwaysAllow',
    openApi: new OpenApiDocuments(catalog),
    garbage: lazyGarbage(async () => {
      const { GarbageCollection } = await import('./garbage-collection.ts');
      return new GarbageCollection(server);
    }),
    knownNamespaces: new KnownNamespaces(),
    quotas: new QuotaKeeper(async (namespace) => {
      const { recountQuotas } = await import('./admission/resource-quota.ts');
      await recountQuotas(server, namespace);
    }),
  };
  const { namespaceContent } = options;
  const content =
    namespaceContent === undefined ? undefined : lazyContent(server, namespaceContent.certificateAuthority);
  const policy = new OnceDone(async () => (await import('./access/stored-policy.ts')).storeDefaultPolicy(server));
  const infoOf = rememberingLast();
  const answer: ApiHandler = async (request) => {
    request.signal?.throwIfAborted();
    try {
      if (options.storePolicy === true && seesPolicy(request)) await policy.done();
      return await route(server, withParsedBody(request), { info: infoOf(request.path), content });
    } catch (error) {
      request.signal?.throwIfAborted();
      return failureResponse(error, request);
    }
  };
  const { metrics } = options;
  return metrics === undefined ? answer : (request) => metrics.requests.measure(request, () => answer(request));
}

function failureResponse(error: unknown, { headers }: ApiRequest): ApiResponse {
  const failed =
    error instanceof StatusError ? error : internalError(error instanceof Error ? error.message : String(error));
  const cause = error instanceof StatusError ? error.cause : error;
  const response = inMediaType(
    jsonResponse(failed.code, failed.status, failed.warnings),
    statusMediaType(headers?.['accept'] ?? ''),
  );
  return cause === undefined ? response : { ...response, cause };
}

type ContentOf = () => Promise<NamespaceContent>;

function lazyContent(server: ApiServer, authority: () => string | undefined): ContentOf {
  let content: Promise<NamespaceContent> | undefined;
  return () => {
    content ??= import('./namespace-content.ts').then((module) => new module.NamespaceContent(server, authority));
    return content;
  };
}

/** Whether a request could tell that the default policy is not stored. */
function seesPolicy({ path }: ApiRequest): boolean {
  return path.startsWith('/apis/rbac.authorization.k8s.io/');
}

/** What is said of the media types of answers that are no objects of a resource. */
const DOCUMENTS = { protobuf: true, watch: false, transforms: false };

/** Whether an answer is a plain document of discovery; the aggregated one has a type of its own. */
function isDiscovery({ headers }: ApiResponse, { segments }: PathRequestInfo): boolean {
  return ['api', 'apis'].includes(segments[0] ?? '') && headers['content-type'] === 'application/json';
}

/** Reads paths, and knows the last one: many requests in a row are for the same collection. */
function rememberingLast(): (path: string) => RequestInfo {
  let last: { readonly path: string; readonly info: RequestInfo } | undefined;
  return (path) => {
    if (last?.path !== path) last = { path, info: requestInfo(path) };
    return last.info;
  };
}

async function route(
  server: ApiServer,
  request: ApiRequest,
  { info, content }: { readonly info: RequestInfo; readonly content: ContentOf | undefined },
): Promise<ApiResponse> {
  if (server.rbac && request.user !== undefined) {
    await (await import('./access/check-access.ts')).checkAccess(server, request, info);
  }
  if (info.type === 'path') {
    const { servePath } = await import('./serve-path.ts');
    const response = await servePath(server, request, info);
    return isDiscovery(response, info) ? inMediaType(response, negotiate(request, DOCUMENTS).type) : response;
  }
  const served = await server.catalog.find(info.group, info.version, info.resource);
  if (served === undefined) return missingResource(server, request, info);
  const watch = isWatch({ request, info });
  // A custom resource's objects are JSON alone; its Scale is a kind like others.
  const protobuf = served.type !== undefined || info.subresource === 'scale';
  const negotiated = negotiate(request, { protobuf, watch, transforms: true });
  const filled = await content?.();
  await filled?.before(info);
  const response = await serveResource({ server, request: negotiated.request, info, served });
  if (response.status < 300) await filled?.after(request, info, response.body);
  return inMediaType(withWarnings(response, served.warnings ?? []), negotiated.type);
}

/** A resource that is known and not stored is answered on the spot; any other is not there, which nobody answers with a Status. */
async function missingResource(
  server: ApiServer,
  request: ApiRequest,
  info: ResourceRequestInfo,
): Promise<ApiResponse> {
  const all = await server.catalog.all();
  const known = all.some(
    (each) => each.group === info.group && each.version === info.version && each.plural === info.resource,
  );
  if (known) {
    const { serveUnstored } = await import('./serve-unstored.ts');
    return inMediaType(await serveUnstored({ server, request, info }), negotiate(request, DOCUMENTS).type);
  }
  return { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '404 page not found\n' };
}

async function serveResource(request: ResourceRequest): Promise<ApiResponse> {
  const { info, served } = request;
  if (info.subresource !== '') return (await import('./serve-subresource.ts')).serveSubresource(request);
  // A namespaced object has an address in its namespace alone, and a collection can only be written to there.
  if (!served.info.namespaced && info.namespace !== '') throw unknownPath();
  if (info.name !== '' && served.info.namespaced && info.namespace === '') throw unknownPath();
  return info.name === '' ? serveCollection(request) : serveObject(request);
}

async function serveCollection(request: ResourceRequest): Promise<ApiResponse> {
  const { method } = request.request;
  if (method === 'GET' || method === 'HEAD') {
    if (isWatch(request)) return (await import('./verbs/watch.ts')).watch(allowed(request, 'watch'));
    return (await import('./verbs/list.ts')).list(allowed(request, 'list'));
  }
  // All namespaces at once can only be read.
  if (request.served.info.namespaced && request.info.namespace === '') throw methodNotAllowed();
  if (method === 'POST') return (await import('./verbs/create.ts')).create(allowed(request, 'create'));
  if (method !== 'DELETE') throw methodNotAllowed();
  return (await import('./verbs/delete-collection.ts')).deleteCollection(allowed(request, 'deletecollection'));
}

async function serveObject(request: ResourceRequest): Promise<ApiResponse> {
  const { method } = request.request;
  if (method === 'GET' || method === 'HEAD') {
    if (isWatch(request)) return (await import('./verbs/watch.ts')).watch(allowed(request, 'watch'));
    return (await import('./verbs/get.ts')).get(allowed(request, 'get'));
  }
  if (method === 'PUT') return (await import('./verbs/update.ts')).update(allowed(request, 'update'));
  if (method === 'PATCH') return (await import('./verbs/patch.ts')).patch(allowed(request, 'patch'));
  if (method !== 'DELETE') throw methodNotAllowed();
  return (await import('./verbs/delete.ts')).deleteOne(allowed(request, 'delete'));
}

function isWatch({ request, info }: Pick<ResourceRequest, 'request' | 'info'>): boolean {
  return info.forceWatch || queryBoolean(request.query, 'watch') === true;
}

function allowed(request: ResourceRequest, verb: string): ResourceRequest {
  if (!request.served.info.verbs.includes(verb)) throw methodNotAllowed();
  return request;
}
