/** A table as etcdctl draws it: cells to the right, header in capitals in the middle. Ends with a newline. */
export function etcdctlTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((text, column) => Math.max(text.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const border = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`;
  const line = (cells: readonly string[], place: (text: string, width: number) => string): string =>
    `|${widths.map((width, column) => ` ${place(cells[column] ?? '', width)} `).join('|')}|`;
  const middle = (text: string, width: number): string =>
    text.padStart(text.length + Math.floor((width - text.length) / 2)).padEnd(width);
  return [
    border,
    line(
      header.map((text) => text.toUpperCase()),
      middle,
    ),
    border,
    ...rows.map((row) => line(row, (text, width) => text.padStart(width))),
    border,
    '',
  ].join('\n');
}

/** A number of bytes as etcdctl says it: `20 kB`, `1.5 MB`. */
export function etcdctlSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  if (bytes < 10) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log(bytes) / Math.log(1000)), units.length - 1);
  const value = Math.floor((bytes / 1000 ** power) * 10 + 0.5) / 10;
  return `${value < 10 ? value.toFixed(1) : roundHalfToEven(value)} ${units[power] ?? ''}`;
}

/** Go's rounding of `%.0f`. */
function roundHalfToEven(value: number): number {
  const whole = Math.floor(value);
  return value - whole === 0.5 && whole % 2 === 0 ? whole : Math.round(value);
}
