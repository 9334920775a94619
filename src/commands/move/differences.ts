import { deepClone } from '../../model/deep-clone.ts';
import { deepEqual } from '../../model/deep-equal.ts';
import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { objectsIn } from '../objects-in.ts';
import { portableObject } from './portable-object.ts';

/** The most paths that are told of one object. */
const MOST = 5;

/** The paths at which two objects differ, apart from what a server owns and gives out: `spec.replicas`. Empty when they are the same. */
export function differences(wanted: KubeObject, live: KubeObject): string[] {
  const paths: string[] = [];
  collect(comparable(wanted), comparable(live), '', paths);
  return paths.length > MOST ? [...paths.slice(0, MOST), '…'] : paths;
}

/** Addresses are given out anew where they are taken. */
function comparable(object: KubeObject): KubeObject {
  const copy = portableObject(object);
  const spec = copy['spec'];
  if (copy.kind !== 'Service' || !isJsonObject(spec)) return withoutOwnerUids(copy);
  if (spec['clusterIP'] !== 'None') {
    delete spec['clusterIP'];
    delete spec['clusterIPs'];
  }
  delete spec['healthCheckNodePort'];
  for (const port of objectsIn(spec, 'ports')) delete port['nodePort'];
  return withoutOwnerUids(copy);
}

function withoutOwnerUids(object: KubeObject): KubeObject {
  const copy = deepClone(object);
  for (const owner of copy.metadata.ownerReferences ?? []) owner.uid = '';
  return copy;
}

function collect(wanted: unknown, live: unknown, path: string, paths: string[]): void {
  if (paths.length > MOST || deepEqual(wanted, live)) return;
  if (isJsonObject(wanted) && isJsonObject(live)) {
    for (const key of new Set([...Object.keys(wanted), ...Object.keys(live)])) {
      collect(wanted[key], live[key], path === '' ? key : `${path}.${key}`, paths);
    }
    return;
  }
  if (Array.isArray(wanted) && Array.isArray(live) && wanted.length === live.length) {
    for (const [index, each] of wanted.entries()) collect(each, live[index], `${path}[${index}]`, paths);
    return;
  }
  paths.push(path === '' ? 'everything' : path);
}
