import type { Table } from '../model/table.ts';
import type { TextSink } from './resource-printer.ts';
import { TabWriter } from './tab-writer.ts';
import { visibleOutput } from './visible-output.ts';
import { TableLayout, type TableOptions } from './table-layout.ts';

/** Prints runs of server-side tables. */
export interface RowPrinter {
  /** Takes a table's rows; its header when it is the first one. */
  add(table: Table, event?: string): void;
  /** Writes what was added since the last flush. */
  flush(out: TextSink): void;
}

/**
 * Prints server-side tables as kubectl does. One printer prints one run of rows: the header comes once, and columns are as
 * wide as the rows of all tables since the last flush need.
 */
export class TablePrinter implements RowPrinter {
  readonly #layout: TableLayout;
  readonly #writer = new TabWriter();

  constructor(options: TableOptions = {}) {
    this.#layout = new TableLayout(options);
  }

  add(table: Table, event?: string): void {
    const { header, rows } = this.#layout.lines(table, event);
    if (header !== undefined) this.#writer.add(header);
    for (const row of rows) this.#writer.add(row);
  }

  flush(out: TextSink): void {
    const shown = visibleOutput(out);
    for (const text of this.#writer.flush()) shown.write(text);
  }
}
