import { type Fields, isSet, numberIn, stringsIn, textIn } from '../fields.ts';

/** Whether services of the type have addresses within the cluster, also `None`. */
export function needsClusterIP(spec: Fields): boolean {
  return ['ClusterIP', 'NodePort', 'LoadBalancer'].includes(textIn(spec, 'type'));
}

export function needsNodePorts(spec: Fields): boolean {
  const type = textIn(spec, 'type');
  if (type === 'NodePort') return true;
  return type === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false;
}

/** Whether nodes answer on a port whether they have an endpoint of the service. */
export function needsHealthCheckPort(spec: Fields): boolean {
  return textIn(spec, 'type') === 'LoadBalancer' && textIn(spec, 'externalTrafficPolicy') === 'Local';
}

/** Whether the service is reached from outside of the cluster. */
export function isExternallyAccessible(spec: Fields): boolean {
  const type = textIn(spec, 'type');
  if (type === 'LoadBalancer' || type === 'NodePort') return true;
  return type === 'ClusterIP' && stringsIn(spec, 'externalIPs').length > 0;
}

export function isHeadless(spec: Fields): boolean {
  const addresses = stringsIn(spec, 'clusterIPs');
  return addresses.length === 1 && addresses[0] === 'None';
}

export function nodePortOf(port: Fields): number {
  return numberIn(port, 'nodePort') ?? 0;
}

export function sameStrings(a: Fields, b: Fields, key: string): boolean {
  const left = stringsIn(a, key);
  const right = stringsIn(b, key);
  return left.length === right.length && left.every((value, index) => value === right[index]);
}

export function sameValue(a: Fields, b: Fields, key: string): boolean {
  return (isSet(a, key) ? a[key] : undefined) === (isSet(b, key) ? b[key] : undefined);
}
