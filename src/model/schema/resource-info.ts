/** A resource that a server serves, as discovery tells it (metav1.APIResource). */
export interface ResourceInfo {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  /** The plural, as in paths: `pods`. */
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** `status`, `scale`, `eviction` … as served below this resource. */
  readonly subresources: readonly string[];
}

/** What discovery tells of a subresource. The kind is what its requests carry: Scale, Eviction, PodExecOptions. */
export interface SubresourceInfo {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** `v1` or `group/version`. */
export function apiVersionOf({ group, version }: Pick<ResourceInfo, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The group ('' for `v1`) and version of an apiVersion. */
export function groupVersionOf(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}
