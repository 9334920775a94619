const MIN_WIDTH = 6;
const PADDING = 3;

/**
 * Lays out rows of cells as Go's text/tabwriter does with kubectl's settings, also where rows differ in length (a cell with
 * a line feed in it ends its row there): only neighbouring rows that have a column make up one block of it, and a block is
 * never narrower than the ones before it. The last cell of a row is not padded. `remembered` has the greatest width of each
 * column so far, and is brought up to date.
 */
export function layOutBlocks(rows: readonly (readonly string[])[], remembered: number[] = []): string {
  const layout: Layout = { rows, remembered, lines: [] };
  layOut(layout, 0, rows.length, []);
  return layout.lines.join('');
}

interface Layout {
  readonly rows: readonly (readonly string[])[];
  /** The greatest width of every column so far. */
  readonly remembered: number[];
  readonly lines: string[];
}

function layOut(layout: Layout, from: number, to: number, widths: readonly number[]): void {
  const column = widths.length;
  let start = from;
  for (let row = from; row < to; row++) {
    if (!hasColumn(layout.rows[row], column)) continue;
    writeRows(layout, start, row, widths);
    start = row;
    let width = MIN_WIDTH;
    for (; row < to && hasColumn(layout.rows[row], column); row++) {
      width = Math.max(width, codePoints(layout.rows[row]?.[column] ?? '') + PADDING);
    }
    width = Math.max(width, layout.remembered[column] ?? 0);
    layout.remembered[column] = width;
    layOut(layout, start, row, [...widths, width]);
    start = row;
  }
  writeRows(layout, start, to, widths);
}

function hasColumn(row: readonly string[] | undefined, column: number): boolean {
  return row !== undefined && column < row.length - 1;
}

function writeRows({ rows, lines }: Layout, from: number, to: number, widths: readonly number[]): void {
  for (const row of rows.slice(from, to)) {
    const cells = row.map((cell, column) => {
      const width = widths[column];
      return width === undefined ? cell : cell + ' '.repeat(Math.max(0, width - codePoints(cell)));
    });
    lines.push(`${cells.join('')}\n`);
  }
}

function codePoints(text: string): number {
  return Array.from(text).length;
}
