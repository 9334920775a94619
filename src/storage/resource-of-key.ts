import { builtInResources } from '../model/schema/built-in-resources.ts';
import { storageInfo } from '../model/schema/storage-info.ts';
import type { GroupResource } from '../model/status-errors.ts';

/** Tells which resource's object a key holds; undefined for keys that hold none (ranges, masterleases, anything foreign). */
export type ResourceOfKey = (key: Buffer) => GroupResource | undefined;

/** Reads keys below `/registry` as kube-apiserver lays them out. Events are the core group's, whichever API wrote them. */
export function resourceOfKey(prefix: string): ResourceOfKey {
  const byPath = new Map<string, GroupResource>();
  for (const { group, plural } of builtInResources()) {
    const path = storageInfo({ group, plural })?.path;
    if (path === undefined || (byPath.has(path) && group !== '')) continue;
    byPath.set(path, { group, resource: plural });
  }
  const root = `${prefix.replace(/\/+$/, '')}/`;
  return (key) => {
    const text = key.toString('utf8');
    if (!text.startsWith(root)) return undefined;
    const [first = '', second = '', ...names] = text.slice(root.length).split('/');
    const deep = names.length === 0 ? undefined : byPath.get(`${first}/${second}`);
    if (deep !== undefined) return deep;
    const known = byPath.get(first);
    if (known !== undefined) return known;
    // A custom resource's path begins with its group, and only groups have dots.
    return first.includes('.') && names.length > 0 ? { group: first, resource: second } : undefined;
  };
}
