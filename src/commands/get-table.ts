import type { ResourceInfo } from '../model/schema/resource-info.ts';
import type { Table, TableRow } from '../model/table.ts';
import { qualifiedKind } from '../printers/name-printer.ts';
import { clientTable } from '../printers/client-table.ts';
import { sortRows } from '../printers/sort-by.ts';
import type { TableOptions } from '../printers/table-layout.ts';
import { type RowPrinter, TablePrinter } from '../printers/table-printer.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import { collectionPages, scopeOf } from './collection-pages.ts';
import type { Context } from './context.ts';
import { concernsOneObject, Failures, isNotFound } from './failures.ts';
import type { GetOptions } from './get-options.ts';
import { resolveTargets } from './resolve-targets.ts';
import { wantsColor } from './wants-color.ts';
import type { Target } from './target.ts';

/** One answer of the server: the table of an object, or of a page of a list. */
interface Answer {
  readonly resource: ResourceInfo;
  readonly table: Table;
}

/** `get` as a table: everything is read first, so that columns are as wide as all rows need; errors come last. */
export async function getTable(options: GetOptions, context: Context): Promise<void> {
  const failures = new Failures();
  const answers: Answer[] = [];
  const targets = resolveTargets({ ...options, bareTypeMeansAll: true, everything: true }, context);
  for await (const target of targets) {
    if (target.kind === 'failure') {
      failures.add(target.error);
      continue;
    }
    try {
      for await (const table of tablesOf(target, options, context)) {
        answers.push({ resource: target.resource, table: options.sortBy === '' ? shownOf(table, options) : table });
      }
    } catch (error) {
      if (!concernsOneObject(error)) throw error;
      if (!(options.ignoreNotFound && isNotFound(error))) failures.add(error);
    }
  }
  const printed = printAnswers(answers, await printerMaker(options, context), options, context);
  if (!printed && !options.ignoreNotFound && !failures.any) await sayNothingFound(answers, options, context);
  failures.throwAsSeveral(answers.length);
}

async function* tablesOf(target: Target, options: GetOptions, context: Context): AsyncGenerator<Table> {
  const client = await context.client();
  const scope = scopeOf(target, options.subresource);
  const { signal } = context;
  if (target.kind === 'named') {
    yield options.serverPrint
      ? await client.getTable(scope, target.name, { signal })
      : clientTable([await client.get(scope, target.name, { signal })], context.now());
    return;
  }
  const limit = options.sortBy === '' ? options.chunkSize : 0;
  yield* collectionPages<Table>(target, limit, async (listOptions) => {
    if (options.serverPrint) return client.listTable(scope, { ...listOptions, signal });
    const list = await client.list(scope, { ...listOptions, signal });
    return { ...clientTable(list.items, context.now()), metadata: list.metadata };
  });
}

/** A table with what is shown of it alone, for thousands are kept: of rows' objects the namespace and, if asked for, labels. */
function shownOf(table: Table, { showLabels, labelColumns, allNamespaces }: GetOptions): Table {
  const withLabels = showLabels || labelColumns.length > 0;
  const rows = table.rows.map(({ cells, object }): TableRow => {
    if (object === undefined || !(allNamespaces || withLabels)) return { cells };
    const { namespace, labels } = object.metadata;
    const metadata = {
      ...(allNamespaces && namespace !== undefined ? { namespace } : {}),
      ...(withLabels && labels !== undefined ? { labels } : {}),
    };
    return { cells, object: { apiVersion: object.apiVersion, kind: object.kind, metadata } };
  });
  return { ...table, rows };
}

type MakePrinter = (options: TableOptions) => RowPrinter;

async function printerMaker({ boxed, color }: GetOptions, { env, streams }: Context): Promise<MakePrinter> {
  if (!boxed) return (tableOptions) => new TablePrinter(tableOptions);
  const [{ BoxedTablePrinter }, { Painter }] = await Promise.all([
    import('../printers/boxed-table-printer.ts'),
    import('../printers/painter.ts'),
  ]);
  const painter = new Painter(wantsColor(color, env, streams.out));
  return (tableOptions) => new BoxedTablePrinter(tableOptions, painter);
}

/** Prints a run of rows for each resource; true when anything was printed. */
function printAnswers(
  answers: readonly Answer[],
  make: MakePrinter,
  options: GetOptions,
  { streams }: Context,
): boolean {
  const withRows = answers.filter(({ table }) => table.rows.length > 0);
  const severalKinds = new Set(answers.map(({ resource }) => `${resource.group}/${resource.kind}`)).size > 1;
  let last: ResourceInfo | undefined;
  let printer: RowPrinter | undefined;
  for (const { resource, table } of withRows) {
    if (printer === undefined || last?.plural !== resource.plural || last.group !== resource.group) {
      printer?.flush(streams.out);
      if (last !== undefined && !options.format.noHeaders) streams.out.write('\n');
      printer = make(tableOptions(resource, options, severalKinds));
      last = resource;
    }
    printer.add(options.sortBy === '' ? table : sortRows(table, options.sortBy));
  }
  printer?.flush(streams.out);
  return withRows.length > 0;
}

function tableOptions(resource: ResourceInfo, options: GetOptions, severalKinds: boolean): TableOptions {
  const withKind = options.showKind || severalKinds;
  return {
    wide: options.wide,
    noHeaders: options.format.noHeaders,
    withNamespace: options.allNamespaces && resource.namespaced,
    showLabels: options.showLabels,
    labelColumns: options.labelColumns,
    ...(withKind ? { kindPrefix: qualifiedKind(apiVersionOf(resource), resource.kind) } : {}),
  };
}

async function sayNothingFound(answers: readonly Answer[], options: GetOptions, context: Context): Promise<void> {
  const inNamespace = !options.allNamespaces && answers.every(({ resource }) => resource.namespaced);
  const where = inNamespace ? ` in ${(await context.namespace()).name} namespace.` : '';
  context.streams.err.write(`No resources found${where}\n`);
}
