import { requestInfo } from '../model/request-info.ts';
import { builtInResources } from '../model/schema/built-in-resources.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import { customStorageInfo, type StorageInfo, storageInfo } from '../model/schema/storage-info.ts';
import { UserError } from '../model/user-error.ts';
import { prefixRange } from '../storage/key-range.ts';
import { collectionPrefix, objectKey } from '../storage/registry-keys.ts';
import type { KeyRange } from '../storage/storage.ts';

/** What a key argument means. */
export interface ResolvedKey {
  readonly range: KeyRange;
  /** As text, for messages. */
  readonly text: string;
  /** A single key, as opposed to all keys with a prefix. */
  readonly single: boolean;
  /** How kube-apiserver stores what is there; undefined when the argument was a plain key. */
  readonly storage?: StorageInfo;
}

export interface KeyOptions {
  /** `/registry` */
  readonly prefix: string;
  /** Takes a plain key as a prefix. */
  readonly asPrefix: boolean;
}

/**
 * Reads a key, or an API path (`/api/v1/namespaces/default/pods/my-pod`), which means the key of that object; a path without
 * a name means all keys of the collection. Throws UserError for a path of a built-in group whose resource is never stored.
 */
export function resolveKey(argument: string, options: KeyOptions): ResolvedKey {
  const info = /^\/apis?\//.test(argument) ? requestInfo(argument) : undefined;
  if (info === undefined) return plainKey(argument, options);
  if (info.type === 'path') {
    throw new UserError(
      `${JSON.stringify(argument)} is an API path without a resource; an object's path is like /api/v1/namespaces/default/pods/my-pod`,
    );
  }
  if (info.subresource !== '') {
    throw new UserError(`${JSON.stringify(argument)} names a subresource, which has no key of its own`);
  }
  const known = builtInResources().find((each) => each.group === info.group && each.plural === info.resource);
  const builtInGroup = builtInResources().some((each) => each.group === info.group);
  if (known === undefined && builtInGroup) {
    throw new UserError(`there is no resource ${JSON.stringify(info.resource)} in ${apiVersionOf(info)}`);
  }
  const custom = { group: info.group, plural: info.resource };
  const storage = known === undefined ? customStorageInfo(custom, info.version) : storageInfo(known);
  if (storage === undefined) {
    throw new UserError(`objects of ${JSON.stringify(info.resource)} are answered by an API server and never stored`);
  }
  const namespaced = known?.namespaced ?? info.namespace !== '';
  const where = { path: storage.path, namespaced };
  if (info.name === '') {
    const prefix = collectionPrefix(options.prefix, where, info.namespace);
    return { range: prefixRange(prefix), text: prefix.toString(), single: false, storage };
  }
  if (namespaced && info.namespace === '') {
    throw new UserError(
      `${JSON.stringify(argument)} names an object of a namespace without the namespace: …/namespaces/NAMESPACE/${info.resource}/${info.name}`,
    );
  }
  const key = objectKey(options.prefix, where, info.namespace, info.name);
  return { range: { key }, text: key.toString(), single: true, storage };
}

function plainKey(argument: string, { asPrefix }: KeyOptions): ResolvedKey {
  const key = Buffer.from(argument);
  if (asPrefix) return { range: prefixRange(key), text: argument, single: false };
  if (key.length === 0) throw new UserError('the key is empty');
  return { range: { key }, text: argument, single: true };
}
