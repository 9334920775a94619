/** Where kube-apiserver keeps the objects of one resource: `services/specs`, `pods`, `stable.example.com/crontabs`. */
export interface StoragePath {
  readonly path: string;
  readonly namespaced: boolean;
}

/** The key of one object: `/registry/services/specs/default/web`. `namespace` is ignored for cluster-wide resources. */
export function objectKey(prefix: string, where: StoragePath, namespace: string, name: string): Buffer {
  return Buffer.from(`${collectionText(prefix, where, namespace)}${name}`);
}

/** What all keys of a collection begin with, with the last slash; an empty namespace is all namespaces. */
export function collectionPrefix(prefix: string, where: StoragePath, namespace: string): Buffer {
  return Buffer.from(collectionText(prefix, where, namespace));
}

function collectionText(prefix: string, where: StoragePath, namespace: string): string {
  const top = prefix.endsWith('/') ? prefix.replace(/\/+$/, '') : prefix;
  const root = `${top}/${where.path}/`;
  return where.namespaced && namespace !== '' ? `${root}${namespace}/` : root;
}
