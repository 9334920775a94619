import type { UserInfo } from '../model/api-message.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { GroupVersionKind } from './group-version-kind.ts';
import type { ApiServer } from './api-server.ts';
import type { WriteOptions } from './request-options.ts';
import type { ServedResource } from './served-resource.ts';

/** A request that writes one object. */
export interface WriteRequest {
  readonly server: ApiServer;
  readonly served: ServedResource;
  /** '' for cluster-wide resources. */
  readonly namespace: string;
  readonly subresource: string;
  readonly options: WriteOptions;
  /** Who asks; absent in process. */
  readonly user?: UserInfo | undefined;
  /** What admission sees of the object where a subresource shows it as another kind. */
  readonly view?: { readonly kind: GroupVersionKind; readonly of: (object: KubeObject) => KubeObject };
  /** Whether the object comes with the managedFields that it has after the write, as one does that was applied. */
  readonly tracked?: true;
}

/** What a write did. */
export interface WriteResult {
  /** In the request's version. */
  readonly object: KubeObject;
  readonly created: boolean;
  readonly warnings: readonly string[];
}
