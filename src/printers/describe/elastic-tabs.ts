const PADDING = 2;

/**
 * Aligns text as Go's text/tabwriter does with the settings of kubectl's descriptions (no least width, padding 2): a tab
 * ends a cell, neighbouring lines that have a column make up one block of it, and a block is as wide as its longest cell
 * plus 2, counted in code points. What follows a line's last tab is not padded. A form feed ends a line and all blocks.
 */
export function alignTabs(text: string): string {
  return text.split('\f').map(alignSegment).join('\n');
}

function alignSegment(segment: string): string {
  const lines = segment.split('\n').map((line) => line.split(/[\t\v]/));
  const padded = lines.map((cells) => cells.slice(-1));
  for (let column = 0, more = true; more; column++) more = alignColumn(lines, padded, column);
  return lines.map((cells, line) => (padded[line] ?? cells).join('')).join('\n');
}

/** Pads the cells of one column; false when no line has it. */
function alignColumn(lines: readonly string[][], padded: string[][], column: number): boolean {
  let found = false;
  for (let start = 0; start < lines.length; start++) {
    let end = start;
    let width = 0;
    for (; hasColumn(lines[end], column); end++) width = Math.max(width, length(lines[end]?.[column]) + PADDING);
    for (let line = start; line < end; line++) {
      const cell = lines[line]?.[column] ?? '';
      padded[line]?.splice(column, 0, cell + ' '.repeat(width - length(cell)));
      found = true;
    }
    start = Math.max(start, end - 1);
  }
  return found;
}

function hasColumn(cells: readonly string[] | undefined, column: number): boolean {
  return cells !== undefined && column < cells.length - 1;
}

function length(cell = ''): number {
  return Array.from(cell).length;
}
