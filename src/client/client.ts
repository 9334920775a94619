import type { ApiRequest, ApiResponse, WatchEvent } from '../model/api-message.ts';
import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Status } from '../model/status.ts';
import type { Table } from '../model/table.ts';
import type { ChannelHandlers, ChannelRequest, ChannelStream } from './channel-stream.ts';
import type { ResourceInfo } from '../model/schema/resource-info.ts';

/** Which object or collection: a resource, and a namespace when the resource has one (absent: all namespaces). */
export interface ResourceScope {
  readonly resource: ResourceInfo;
  readonly namespace?: string;
  /** `status`, `scale` … */
  readonly subresource?: string;
}

export interface ListOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly signal?: AbortSignal;
}

export interface WatchOptions extends ListOptions {
  readonly allowWatchBookmarks?: boolean;
  readonly timeoutSeconds?: number;
  /** Asks for Table objects in the events. */
  readonly table?: boolean;
}

export interface WriteOptions {
  /** Server-side dry run: everything but the write. */
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  /** How unknown and duplicate fields are met: Strict, Warn or Ignore. */
  readonly fieldValidation?: string;
  readonly signal?: AbortSignal;
}

export type PatchType =
  | 'application/json-patch+json'
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/apply-patch+yaml';

export interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly signal?: AbortSignal;
}

/**
 * How a command reaches objects, whatever the backend. Objects are plain JSON and complete. A failure that the server
 * answered rejects with StatusError, no answer with ConnectionError. Warnings that the server sends go to the function
 * that the client was made with.
 */
export interface ResourceClient {
  /** Knows kinds, plurals and short names; built-in ones without a request. */
  readonly mapper: ResourceMapper;

  get(scope: ResourceScope, name: string, options?: { signal?: AbortSignal }): Promise<KubeObject>;
  getTable(scope: ResourceScope, name: string, options?: { signal?: AbortSignal }): Promise<Table>;
  list(scope: ResourceScope, options?: ListOptions): Promise<KubeList>;
  listTable(scope: ResourceScope, options?: ListOptions): Promise<Table>;
  /** Ends when the server ends the watch. An ERROR event rejects with its Status. */
  watch(scope: ResourceScope, options?: WatchOptions): AsyncIterable<WatchEvent>;
  create(scope: ResourceScope, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  update(scope: ResourceScope, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  patch(
    scope: ResourceScope,
    name: string,
    patch: PatchBody,
    options?: WriteOptions & { force?: boolean },
  ): Promise<KubeObject>;
  /** The object as it is while it waits for finalizers, or a Status when it is gone. */
  delete(scope: ResourceScope, name: string, options?: DeleteOptions): Promise<KubeObject | Status>;

  /** Any request. Resolves with successes alone. */
  request(request: ApiRequest): Promise<ApiResponse>;

  /** Opens a stream to a container; see Connect. A server that streams nothing answers with its Status. */
  connect(request: ChannelRequest, handlers: ChannelHandlers): Promise<ChannelStream>;
}

export interface PatchBody {
  readonly type: PatchType;
  /** A plain JSON value: an array for a JSON patch, otherwise an object. */
  readonly body: unknown;
}

/** From what a person or a manifest says to the resource that is meant. */
export interface ResourceMapper {
  /**
   * The resource for `pods`, `po`, `Pod`, `deploy.apps`, `deployments.v1.apps`; undefined when there is none. Built-in
   * ones are answered without a request; others from discovery, asked again once before saying no.
   */
  resourceFor(argument: string): Promise<ResourceInfo | undefined>;

  /** The resource that serves a kind; undefined when there is none. */
  resourceForKind(apiVersion: string, kind: string): Promise<ResourceInfo | undefined>;

  /** The resources of a category such as `all`, in discovery order; empty when there is no such category. */
  resourcesInCategory(category: string): Promise<ResourceInfo[]>;

  /** Everything that the server serves; `cached`: as it is remembered, where it is. */
  all(options?: { readonly cached?: boolean }): Promise<ResourceInfo[]>;
}
