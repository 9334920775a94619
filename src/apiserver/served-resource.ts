import type { JsonObject } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { GroupResource } from '../model/status-errors.ts';
import type { ResourceInfo, SubresourceInfo } from '../model/schema/resource-info.ts';
import type { TypeSchema } from '../model/schema/type-schema.ts';
import type { ObjectName, StoredKind } from '../storage/object-storage.ts';
import type { DecodeStyle } from '../model/decode/decode-typed.ts';
import type { Strategy } from './strategy.ts';

/** Deletes one stored object, as delete-object does; an object with finalizers is marked and stays. */
export type DeleteContent = (served: ServedResource, object: KubeObject) => Promise<{ gone: boolean }>;

/** What the controllers of a cluster do about the objects of a resource; here it is done before a request is answered. */
export interface Lifecycle {
  /** Marks an object whose deletion begins, in place; it is never deleted at once. Absent: as any other object. */
  markDeleting?(object: KubeObject): Promise<void>;
  /** Runs after an object was written, marked or deleted; does nothing when there is nothing to do. */
  settle(name: ObjectName, deleteContent: DeleteContent): Promise<void>;
}

/** Where a resource keeps what its scale subresource shows, as simple paths: `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  /** '' when there is none. */
  readonly labelSelectorPath: string;
}

/** A resource in one version, with all that a request on it needs. */
export interface ServedResource {
  readonly info: ResourceInfo;
  readonly subresources: readonly SubresourceInfo[];
  readonly stored: StoredKind;
  readonly strategy: Strategy;
  /** The type of a built-in kind; undefined for custom resources. */
  readonly type: TypeSchema | undefined;
  /** The openAPIV3Schema of a custom resource's version; absent for built-in kinds and where it has none. */
  readonly openApiSchema?: JsonObject;
  /** The kind of its lists; absent: its own kind with `List`. */
  readonly listKind?: string;
  /** Of a custom resource with a scale subresource; built-in kinds have spec.replicas. */
  readonly scale?: ScalePaths;
  /** What every answer warns of. */
  readonly warnings?: readonly string[];
  readonly lifecycle?: Lifecycle;
  /** The PATCH content types that the resource takes. */
  readonly patchTypes: readonly string[];

  /**
   * Reads an object that a client sent, in this version: unknown fields dropped and told, fields in Go's order. Throws
   * DecodeError for values of a wrong type. apiVersion, kind and metadata are there.
   */
  decode(body: KubeObject, style: DecodeStyle): { object: KubeObject; unknownFields: readonly string[] };

  /** A stored object in this version. */
  fromStored(object: KubeObject): KubeObject;
  /** An object of this version as it is stored. */
  toStored(object: KubeObject): KubeObject;
}

/** A resource as discovery tells of it. */
export type DiscoveredResource = ResourceInfo & {
  readonly subresourceInfos: readonly SubresourceInfo[];
  /** Of a custom resource: the version that its objects are stored in. */
  readonly storageVersion?: string;
};

/** Which resources there are. */
export interface ResourceCatalog {
  /** A resource in a version; undefined when it is not served. */
  find(group: string, version: string, plural: string): Promise<ServedResource | undefined>;
  /** A resource in its preferred version, by its group and plural. */
  preferred(group: string, plural: string): Promise<ServedResource | undefined>;
  /** Where the objects of a resource are stored. Unlike `preferred`, it loads none of what is particular to the kind. */
  storedKind(group: string, plural: string): Promise<StoredKind | undefined>;
  /** All resources in discovery order: groups by priority, preferred versions first. */
  all(): Promise<readonly DiscoveredResource[]>;
}

/** How errors name a resource. */
export function groupResourceOf({ info }: Pick<ServedResource, 'info'>): GroupResource {
  return { group: info.group, resource: info.plural };
}
