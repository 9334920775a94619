import type { KubeList, KubeObject } from '../model/kube-object.ts';
import { createPrinter } from '../printers/create-printer.ts';
import { sortObjects } from '../printers/sort-by.ts';
import { collectionPages, scopeOf } from './collection-pages.ts';
import type { Context } from './context.ts';
import { concernsOneObject, Failures, isNotFound } from './failures.ts';
import type { GetOptions } from './get-options.ts';
import { resolveTargets } from './resolve-targets.ts';
import type { Target } from './target.ts';

/** `get` in a format that prints whole objects: one that was named alone, or a List of all. */
export async function getObjects(options: GetOptions, context: Context): Promise<void> {
  const printer = await createPrinter(options.format, { columns: true });
  const failures = new Failures();
  const objects: KubeObject[] = [];
  let targets = 0;
  let onlyNamed = true;
  for await (const target of resolveTargets({ ...options, bareTypeMeansAll: true, everything: true }, context)) {
    if (target.kind === 'failure') {
      failures.add(target.error);
      continue;
    }
    targets++;
    if (target.kind === 'collection') onlyNamed = false;
    try {
      for await (const object of objectsOf(target, options, context)) objects.push(object);
    } catch (error) {
      if (!concernsOneObject(error)) throw error;
      if (!(options.ignoreNotFound && isNotFound(error))) failures.add(error);
    }
  }
  const single = onlyNamed && targets === 1;
  if (objects.length === 0 && (options.ignoreNotFound || single)) return failures.throwAny();
  const [first] = objects;
  const sorted = options.sortBy === '' ? objects : sortObjects(objects, options.sortBy);
  printer.print(single && first !== undefined ? first : listOf(sorted), context.streams.out);
  failures.throwAny(objects.length);
}

/** kubectl's own List around objects of any kind. */
export function listOf(items: KubeObject[]): KubeList {
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
}

async function* objectsOf(target: Target, options: GetOptions, context: Context): AsyncGenerator<KubeObject> {
  const client = await context.client();
  const scope = scopeOf(target, options.subresource);
  const { signal } = context;
  if (target.kind === 'named') {
    yield await client.get(scope, target.name, { signal });
    return;
  }
  const limit = options.sortBy === '' ? options.chunkSize : 0;
  const pages = collectionPages(target, limit, (listOptions) => client.list(scope, { ...listOptions, signal }));
  for await (const page of pages) yield* page.items;
}
