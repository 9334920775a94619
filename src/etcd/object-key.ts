import { builtInResources } from '../model/schema/built-in-resources.ts';
import { storageInfo } from '../model/schema/storage-info.ts';
import type { GroupResource } from '../model/status-errors.ts';

/** What a key of the API server says of its object. */
export interface ObjectKey {
  /** Events are the core group's, whichever API wrote them. */
  readonly resource: GroupResource;
  /** Empty for cluster-wide resources. */
  readonly namespace: string;
  readonly name: string;
  /** Whether the resource is one of a CustomResourceDefinition. */
  readonly custom: boolean;
  /** Whether names and slashes are where the resource has them; false for a key of another shape below its path. */
  readonly wellFormed: boolean;
}

/** Reads a key; undefined for one that is no object's: `masterleases`, `ranges`, unknown paths, other prefixes. */
export type ObjectKeyReader = (key: Buffer) => ObjectKey | undefined;

interface Place {
  readonly resource: GroupResource;
  readonly namespaced: boolean;
}

/** Reads keys below `/registry` as kube-apiserver lays them out. */
export function objectKeyReader(prefix: string): ObjectKeyReader {
  const places = builtInPlaces();
  const root = `${prefix.replace(/\/+$/, '')}/`;
  return (key) => {
    const text = key.toString('utf8');
    if (!text.startsWith(root)) return undefined;
    const parts = text.slice(root.length).split('/');
    const [first = '', second = ''] = parts;
    const deep = parts.length > 2 ? places.get(`${first}/${second}`) : undefined;
    if (deep !== undefined) return builtIn(deep, parts.slice(2));
    const known = places.get(first);
    if (known !== undefined) return parts.length > 1 ? builtIn(known, parts.slice(1)) : undefined;
    // A custom resource's path begins with its group, and only groups have dots.
    return first.includes('.') && parts.length > 2 ? custom(first, second, parts.slice(2)) : undefined;
  };
}

function builtInPlaces(): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const { group, plural, namespaced } of builtInResources()) {
    const path = storageInfo({ group, plural })?.path;
    if (path === undefined || (places.has(path) && group !== '')) continue;
    places.set(path, { resource: { group, resource: plural }, namespaced });
  }
  return places;
}

function builtIn({ resource, namespaced }: Place, rest: readonly string[]): ObjectKey {
  const [first = '', second = ''] = rest;
  const filled = rest.every((each) => each !== '');
  return namespaced
    ? { resource, namespace: first, name: second, custom: false, wellFormed: filled && rest.length === 2 }
    : { resource, namespace: '', name: first, custom: false, wellFormed: filled && rest.length === 1 };
}

function custom(group: string, plural: string, rest: readonly string[]): ObjectKey {
  const [first = '', second] = rest;
  const wellFormed = rest.length <= 2 && rest.every((each) => each !== '');
  const where = second === undefined ? { namespace: '', name: first } : { namespace: first, name: second };
  return { resource: { group, resource: plural }, ...where, custom: true, wellFormed };
}

/** `deployments.apps`, `pods`. */
export function resourceName({ group, resource }: GroupResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}
