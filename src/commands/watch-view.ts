import type { WatchEvent } from '../model/api-message.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import type { Table } from '../model/table.ts';
import { createPrinter } from '../printers/create-printer.ts';
import { qualifiedKind } from '../printers/name-printer.ts';
import { TablePrinter } from '../printers/table-printer.ts';
import { WatchEventPrinter } from '../printers/watch-event-printer.ts';
import type { Context } from './context.ts';
import type { GetOptions } from './get-options.ts';
import type { Target } from './target.ts';

/** Where a watch prints. */
export interface WatchView {
  /** Takes an object (a Table when the view is one of tables); throws UserError when it cannot be shown. */
  show(type: WatchEvent['type'], object: KubeObject | Table): void;
  /** Writes what was shown since the last flush. Columns only grow from one flush to the next. */
  flush(): void;
}

/** The view that `get -w` was asked for. Rejects with UserError for a format that there is not. */
export async function watchView(options: GetOptions, { resource }: Target, context: Context): Promise<WatchView> {
  const { out } = context.streams;
  if (options.human) {
    const printer = new TablePrinter({
      wide: options.wide,
      noHeaders: options.format.noHeaders,
      withNamespace: options.allNamespaces && resource.namespaced,
      showLabels: options.showLabels,
      labelColumns: options.labelColumns,
      withEvent: options.outputWatchEvents,
      ...(options.showKind ? { kindPrefix: qualifiedKind(apiVersionOf(resource), resource.kind) } : {}),
    });
    return { show: (type, object) => printer.add(object as Table, type), flush: () => printer.flush(out) };
  }
  if (options.outputWatchEvents) {
    const printer = await WatchEventPrinter.create(options.format);
    return { show: (type, object) => printer.print({ type, object }, out), flush: () => printer.flush() };
  }
  const printer = await createPrinter(options.format, { columns: true });
  const run = printer.run?.(out);
  return {
    show: (_type, object) => (run === undefined ? printer.print(object, out) : run.add(object as KubeObject)),
    flush: () => run?.flush(),
  };
}
