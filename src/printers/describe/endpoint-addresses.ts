import type { KubeObject } from '../../model/kube-object.ts';
import type { DescribeSource } from './describe-source.ts';
import { type Fields, numberAt, objectsAt, stringsAt, textAt, valueAt } from './fields.ts';

const MOST = 3;

/** The endpoint slices of a service. */
export async function slicesOfService(source: DescribeSource, namespace: string, name: string): Promise<KubeObject[]> {
  const labelSelector = `kubernetes.io/service-name=${name}`;
  return source.list({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace, labelSelector });
}

/** The ready addresses for a port's name, three at most: `10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 4 more...`. */
export function endpointsText(slices: readonly KubeObject[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const addresses: string[] = [];
  let more = false;
  for (const slice of slices) {
    const ports = objectsAt(slice, 'ports');
    // A headless service can be without ports.
    const suffixes = ports.length === 0 ? [undefined] : ports.filter((port) => textAt(port, 'name') === portName);
    for (const port of suffixes) {
      for (const endpoint of objectsAt(slice, 'endpoints')) {
        if (addresses.length >= MOST) more = true;
        if (valueAt(endpoint, 'conditions.ready') !== false) addresses.push(addressText(endpoint, port));
      }
    }
  }
  const text = addresses.slice(0, MOST).join(',');
  return more ? `${text} + ${addresses.length - MOST} more...` : text;
}

function addressText(endpoint: Fields, port: Fields | undefined): string {
  const [address = ''] = stringsAt(endpoint, 'addresses');
  return port === undefined ? address : hostPort(address, textAt({ port: numberAt(port, 'port') }, 'port'));
}

/** `host:port`, an IPv6 host in brackets (net.JoinHostPort). */
export function hostPort(host: string, port: string): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
