import type { KubeObject, OwnerReference } from '../model/kube-object.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import { customStorageInfo, storageInfo } from '../model/schema/storage-info.ts';
import type { StoragePath } from '../storage/object-storage.ts';
import type { ApiServer } from './api-server.ts';
import type { DiscoveredResource, ServedResource } from './served-resource.ts';

/** An object that was read, and which resource it is of. */
export interface FoundObject {
  readonly served: ServedResource;
  /** In the version of `served`. */
  readonly object: KubeObject;
}

/** Nobody looks for owners of events, and events own nothing. */
const IGNORED: readonly string[] = ['events'];

/** Where the objects are kept that may have owners: each kind once, whatever the versions that it is served in. */
export async function ownedPaths({ catalog }: ApiServer): Promise<StoragePath[]> {
  const found = new Map<string, StoragePath>();
  for (const info of await catalog.all()) {
    const path = pathOf(info);
    if (path !== undefined && !IGNORED.includes(info.plural)) found.set(path, { path, namespaced: info.namespaced });
  }
  return [...found.values()];
}

/** The object under a key below the store's prefix (`pods/default/web-0`); undefined when it is gone or of no known kind. */
export async function objectAt({ catalog, storage }: ApiServer, key: string): Promise<FoundObject | undefined> {
  for (const info of await catalog.all()) {
    const path = pathOf(info);
    if (path === undefined || !key.startsWith(`${path}/`)) continue;
    const served = await catalog.find(info.group, info.version, info.plural);
    if (served === undefined) return undefined;
    const [first = '', ...rest] = key.slice(path.length + 1).split('/');
    const name = info.namespaced ? { namespace: first, name: rest.join('/') } : { namespace: '', name: first };
    const found = await storage.get(served.stored, name);
    return found === undefined ? undefined : { served, object: served.fromStored(found.object) };
  }
  return undefined;
}

/**
 * The object that a reference of an object in `namespace` names: 'absent' when there is none of that uid, 'unknown' when
 * nobody can tell, as its kind is not served or lives in namespaces while the object does not.
 */
export async function ownerOf(
  { catalog, storage }: ApiServer,
  { apiVersion, kind, name, uid }: OwnerReference,
  namespace: string,
): Promise<FoundObject | 'absent' | 'unknown'> {
  const all = await catalog.all();
  const info = all.find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
  const served = info === undefined ? undefined : await catalog.find(info.group, info.version, info.plural);
  if (served === undefined || (served.info.namespaced && namespace === '')) return 'unknown';
  const found = await storage.get(served.stored, { namespace: served.info.namespaced ? namespace : '', name });
  if (found === undefined || found.object.metadata.uid !== uid) return 'absent';
  return { served, object: served.fromStored(found.object) };
}

function pathOf(info: DiscoveredResource): string | undefined {
  const { storageVersion } = info;
  return storageVersion === undefined ? storageInfo(info)?.path : customStorageInfo(info, storageVersion).path;
}
