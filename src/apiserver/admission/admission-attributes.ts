import type { UserInfo } from '../../model/api-message.ts';
import type { JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import type { GroupVersionKind } from '../group-version-kind.ts';
import type { ServedResource } from '../served-resource.ts';

/** A write as policies and webhooks see it (admission.Attributes). */
export interface AdmissionAttributes {
  readonly served: ServedResource;
  /** '' for the object itself. */
  readonly subresource: string;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  /** '' for cluster-wide objects; a Namespace is in itself. */
  readonly namespace: string;
  /** '' while it is to be generated. */
  readonly name: string;
  /** The kind of the object, which a subresource may have of its own. */
  readonly kind: GroupVersionKind;
  /** In the request's version; undefined for a deletion. */
  readonly object: KubeObject | undefined;
  /** As it was; undefined for a creation. */
  readonly old: KubeObject | undefined;
  /** The options of the request: `{"kind":"CreateOptions",…}`. */
  readonly options: JsonObject;
  readonly dryRun: boolean;
  readonly user: UserInfo;
}

/** The namespace that admission sees: that of a Namespace is its own name. */
export function namespaceOf({ group, plural }: ResourceInfo, namespace: string, name: string): string {
  return group === '' && plural === 'namespaces' ? name : namespace;
}

export function kindOf({ group, version, kind }: ResourceInfo): GroupVersionKind {
  return { group, version, kind };
}
