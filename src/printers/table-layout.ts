import type { ObjectMeta } from '../model/kube-object.ts';
import type { Table, TableColumn, TableRow } from '../model/table.ts';
import { cellText } from './table-cell.ts';

/** MODIFIED, and BOOKMARK: the column is wide enough for every event from the start. */
const LONGEST_EVENT = 8;

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
  /** Puts an EVENT column first, filled from the second argument of `lines`. */
  readonly withEvent?: boolean;
}

/** Which cells of server-side tables are shown, and how they read; the header comes before the first table's rows. */
export class TableLayout {
  readonly #options: TableOptions;
  #columns: readonly TableColumn[] | undefined;

  constructor(options: TableOptions) {
    this.#options = options;
  }

  /** The table's rows as cells. Later pages and watch events may come without columns; the first table's are used then. */
  lines(table: Table, event?: string): { readonly header: string[] | undefined; readonly rows: string[][] } {
    const first = this.#columns === undefined;
    if (table.columnDefinitions.length > 0 || first) this.#columns = table.columnDefinitions;
    const columns = this.#columns ?? [];
    const shown = columns.flatMap((column, index) =>
      this.#options.wide === true || column.priority === 0 ? [index] : [],
    );
    return {
      header: first && this.#options.noHeaders !== true ? this.#header(columns, shown) : undefined,
      rows: table.rows.map((row) => this.#line(row, columns, shown, event)),
    };
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
    const { withEvent, withNamespace, labelColumns, showLabels } = this.#options;
    const metadata: ObjectMeta = row.object?.metadata ?? {};
    const labels = metadata.labels ?? {};
    const line: string[] = [];
    if (withEvent === true) line.push((event ?? '').padEnd(LONGEST_EVENT));
    if (withNamespace === true) line.push(metadata.namespace ?? '');
    for (const index of shown) line.push(this.#cell(row, columns[index], index));
    for (const key of labelColumns ?? []) line.push(labels[key] ?? '');
    if (showLabels === true) line.push(labelsText(labels));
    // A tab inside a cell starts a new cell, as it does in Go's tabwriter.
    return line.some((cell) => cell.includes('\t')) ? line.flatMap((cell) => cell.split('\t')) : line;
  }

  #cell(row: TableRow, column: TableColumn | undefined, index: number): string {
    const { kindPrefix } = this.#options;
    const text = cellText(row.cells[index]);
    const isName = kindPrefix !== undefined && column?.format === 'name' && column.type === 'string';
    return isName ? `${kindPrefix}/${text}` : text;
  }
}

/** Labels as `k=v,k2=v2` in key order, or `<none>`. */
function labelsText(labels: Readonly<Record<string, string>>): string {
  const keys = Object.keys(labels).sort();
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels[key] ?? ''}`).join(',');
}
