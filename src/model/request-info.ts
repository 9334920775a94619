/** A request for a resource, as kube-apiserver's RequestInfo reads it from method and path. */
export interface ResourceRequestInfo {
  readonly type: 'resource';
  readonly group: string;
  readonly version: string;
  /** '' for cluster-wide resources and for all namespaces. */
  readonly namespace: string;
  readonly resource: string;
  /** '' for the collection. */
  readonly name: string;
  /** '' for the resource itself; `proxy/…` keeps its rest in `rest`. */
  readonly subresource: string;
  readonly rest: readonly string[];
  /** The deprecated `/watch/` paths: a watch, whatever the query says. */
  readonly forceWatch: boolean;
}

/** Any other path: discovery, health, version. */
export interface PathRequestInfo {
  readonly type: 'path';
  /** Decoded segments; none for `/`. */
  readonly segments: readonly string[];
}

export type RequestInfo = ResourceRequestInfo | PathRequestInfo;

/** Reads what a path asks for. A segment that is no valid percent-encoding stays as it is. */
export function requestInfo(path: string): RequestInfo {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeSegment);
  const [root, ...after] = segments;
  if (root === 'api' && after.length >= 2) return resourceInfo('', after);
  if (root === 'apis' && after.length >= 3) return resourceInfo(after[0] ?? '', after.slice(1));
  return { type: 'path', segments };
}

function resourceInfo(group: string, [version = '', ...parts]: readonly string[]): ResourceRequestInfo {
  const forceWatch = parts[0] === 'watch' && parts.length > 1;
  const rest = forceWatch ? parts.slice(1) : parts;
  const base = { type: 'resource', group, version, forceWatch } as const;
  const [first = '', second = '', third] = rest;
  // Below a namespace's name stand its resources; `status` and `finalize` are the namespace's own subresources.
  if (first === 'namespaces' && third !== undefined && !(['status', 'finalize'].includes(third) && rest.length === 3)) {
    const [resource = '', name = '', subresource = '', ...more] = rest.slice(2);
    return { ...base, namespace: second, resource, name, subresource, rest: more };
  }
  const [resource = '', name = '', subresource = '', ...more] = rest;
  return { ...base, namespace: '', resource, name, subresource, rest: more };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
