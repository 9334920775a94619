import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Case } from '../bench.ts';
import { growthPlot, type Series } from '../growth-plot.ts';
import { writeConfigMaps } from '../manifests.ts';
import { measure, type Usage } from '../measure.ts';
import { type Row, row } from '../row.ts';

/** Work on so many objects of the local store. */
interface Work {
  readonly name: string;
  args(file: string): readonly string[];
}

const WORKS: readonly Work[] = [
  { name: 'create -f', args: (file) => ['create', '-f', file] },
  { name: 'get, table', args: () => ['get', 'configmaps'] },
  { name: 'get -o json', args: () => ['get', 'configmaps', '-o', 'json'] },
  { name: 'delete -l', args: () => ['delete', 'configmaps', '-l', 'app=bench', '--wait=false'] },
];

/** Ten times the objects may take ten times as long and as much; some more is what the caches of the processor make. */
const LINEAR = 12;

/** How time and memory grow with the number of objects; the long mode writes the plot that the documentation shows. */
export const growth: Case = {
  name: 'growth',
  about: '1,000, 10,000 (and 100,000) ConfigMaps on the local store: growth of time and memory, no worse than linear',
  async run(bench) {
    const counts = bench.size([10, 100], [1000, 10_000], [1000, 10_000, 100_000]);
    const taken = new Map<number, Map<Work, Usage>>();
    for (const count of counts) taken.set(count, await usages(bench, count));
    if (bench.mode === 'long') writeFileSync(join('bench', 'growth.svg'), plot(taken));
    const rows: Row[] = [];
    for (const [index, count] of counts.slice(1).entries()) {
      const fewer = counts[index] ?? count;
      for (const work of WORKS) {
        const [less, more] = [taken.get(fewer)?.get(work), taken.get(count)?.get(work)];
        if (less !== undefined && more !== undefined) rows.push(growthRow(work, { count, fewer, less, more }));
      }
    }
    return rows;
  },
};

async function usages(bench: Bench, count: number): Promise<Map<Work, Usage>> {
  const file = writeConfigMaps(`${bench.newFolder('growth')}.yaml`, count);
  const env = { KUBE_LITE_DATA_DIR: bench.newFolder('grown') };
  const taken = new Map<Work, Usage>();
  for (const work of WORKS) taken.set(work, await measure([bench.kubeLite(work.args(file), env)]));
  return taken;
}

function growthRow(
  { name }: Work,
  { count, fewer, less, more }: { count: number; fewer: number; less: Usage; more: Usage },
): Row {
  const text = ({ wallMs, cpuMs = wallMs, peakMiB = 0 }: Usage): string =>
    `${wallMs.toFixed(0)} ms, cpu ${cpuMs.toFixed(0)} ms, ${peakMiB.toFixed(0)} MiB`;
  const grown = (take: (usage: Usage) => number | undefined): number => (take(more) ?? 1) / (take(less) ?? 1);
  return row({
    case: 'growth',
    what: `${name} of ${count}`,
    ours: text(more),
    theirs: `of ${fewer}: ${text(less)}`,
    value: Math.max(
      grown(({ cpuMs, wallMs }) => cpuMs ?? wallMs),
      grown(({ peakMiB }) => peakMiB),
    ),
    unit: `x for ${count / fewer} x the objects`,
    goal: { atMost: (LINEAR * count) / fewer / 10 },
    usage: { ours: more, theirs: less },
  });
}

function plot(taken: ReadonlyMap<number, ReadonlyMap<Work, Usage>>): string {
  const series = (value: (usage: Usage) => number): Series[] =>
    WORKS.map((work) => ({
      name: work.name,
      points: [...taken].flatMap(([count, usage]) => {
        const one = usage.get(work);
        return one === undefined ? [] : [{ count, value: value(one) }];
      }),
    }));
  return growthPlot([
    { title: 'processor time, ms', series: series(({ cpuMs, wallMs }) => cpuMs ?? wallMs) },
    { title: 'peak memory, MiB', series: series(({ peakMiB }) => peakMiB ?? 1) },
  ]);
}
