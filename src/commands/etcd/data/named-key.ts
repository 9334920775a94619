import { type ResolvedKey, resolveKey } from '../../../etcd/resolve-key.ts';
import { builtInResources } from '../../../model/schema/built-in-resources.ts';
import { customStorageInfo, storageInfo } from '../../../model/schema/storage-info.ts';
import { UserError } from '../../../model/user-error.ts';
import type { Context } from '../../context.ts';
import { resolveTargets } from '../../resolve-targets.ts';

/**
 * The key of what a person names: a key or an API path begins with a slash; `KIND/NAME` is an object of the current namespace,
 * and a KIND alone, with `collections`, all objects of it there. Rejects with UserError for what is never stored, and with
 * what commands say of kinds that there are not.
 */
export async function namedKey(
  word: string,
  context: Context,
  { collections }: { readonly collections: boolean },
): Promise<ResolvedKey> {
  if (word.startsWith('/')) {
    return resolveKey(word, { prefix: context.keyPrefix, asPrefix: collections && word.endsWith('/') });
  }
  const path = await apiPath(word, context, collections);
  return resolveKey(path, { prefix: context.keyPrefix, asPrefix: false });
}

async function apiPath(word: string, context: Context, collections: boolean): Promise<string> {
  const request = { args: [word], filenames: [], recursive: false, bareTypeMeansAll: collections };
  for await (const target of resolveTargets(request, context)) {
    if (target.kind === 'failure') throw target.error;
    const { group, version, plural, namespaced } = target.resource;
    const isBuiltIn = builtInResources().some((each) => each.group === group);
    const stored = isBuiltIn ? storageInfo({ group, plural }) : customStorageInfo({ group, plural }, version);
    if (stored === undefined) throw new UserError(`objects of ${JSON.stringify(plural)} are never stored`);
    const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const where = namespaced && target.namespace !== undefined ? `/namespaces/${target.namespace}` : '';
    return `${root}${where}/${plural}${target.kind === 'named' ? `/${target.name}` : ''}`;
  }
  throw new UserError(`${JSON.stringify(word)} names no object; want KIND/NAME, a key or an API path`);
}
