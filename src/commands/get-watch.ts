import type { ResourceScope } from '../client/client.ts';
import type { WatchEvent } from '../model/api-message.ts';
import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import { UserError } from '../model/user-error.ts';
import { createPrinter } from '../printers/create-printer.ts';
import { TablePrinter } from '../printers/table-printer.ts';
import { WatchEventPrinter } from '../printers/watch-event-printer.ts';
import { collectionPages, scopeOf } from './collection-pages.ts';
import type { Context } from './context.ts';
import type { GetOptions } from './get-options.ts';
import { resolveTargets } from './resolve-targets.ts';
import { SilentExit } from './silent-exit.ts';
import type { Target } from './target.ts';
import { WatchPatience } from './watch-patience.ts';

/** Prints one object of the list or of an event. */
type Show = (type: WatchEvent['type'], object: unknown) => void;

/**
 * `get --watch`: the objects, then each change, until interrupted. A watch that the server ends is taken up where it stopped;
 * one that `--request-timeout` ends is over, which is no failure.
 */
export async function getWatch(options: GetOptions, outer: Context): Promise<void> {
  const { requestTimeout } = options;
  const limit = requestTimeout === undefined ? undefined : AbortSignal.timeout(requestTimeout);
  const context = limit === undefined ? outer : { ...outer, signal: AbortSignal.any([outer.signal, limit]) };
  if (options.sortBy !== '') {
    context.streams.err.write('warning: --watch requested, --sort-by will be ignored for watch events received\n');
  }
  await watchUntilAborted(options, context);
  if (outer.signal.aborted) throw new SilentExit(1);
}

async function watchUntilAborted(options: GetOptions, context: Context): Promise<void> {
  const target = await onlyTarget(options, context);
  const scope = scopeOf(target);
  const show = options.human ? tableShow(options, scope, context) : await objectShow(options, context);
  const selectors =
    target.kind === 'named'
      ? { fieldSelector: `metadata.name=${target.name}` }
      : { labelSelector: target.labelSelector, fieldSelector: target.fieldSelector };
  let resourceVersion = await showPresent(target, scope, options, context, show);
  const patience = new WatchPatience();
  while (!context.signal.aborted) {
    const resume = { scope, selectors, resourceVersion, table: options.human, patience };
    resourceVersion = await showChanges(resume, context, show);
  }
}

async function onlyTarget(options: GetOptions, context: Context): Promise<Target> {
  let only: Target | undefined;
  for await (const target of resolveTargets({ ...options, bareTypeMeansAll: true, singleType: true }, context)) {
    if (target.kind === 'failure') throw target.error;
    if (only !== undefined) {
      throw new UserError(
        'watch is only supported on individual resources and resource collections - more than 1 resource was found',
      );
    }
    only = target;
  }
  if (only === undefined) {
    throw new UserError(
      'watch is only supported on individual resources and resource collections - 0 resources were found',
    );
  }
  return only;
}

// oxlint-disable-next-line max-params
async function showPresent(
  target: Target,
  scope: ResourceScope,
  options: GetOptions,
  context: Context,
  show: Show,
): Promise<string> {
  const client = await context.client();
  const { signal } = context;
  if (target.kind === 'named') {
    const found = options.human
      ? await client.getTable(scope, target.name, { signal })
      : await client.get(scope, target.name, { signal });
    if (!options.watchOnly) show('ADDED', found);
    return options.human ? rowVersion(found as Table) : ((found as KubeObject).metadata.resourceVersion ?? '');
  }
  let version = '';
  const pages = collectionPages<Table | KubeList>(target, options.chunkSize, (listOptions) =>
    options.human
      ? client.listTable(scope, { ...listOptions, signal })
      : client.list(scope, { ...listOptions, signal }),
  );
  for await (const page of pages) {
    // A table without rows is not shown, lest its headings stand there before anything happened.
    const items = 'items' in page ? page.items : page.rows.length === 0 ? [] : [page];
    if (!options.watchOnly) for (const item of items) show('ADDED', item);
    version = page.metadata.resourceVersion ?? '';
  }
  return version;
}

interface Resume {
  readonly scope: ResourceScope;
  readonly selectors: { readonly labelSelector?: string; readonly fieldSelector?: string };
  readonly resourceVersion: string;
  readonly table: boolean;
  readonly patience: WatchPatience;
}

/** Follows one watch to its end or break and returns the version to go on from. */
async function showChanges(resume: Resume, context: Context, show: Show): Promise<string> {
  const client = await context.client();
  let { resourceVersion } = resume;
  const { selectors, table, patience } = resume;
  try {
    const events = client.watch(resume.scope, {
      ...selectors,
      resourceVersion,
      table,
      allowWatchBookmarks: true,
      signal: context.signal,
    });
    for await (const { type, object } of events) {
      const version = table ? rowVersion(object as Table) : ((object as KubeObject).metadata.resourceVersion ?? '');
      if (version !== '') resourceVersion = version;
      patience.progressed();
      if (type !== 'BOOKMARK') show(type, object);
    }
    await patience.afterEnd(context.signal);
  } catch (error) {
    if (context.signal.aborted) return resourceVersion;
    await patience.afterFailure(error, context.signal).catch(unlessAborted(context.signal));
  }
  return resourceVersion;
}

/** An interrupt while waiting ends the watch as one at any other time. */
function unlessAborted(signal: AbortSignal) {
  return (error: unknown): void => {
    if (!signal.aborted) throw error;
  };
}

function rowVersion(table: Table): string {
  return table.rows.at(-1)?.object?.metadata.resourceVersion ?? table.metadata.resourceVersion ?? '';
}

function tableShow(options: GetOptions, scope: ResourceScope, context: Context): Show {
  const printer = new TablePrinter({
    wide: options.wide,
    noHeaders: options.format.noHeaders,
    withNamespace: options.allNamespaces && scope.resource.namespaced,
    showLabels: options.showLabels,
    labelColumns: options.labelColumns,
    withEvent: options.outputWatchEvents,
  });
  return (type, object) => {
    printer.add(object as Table, type);
    printer.flush(context.streams.out);
  };
}

async function objectShow(options: GetOptions, context: Context): Promise<Show> {
  const { out } = context.streams;
  if (options.outputWatchEvents) {
    const printer = await WatchEventPrinter.create(options.format);
    return (type, object) => printer.print({ type, object }, out);
  }
  const printer = await createPrinter(options.format, { columns: true });
  return (_type, object) => printer.print(object as KubeObject, out);
}
