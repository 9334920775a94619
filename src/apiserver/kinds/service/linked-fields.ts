import type { KubeObject } from '../../../model/kube-object.ts';
import { ensureObject, type Fields, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import {
  needsClusterIP,
  needsHealthCheckPort,
  needsNodePorts,
  nodePortOf,
  sameStrings,
  sameValue,
} from './service-state.ts';

/** `clusterIP` is the first of `clusterIPs`: who writes one need not write the other (normalizeClusterIPs). */
export function linkClusterIPs(object: KubeObject, old: KubeObject | undefined): void {
  const spec = ensureObject(object, 'spec');
  const single = textIn(spec, 'clusterIP');
  const list = stringsIn(spec, 'clusterIPs');
  if (old === undefined) {
    if (single !== '' && list.length === 0) spec['clusterIPs'] = [single];
    return;
  }
  const before = partOf(old, 'spec');
  const had = stringsIn(before, 'clusterIPs');
  const hadSingle = textIn(before, 'clusterIP');
  if (had.length > 0 && list.length === 0 && hadSingle === single) spec['clusterIPs'] = had;
  if (hadSingle === single || !sameStrings(spec, before, 'clusterIPs')) return;
  if (hadSingle !== '' && single === '') delete spec['clusterIPs'];
  else spec['clusterIPs'] = [single];
}

/** What the server allocated stays when the client does not repeat it (patchAllocatedValues). */
export function keepAllocated(object: KubeObject, old: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  const before = partOf(old, 'spec');
  if (needsClusterIP(before) && needsClusterIP(spec)) keepClusterIPs(spec, before);
  if (needsNodePorts(before) && needsNodePorts(spec)) keepNodePorts(spec, before);
  if (needsHealthCheckPort(before) && needsHealthCheckPort(spec) && !spec['healthCheckNodePort']) {
    spec['healthCheckNodePort'] = before['healthCheckNodePort'];
  }
}

function keepClusterIPs(spec: Fields, before: Fields): void {
  if (textIn(spec, 'clusterIP') === '' && textIn(before, 'clusterIP') !== '') spec['clusterIP'] = before['clusterIP'];
  if (stringsIn(spec, 'clusterIPs').length === 0 && textIn(spec, 'clusterIP') === textIn(before, 'clusterIP')) {
    spec['clusterIPs'] = stringsIn(before, 'clusterIPs');
  }
}

function keepNodePorts(spec: Fields, before: Fields): void {
  const had = objectsIn(before, 'ports');
  const now = objectsIn(spec, 'ports');
  const numbers = new Set(had.map(nodePortOf));
  const used = new Set(now.map(nodePortOf).filter((number) => number !== 0 && numbers.has(number)));
  const byName = new Map(had.map((port) => [textIn(port, 'name'), nodePortOf(port)]));
  for (const port of now) {
    const number = byName.get(textIn(port, 'name')) ?? 0;
    if (nodePortOf(port) !== 0 || number === 0 || used.has(number)) continue;
    port['nodePort'] = number;
    used.add(number);
  }
}

/** What only the old type had, and the client did not touch, goes with it (dropTypeDependentFields). */
export function dropFieldsOfOldType(object: KubeObject, old: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  const before = partOf(old, 'spec');
  const drop = (applies: boolean, key: string) => {
    if (applies && sameValue(spec, before, key)) delete spec[key];
  };
  if (needsClusterIP(before) && !needsClusterIP(spec)) {
    if (sameStrings(spec, before, 'clusterIPs')) {
      delete spec['clusterIP'];
      delete spec['clusterIPs'];
    }
    if (sameStrings(spec, before, 'ipFamilies')) delete spec['ipFamilies'];
    drop(true, 'ipFamilyPolicy');
  }
  if (needsNodePorts(before) && !needsNodePorts(spec)) dropNodePorts(spec, before);
  drop(needsHealthCheckPort(before) && !needsHealthCheckPort(spec), 'healthCheckNodePort');
  const wasBalanced = textIn(before, 'type') === 'LoadBalancer' && textIn(spec, 'type') !== 'LoadBalancer';
  drop(wasBalanced, 'allocateLoadBalancerNodePorts');
  drop(wasBalanced, 'loadBalancerClass');
  const outside = (each: Fields) => ['NodePort', 'LoadBalancer'].includes(textIn(each, 'type'));
  const wasOutside = outside(before) || stringsIn(before, 'externalIPs').length > 0;
  const isOutside = outside(spec) || stringsIn(spec, 'externalIPs').length > 0;
  drop(wasOutside && !isOutside, 'externalTrafficPolicy');
}

function dropNodePorts(spec: Fields, before: Fields): void {
  const numbers = (each: Fields) =>
    new Set(
      objectsIn(each, 'ports')
        .map(nodePortOf)
        .filter((number) => number !== 0),
    );
  const now = numbers(spec);
  const had = numbers(before);
  if (now.size !== had.size || [...now].some((number) => !had.has(number))) return;
  for (const port of objectsIn(spec, 'ports')) delete port['nodePort'];
}
