import type { JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { formatLabels, formatSelector } from '../label-selector.ts';
import { ageOf, nameOf } from './cells.ts';

export function serviceCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const ports = objectsIn(spec, 'ports').map(servicePortText).join(',');
  return [
    nameOf(object),
    textIn(spec, 'type'),
    stringsIn(spec, 'clusterIPs')[0] ?? '<none>',
    externalAddress(object, spec),
    ports === '' ? '<none>' : ports,
    ageOf(object, now),
    formatLabels(spec, 'selector'),
  ];
}

function servicePortText(port: Fields): string {
  const nodePort = numberIn(port, 'nodePort') ?? 0;
  const node = nodePort > 0 ? `:${nodePort}` : '';
  return `${numberIn(port, 'port') ?? 0}${node}/${textIn(port, 'protocol')}`;
}

function externalAddress(object: KubeObject, spec: Fields): string {
  const externalIPs = stringsIn(spec, 'externalIPs');
  switch (textIn(spec, 'type')) {
    case 'ClusterIP':
    case 'NodePort':
      return externalIPs.length > 0 ? externalIPs.join(',') : '<none>';
    case 'LoadBalancer': {
      const all = [...loadBalancerAddresses(object), ...externalIPs];
      return all.length > 0 ? all.join(',') : '<pending>';
    }
    case 'ExternalName':
      return textIn(spec, 'externalName');
    default:
      return '<unknown>';
  }
}

function loadBalancerAddresses(object: KubeObject): string[] {
  const ingress = objectsIn(partOf(object, 'status', 'loadBalancer'), 'ingress');
  const addresses = ingress.map((point) => textIn(point, 'ip') || textIn(point, 'hostname'));
  return [...new Set(addresses.filter((address) => address !== ''))].sort();
}

const MOST_SHOWN = 3;

function withMore(list: readonly string[]): string {
  const shown = list.slice(0, MOST_SHOWN).join(',');
  return list.length > MOST_SHOWN ? `${shown} + ${list.length - MOST_SHOWN} more...` : shown;
}

export function endpointsCells(object: KubeObject, now: Date): JsonValue[] {
  const all: string[] = [];
  for (const subset of objectsIn(object, 'subsets')) {
    const addresses = objectsIn(subset, 'addresses').map((address) => textIn(address, 'ip'));
    const ports = objectsIn(subset, 'ports');
    if (ports.length === 0) all.push(...addresses);
    for (const port of ports) all.push(...addresses.map((ip) => hostPort(ip, numberIn(port, 'port') ?? 0)));
  }
  const none = objectsIn(object, 'subsets').length === 0;
  return [nameOf(object), none ? '<none>' : withMore(all), ageOf(object, now)];
}

function hostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

export function endpointSliceCells(object: KubeObject, now: Date): JsonValue[] {
  const ports = objectsIn(object, 'ports').map((port) => {
    if (isSet(port, 'port')) return `${numberIn(port, 'port') ?? 0}`;
    return isSet(port, 'name') ? textIn(port, 'name') : '*';
  });
  const addresses = objectsIn(object, 'endpoints').flatMap((endpoint) => stringsIn(endpoint, 'addresses'));
  const text = (list: string[]) => withMore(list) || '<unset>';
  return [nameOf(object), textIn(object, 'addressType'), text(ports), text(addresses), ageOf(object, now)];
}

export function ingressCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  return [
    nameOf(object),
    isSet(spec, 'ingressClassName') ? textIn(spec, 'ingressClassName') : '<none>',
    hostsText(objectsIn(spec, 'rules')),
    loadBalancerAddresses(object).join(','),
    objectsIn(spec, 'tls').length > 0 ? '80, 443' : '80',
    ageOf(object, now),
  ];
}

/** The hosts of the first rules; a rule after three hosts is only counted. */
function hostsText(rules: readonly Fields[]): string {
  const shown: string[] = [];
  let more = false;
  for (const rule of rules) {
    if (shown.length === MOST_SHOWN) more = true;
    const host = textIn(rule, 'host');
    if (!more && host !== '') shown.push(host);
  }
  if (shown.length === 0) return '*';
  return more ? `${shown.join(',')} + ${rules.length - MOST_SHOWN} more...` : shown.join(',');
}

export function ingressClassCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const parameters = objectIn(spec, 'parameters');
  return [nameOf(object), textIn(spec, 'controller'), parametersText(parameters), ageOf(object, now)];
}

function parametersText(parameters: Fields | undefined): string {
  if (parameters === undefined) return '<none>';
  const group = isSet(parameters, 'apiGroup') ? `.${textIn(parameters, 'apiGroup')}` : '';
  return `${textIn(parameters, 'kind')}${group}/${textIn(parameters, 'name')}`;
}

export function networkPolicyCells(object: KubeObject, now: Date): JsonValue[] {
  return [nameOf(object), formatSelector(partOf(object, 'spec'), 'podSelector'), ageOf(object, now)];
}

export function serviceCidrCells(object: KubeObject, now: Date): JsonValue[] {
  return [nameOf(object), stringsIn(partOf(object, 'spec'), 'cidrs').join(','), ageOf(object, now)];
}

/** One cell more than there are columns: the real server sends the age without a column for it. */
export function ipAddressCells(object: KubeObject, now: Date): JsonValue[] {
  const parent = objectIn(partOf(object, 'spec'), 'parentRef');
  if (parent === undefined) return [nameOf(object), '<none>', ageOf(object, now)];
  const group = textIn(parent, 'group');
  const resource = `${textIn(parent, 'resource')}${group === '' ? '' : `.${group}`}`.toLowerCase();
  const namespace = textIn(parent, 'namespace');
  const path = [resource, ...(namespace === '' ? [] : [namespace]), textIn(parent, 'name')].join('/');
  return [nameOf(object), path, ageOf(object, now)];
}
