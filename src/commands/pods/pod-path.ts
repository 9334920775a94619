/** The path of a pod's subresource. */
export function podPath(namespace: string, name: string, subresource: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/${subresource}`;
}
