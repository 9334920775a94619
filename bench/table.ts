import type { Row } from './row.ts';

/** The rows as a plain table. */
export function table(rows: readonly Row[]): string {
  const head = ['case', 'what', 'kube-lite', 'the other', 'result', 'goal', 'met'];
  const lines = [head, ...rows.map(cells)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${text.join('\n')}\n`;
}

function cells(row: Row): string[] {
  const { value, unit, goal } = row;
  const figure = value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
  const wanted = goal === undefined ? '' : 'atMost' in goal ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`;
  const met = row.met === undefined ? '' : row.met ? 'yes' : 'NO';
  return [row.case, row.what, row.ours, row.theirs, `${figure} ${unit}`, wanted, met];
}
