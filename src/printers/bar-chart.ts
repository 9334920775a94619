import { TabWriter } from './tab-writer.ts';

export interface BarChart {
  readonly header: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly value: number }[];
  /** What a bar of full length stands for. */
  readonly total: number;
  /** Columns of the terminal. */
  readonly width: number;
}

const LONGEST_BAR = 40;
const SHORTEST_BAR = 10;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A table with each row's share of the total as per cent and as a bar behind it. Ends with a newline. */
export function barChart({ header, rows, total, width }: BarChart): string {
  const table = new TabWriter();
  const percents = rows.map(({ value }) => (total > 0 ? (value / total) * 100 : 0));
  table.add([...header, 'SHARE', '']);
  for (const [index, { cells }] of rows.entries()) table.add([...cells, `${(percents[index] ?? 0).toFixed(1)}%`, '']);
  const lines = [...table.flush()].join('').split('\n').slice(0, -1);
  const longest = Math.max(0, ...lines.map((line) => line.length));
  const most = Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, width - longest - 1));
  const drawn = lines.map((line, index) => {
    const percent = index === 0 ? undefined : percents[index - 1];
    return percent === undefined ? line : line + bar((percent / 100) * most);
  });
  return drawn.map((line) => `${line.trimEnd()}\n`).join('');
}

/** A bar of so many columns, with a part of one as an eighth; what is not nothing is seen. */
function bar(length: number): string {
  if (length <= 0) return '';
  const eighths = Math.max(1, Math.round(length * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
