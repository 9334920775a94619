const MIN_WIDTH = 6;
const PADDING = 3;

/**
 * Aligns rows of cells as Go's text/tabwriter does with kubectl's settings (minimum 6, padding 3, widths remembered): a
 * column is as wide as its longest cell plus 3, counted in code points, and the last cell of a row is not padded. Widths
 * only grow from one flush to the next, so that rows of a watch stay under their header.
 */
export class TabWriter {
  readonly #widths: number[] = [];
  #rows: (readonly string[])[] = [];

  add(row: readonly string[]): void {
    for (let column = 0; column < row.length - 1; column++) {
      const width = Math.max(MIN_WIDTH, codePoints(row[column] ?? '') + PADDING);
      if (width > (this.#widths[column] ?? 0)) this.#widths[column] = width;
    }
    this.#rows.push(row);
  }

  /** The rows added since the last flush as lines, in pieces of bounded size. */
  *flush(): Generator<string> {
    const rows = this.#rows;
    this.#rows = [];
    let text = '';
    for (const row of rows) {
      for (let column = 0; column < row.length; column++) {
        const cell = row[column] ?? '';
        text += cell;
        if (column < row.length - 1) text += ' '.repeat((this.#widths[column] ?? 0) - codePoints(cell));
      }
      text += '\n';
      if (text.length > 65_536) {
        yield text;
        text = '';
      }
    }
    if (text !== '') yield text;
  }
}

function codePoints(text: string): number {
  let count = text.length;
  // Each surrogate pair is one code point.
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) >> 10 === 0x36) count--;
  return count;
}
