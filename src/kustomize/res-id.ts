import { clusterScoped } from './cluster-scoped.ts';

/** Group, version and kind; '' is any, or none. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What kustomize knows an object by. */
export interface ResId extends Gvk {
  readonly name: string;
  readonly namespace: string;
  /** Only of an id of an object as it stands, not of one that it had before. */
  readonly clusterScoped: boolean;
}

const NOT_A_NAMESPACE = '_non_namespaceable_';
export const DEFAULT_NAMESPACE = 'default';

export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function apiVersionText({ group, version }: Gvk): string {
  return group === '' ? version : `${group}/${version}`;
}

export function isClusterScopedKind(gvk: Gvk): boolean {
  return clusterScoped(apiVersionText(gvk), gvk.kind);
}

/** `Deployment.v1.apps` */
export function gvkText({ group, version, kind }: Gvk): string {
  return `${kind || '[noKind]'}.${version || '[noVer]'}.${group || '[noGrp]'}`;
}

/** `Deployment.v1.apps/name.namespace` */
export function idText(id: ResId): string {
  return `${gvkText(id)}/${id.name || '[noName]'}.${id.namespace || '[noNs]'}`;
}

/** Go's `%#v` of a resid.ResId. */
export function idGoSyntax(id: ResId): string {
  const quote = (text: string): string => JSON.stringify(text);
  return `resid.ResId{Gvk:resid.Gvk{Group:${quote(id.group)}, Version:${quote(id.version)}, Kind:${quote(id.kind)}, isClusterScoped:${id.clusterScoped}}, Name:${quote(id.name)}, Namespace:${quote(id.namespace)}}`;
}

export function sameGvk(left: Gvk, right: Gvk): boolean {
  return left.group === right.group && left.version === right.version && left.kind === right.kind;
}

/** Whether what the selector names is the same; what it leaves empty may be anything. */
export function isSelected(gvk: Gvk, selector: Gvk): boolean {
  return (
    (selector.group === '' || selector.group === gvk.group) &&
    (selector.version === '' || selector.version === gvk.version) &&
    (selector.kind === '' || selector.kind === gvk.kind)
  );
}

export function isSelectedBy(id: ResId, selector: ResId): boolean {
  return (
    (selector.name === '' || selector.name === id.name) &&
    (selector.namespace === '' || effectiveNamespace(selector) === effectiveNamespace(id)) &&
    isSelected(id, selector)
  );
}

/** The namespace that an object is in: `default` when it names none, a word of its own when it can be in none. */
export function effectiveNamespace(id: ResId): string {
  if (id.clusterScoped) return NOT_A_NAMESPACE;
  return id.namespace === '' ? DEFAULT_NAMESPACE : id.namespace;
}

export function sameNamespace(left: ResId, right: ResId): boolean {
  return effectiveNamespace(left) === effectiveNamespace(right);
}

export function sameId(left: ResId, right: ResId): boolean {
  return sameNamespace(left, right) && left.name === right.name && sameGvk(left, right);
}
