import type { KubeList, KubeObject } from '../model/kube-object.ts';
import { createPrinter } from '../printers/create-printer.ts';
import type { ListWriter, ResourcePrinter, TextSink } from '../printers/resource-printer.ts';
import { sortObjects } from '../printers/sort-by.ts';
import { collectionPages, scopeOf } from './collection-pages.ts';
import type { Context } from './context.ts';
import { concernsOneObject, Failures, isNotFound } from './failures.ts';
import type { GetOptions } from './get-options.ts';
import { resolveTargets } from './resolve-targets.ts';
import type { Target } from './target.ts';

/** `get` in a format that prints whole objects: one that was named alone, or a List of all. */
export async function getObjects(options: GetOptions, context: Context): Promise<void> {
  const { out } = context.streams;
  const printer = await createPrinter(options.format, { columns: true });
  const failures = new Failures();
  const collected = new CollectedObjects(options.sortBy === '' ? printer : undefined, out);
  const single = await collect(collected, failures, options, context);
  if (collected.ended()) return failures.throwAny(collected.count);
  if (collected.count === 0 && (options.ignoreNotFound || single)) return failures.throwAny();
  printer.print(single ? (collected.objects[0] ?? listOf([])) : listOf(sorted(collected, options)), out);
  failures.throwAny(collected.count);
}

/** Reads the objects of all targets; tells whether one object was named, and nothing else. */
async function collect(
  collected: CollectedObjects,
  failures: Failures,
  options: GetOptions,
  context: Context,
): Promise<boolean> {
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
      for await (const page of pagesOf(target, options, context)) collected.add(page, onlyNamed);
    } catch (error) {
      if (!concernsOneObject(error)) throw error;
      if (!(options.ignoreNotFound && isNotFound(error))) failures.add(error);
    }
  }
  return onlyNamed && targets === 1;
}

function sorted({ objects }: CollectedObjects, { sortBy }: GetOptions): KubeObject[] {
  return sortBy === '' ? objects : sortObjects(objects, sortBy);
}

/** So many objects are kept until all are there, so that a failure leaves nothing half printed; what is more is printed as it comes. */
const MOST_KEPT = 2000;

/** The objects of all targets: kept, or when they are many and the format allows it, printed as they come. */
class CollectedObjects {
  readonly #printer: ResourcePrinter | undefined;
  readonly #out: TextSink;
  #writer: ListWriter | undefined;
  objects: KubeObject[] = [];
  count = 0;

  /** Without a printer everything is kept. */
  constructor(printer: ResourcePrinter | undefined, out: TextSink) {
    this.#printer = printer;
    this.#out = out;
  }

  /** `named` says that only objects that were named have been found, of which there may be no List. */
  add(page: readonly KubeObject[], named: boolean): void {
    this.count += page.length;
    if (this.#writer !== undefined) {
      this.#writer.add(page);
      return;
    }
    for (const object of page) this.objects.push(object);
    if (named || this.objects.length <= MOST_KEPT) return;
    this.#writer = this.#printer?.list?.(this.#out);
    if (this.#writer === undefined) return;
    this.#writer.add(this.objects);
    this.objects = [];
  }

  /** Ends the List if one was begun, and tells whether it was. */
  ended(): boolean {
    this.#writer?.end();
    return this.#writer !== undefined;
  }
}

/** kubectl's own List around objects of any kind. */
export function listOf(items: KubeObject[]): KubeList {
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
}

async function* pagesOf(target: Target, options: GetOptions, context: Context): AsyncGenerator<readonly KubeObject[]> {
  const client = await context.client();
  const scope = scopeOf(target, options.subresource);
  const { signal } = context;
  if (target.kind === 'named') {
    yield [await client.get(scope, target.name, { signal })];
    return;
  }
  const limit = options.sortBy === '' ? options.chunkSize : 0;
  const pages = collectionPages(target, limit, (listOptions) => client.list(scope, { ...listOptions, signal }));
  for await (const page of pages) yield page.items;
}
