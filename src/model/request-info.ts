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
  const [root, first = ''] = segments;
  if (root === 'api' && segments.length >= 3) return resourceInfo('', segments, 1);
  if (root === 'apis' && segments.length >= 4) return resourceInfo(first, segments, 2);
  return { type: 'path', segments };
}

/** `at` is where the version stands. */
function resourceInfo(group: string, segments: readonly string[], at: number): ResourceRequestInfo {
  const forceWatch = segments[at + 1] === 'watch' && segments.length > at + 2;
  let start = at + (forceWatch ? 2 : 1);
  let namespace = '';
  const third = segments[start + 2];
  // Below a namespace's name stand its resources; `status` and `finalize` are the namespace's own subresources.
  const isOwnSubresource = (third === 'status' || third === 'finalize') && segments.length === start + 3;
  if (segments[start] === 'namespaces' && third !== undefined && !isOwnSubresource) {
    namespace = segments[start + 1] ?? '';
    start += 2;
  }
  return {
    type: 'resource',
    group,
    version: segments[at] ?? '',
    forceWatch,
    namespace,
    resource: segments[start] ?? '',
    name: segments[start + 1] ?? '',
    subresource: segments[start + 2] ?? '',
    rest: segments.slice(start + 3),
  };
}

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
