import type { KubeObject } from '../../model/kube-object.ts';

/** Which objects of a kind. */
export interface RelatedObjects {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent or empty for all namespaces and for kinds without one. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Where a description finds objects that belong to the one it describes. Both reject with StatusError, as a client does. */
export interface DescribeSource {
  get(kind: Pick<RelatedObjects, 'apiVersion' | 'kind' | 'namespace'>, name: string): Promise<KubeObject>;
  list(objects: RelatedObjects): Promise<KubeObject[]>;
}
