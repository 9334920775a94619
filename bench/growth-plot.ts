/** A line of the plot: what was measured at each count. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly count: number; readonly value: number }[];
}

const WIDTH = 420;
const HEIGHT = 320;
const LEFT = 60;
const TOP = 40;
const COLORS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd'];

/** Panels side by side as one SVG, both axes logarithmic; a dashed line shows what grows with the number of objects. */
export function growthPlot(panels: readonly { readonly title: string; readonly series: readonly Series[] }[]): string {
  const width = panels.length * (WIDTH + LEFT + 30);
  const body = panels.map(({ title, series }, index) => panel(title, series, index * (WIDTH + LEFT + 30) + LEFT));
  const height = HEIGHT + TOP + 50;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${height}" fill="#fff"/>
${body.join('\n')}
</svg>
`;
}

function panel(title: string, series: readonly Series[], left: number): string {
  const points = series.flatMap((each) => each.points);
  const counts = decades(points.map(({ count }) => count));
  const values = decades(points.map(({ value }) => value));
  const x = (count: number): string => (left + place(count, counts) * WIDTH).toFixed(1);
  const y = (value: number): string => (TOP + (1 - place(value, values)) * HEIGHT).toFixed(1);
  const lines = [`<text x="${left}" y="20" font-size="14">${title}</text>`];
  for (const count of powers(counts)) {
    lines.push(grid(x(count), y(values[0]), x(count), y(values[1])));
    lines.push(
      `<text x="${x(count)}" y="${TOP + HEIGHT + 18}" text-anchor="middle">${count.toLocaleString('en')}</text>`,
    );
  }
  for (const value of powers(values)) {
    lines.push(grid(x(counts[0]), y(value), x(counts[1]), y(value)));
    lines.push(`<text x="${left - 6}" y="${y(value)}" text-anchor="end">${value.toLocaleString('en')}</text>`);
  }
  for (const [index, { name, points: drawn }] of series.entries()) {
    const color = COLORS[index % COLORS.length] ?? '#000';
    const path = drawn.map(({ count, value }) => `${x(count)},${y(value)}`).join(' ');
    lines.push(`<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`);
    for (const { count, value } of drawn) {
      lines.push(`<circle cx="${x(count)}" cy="${y(value)}" r="3" fill="${color}"/>`);
    }
    lines.push(`<text x="${left + 8}" y="${TOP + 16 + index * 16}" fill="${color}">${name}</text>`);
  }
  lines.push(linear({ counts, values }, x, y));
  lines.push(`<text x="${left + WIDTH / 2}" y="${TOP + HEIGHT + 38}" text-anchor="middle">objects</text>`);
  return lines.join('\n');
}

/** The line of what grows exactly with the number of objects, through the lower right corner's decade. */
function linear(
  { counts, values }: Readonly<Record<'counts' | 'values', readonly [number, number]>>,
  x: (count: number) => string,
  y: (value: number) => string,
): string {
  const factor = Math.min(counts[1] / counts[0], values[1] / values[0]);
  const [fromX, fromY] = [x(counts[1] / factor), y(values[1] / factor)];
  return `<line x1="${fromX}" y1="${fromY}" x2="${x(counts[1])}" y2="${y(values[1])}" stroke="#888" stroke-dasharray="4 4"/>`;
}

function grid(...[x1, y1, x2, y2]: readonly string[]): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#ddd"/>`;
}

/** The powers of ten around some numbers. */
function decades(numbers: readonly number[]): [number, number] {
  const least = 10 ** Math.floor(Math.log10(Math.min(...numbers)));
  const most = 10 ** Math.ceil(Math.log10(Math.max(...numbers)));
  return [least, Math.max(most, least * 10)];
}

function powers([least, most]: readonly [number, number]): number[] {
  const count = Math.round(Math.log10(most / least)) + 1;
  return Array.from({ length: count }, (_, power) => least * 10 ** power);
}

function place(value: number, [least, most]: readonly [number, number]): number {
  return Math.log10(value / least) / Math.log10(most / least);
}
