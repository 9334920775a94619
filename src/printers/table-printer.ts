import type { ObjectMeta } from '../model/kube-object.ts';
import type { Table, TableColumn, TableRow } from '../model/table.ts';
import type { TextSink } from './resource-printer.ts';
import { TabWriter } from './tab-writer.ts';
import { cellText } from './table-cell.ts';

export interface TableOptions {
  /** Shows the columns of priority > 0 too. */
  readonly wide?: boolean;
  readonly noHeaders?: boolean;
  /** Puts a NAMESPACE column first. */
  readonly withNamespace?: boolean;
  /** `kind.group` to put before each name; absent for none. */
  readonly kindPrefix?: string;
  readonly showLabels?: boolean;
  /** Label keys to show as columns. */
  readonly labelColumns?: readonly string[];
  /** Puts an EVENT column first, filled from the second argument of `print`. */
  readonly withEvent?: boolean;
}

/**
 * Prints server-side tables as kubectl does. One printer prints one run of rows: the header comes once, and columns are as
 * wide as the rows of all tables since the last flush need.
 */
export class TablePrinter {
  readonly #options: TableOptions;
  readonly #writer = new TabWriter();
  #columns: readonly TableColumn[] | undefined;

  constructor(options: TableOptions = {}) {
    this.#options = options;
  }

  /** Later pages and watch events may come without columns; the first table's are used then. */
  add(table: Table, event?: string): void {
    const first = this.#columns === undefined;
    if (table.columnDefinitions.length > 0 || first) this.#columns = table.columnDefinitions;
    const columns = this.#columns ?? [];
    const shown = columns.flatMap((column, index) =>
      this.#options.wide === true || column.priority === 0 ? [index] : [],
    );
    if (first && this.#options.noHeaders !== true) this.#writer.add(this.#header(columns, shown));
    for (const row of table.rows) this.#writer.add(this.#line(row, columns, shown, event));
  }

  /** Writes what was added since the last flush. */
  flush(out: TextSink): void {
    for (const text of this.#writer.flush()) out.write(text);
  }

  #header(columns: readonly TableColumn[], shown: readonly number[]): string[] {
    const { withEvent, withNamespace, labelColumns, showLabels } = this.#options;
    return [
      ...(withEvent === true ? ['EVENT'] : []),
      ...(withNamespace === true ? ['NAMESPACE'] : []),
      ...shown.map((index) => (columns[index]?.name ?? '').toUpperCase()),
      ...(labelColumns ?? []).map((key) => (key.split('/').at(-1) ?? key).toUpperCase()),
      ...(showLabels === true ? ['LABELS'] : []),
    ];
  }

  #line(row: TableRow, columns: readonly TableColumn[], shown: readonly number[], event: string | undefined): string[] {
    const { withEvent, withNamespace, labelColumns, showLabels, kindPrefix } = this.#options;
    const metadata: ObjectMeta = row.object?.metadata ?? {};
    const labels = metadata.labels ?? {};
    const cells = shown.map((index) => {
      const text = cellText(row.cells[index]);
      return kindPrefix !== undefined && columns[index]?.format === 'name' && columns[index]?.type === 'string'
        ? `${kindPrefix}/${text}`
        : text;
    });
    const line = [
      ...(withEvent === true ? [event ?? ''] : []),
      ...(withNamespace === true ? [metadata.namespace ?? ''] : []),
      ...cells,
      ...(labelColumns ?? []).map((key) => labels[key] ?? ''),
      ...(showLabels === true ? [labelsText(labels)] : []),
    ];
    // A tab inside a cell starts a new cell, as it does in Go's tabwriter.
    return line.flatMap((cell) => cell.split('\t'));
  }
}

/** Labels as `k=v,k2=v2` in key order, or `<none>`. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  const keys = Object.keys(labels).sort();
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels[key] ?? ''}`).join(',');
}
