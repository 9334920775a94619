import type { JsonObject } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { GroupResource } from '../model/status-errors.ts';
import type { ResourceInfo, SubresourceInfo } from '../model/schema/resource-info.ts';
import type { TypeSchema } from '../model/schema/type-schema.ts';
import type { StoredKind } from '../storage/object-storage.ts';
import type { DecodeStyle } from '../model/decode/decode-typed.ts';
import type { Strategy } from './strategy.ts';

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

/** Which resources there are. */
export interface ResourceCatalog {
  /** A resource in a version; undefined when it is not served. */
  find(group: string, version: string, plural: string): Promise<ServedResource | undefined>;
  /** A resource in its preferred version, by its group and plural. */
  preferred(group: string, plural: string): Promise<ServedResource | undefined>;
  /** All resources in discovery order: groups by priority, preferred versions first. */
  all(): Promise<readonly (ResourceInfo & { readonly subresourceInfos: readonly SubresourceInfo[] })[]>;
}

/** How errors name a resource. */
export function groupResourceOf({ info }: Pick<ServedResource, 'info'>): GroupResource {
  return { group: info.group, resource: info.plural };
}
