import CliTable from 'cli-table3';
import type { Table } from '../model/table.ts';
import { terminalText } from '../model/terminal-text.ts';
import type { Painter } from './painter.ts';
import type { TextSink } from './resource-printer.ts';
import { TableLayout, type TableOptions } from './table-layout.ts';
import type { RowPrinter } from './table-printer.ts';

/** `-o table`: server-side tables with lines around their cells, and states in colour where the stream takes it. */
export class BoxedTablePrinter implements RowPrinter {
  readonly #layout: TableLayout;
  readonly #painter: Painter;
  #header: string[] = [];
  #rows: string[][] = [];

  constructor(options: TableOptions, painter: Painter) {
    this.#layout = new TableLayout(options);
    this.#painter = painter;
  }

  add(table: Table, event?: string): void {
    const { header, rows } = this.#layout.lines(table, event);
    if (header !== undefined) this.#header = header;
    this.#rows.push(...rows);
  }

  flush(out: TextSink): void {
    // Here, where the colours that go around them are still to come.
    const shown = (text: string): string => (out.isTerminal === true ? terminalText(text) : text);
    const head = this.#header.map((title) => this.#painter.heading(shown(title)));
    const box = new CliTable({ head, style: { head: [], border: [] } });
    for (const row of this.#rows) box.push(row.map((cell) => this.#painter.state(shown(cell))));
    out.write(`${box.toString()}\n`);
    this.#header = [];
    this.#rows = [];
  }
}
