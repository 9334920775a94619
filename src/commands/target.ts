import type { ManifestObject } from '../manifests/manifest-object.ts';
import type { ResourceInfo } from '../model/schema/resource-info.ts';

/** One object, named on the command line or by a manifest. */
export interface NamedTarget {
  readonly kind: 'named';
  readonly resource: ResourceInfo;
  /** Absent for cluster-scoped resources. */
  readonly namespace?: string;
  /** Empty for a manifest with generateName. */
  readonly name: string;
  /** The object as the manifest has it, its namespace filled in. */
  readonly manifest?: ManifestObject;
}

/** All objects of a resource that selectors choose. */
export interface CollectionTarget {
  readonly kind: 'collection';
  readonly resource: ResourceInfo;
  /** Absent for all namespaces and for cluster-scoped resources. */
  readonly namespace?: string;
  readonly labelSelector: string;
  readonly fieldSelector: string;
}

export type Target = NamedTarget | CollectionTarget;

/** Something that was asked for and cannot be worked on; the other targets are not concerned. */
export interface TargetFailure {
  readonly kind: 'failure';
  readonly error: unknown;
}
