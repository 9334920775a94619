/** Labels of a series, in the order in which they are written. */
export type Labels = Readonly<Record<string, string>>;

/** `{a="1",b="2"}`; '' for none. Values are escaped as Prometheus' text format has it. */
export function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** What stands before the series of a metric. */
export function metricHead(name: string, type: 'counter' | 'gauge' | 'histogram', help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

/** The lines of a metric with one value per series, in the order of their labels. */
export function metricLines(name: string, series: Iterable<readonly [labels: string, value: number]>): string {
  return [...series]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([labels, value]) => `${name}${labels} ${value}\n`)
    .join('');
}
