import { median, medianUsage, type Usage } from './measure.ts';

/** What is asked of a ratio or of a number. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** One line of the result. */
export interface Row {
  readonly case: string;
  readonly what: string;
  /** kube-lite's own figure, and what it was held against. */
  readonly ours: string;
  readonly theirs: string;
  /** The number that the goal is about. */
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
  readonly met?: boolean;
  readonly usage?: { readonly ours: Usage; readonly theirs: Usage };
}

/** One side of a comparison: `prepare` is not measured. */
export interface Side {
  readonly name: string;
  prepare?(): Promise<void>;
  run(): Promise<Usage>;
}

export interface Comparison {
  readonly case: string;
  readonly what: string;
  readonly ours: Side;
  readonly theirs: Side;
  readonly pairs: number;
  /** `slower`: ours divided by theirs, at most; `faster`: theirs divided by ours, at least. */
  readonly goal: { readonly slower: number } | { readonly faster: number };
}

/**
 * Runs both sides in turn, so that a busy moment of the machine meets both, and takes the median of the pairs' ratios of
 * wall time. Which side goes first alternates.
 */
export async function compare(comparison: Comparison): Promise<Row> {
  const { ours, theirs, goal } = comparison;
  const usages: { ours: Usage; theirs: Usage }[] = [];
  for (let pair = 0; pair < comparison.pairs; pair++) {
    const first = pair % 2 === 0 ? await runSide(ours) : undefined;
    const other = await runSide(theirs);
    usages.push({ ours: first ?? (await runSide(ours)), theirs: other });
  }
  const slower = median(usages.map((each) => each.ours.wallMs / each.theirs.wallMs));
  const medians = {
    ours: medianUsage(usages.map((each) => each.ours)),
    theirs: medianUsage(usages.map((each) => each.theirs)),
  };
  const isSlower = 'slower' in goal;
  return row({
    case: comparison.case,
    what: comparison.what,
    ours: usageText(medians.ours),
    theirs: `${theirs.name}: ${usageText(medians.theirs)}`,
    value: isSlower ? slower : 1 / slower,
    unit: isSlower ? 'x its time' : 'x faster',
    goal: isSlower ? { atMost: goal.slower } : { atLeast: goal.faster },
    usage: medians,
  });
}

async function runSide(side: Side): Promise<Usage> {
  await side.prepare?.();
  return side.run();
}

/** A row with its goal judged. */
export function row(given: Omit<Row, 'met'>): Row {
  const { goal, value } = given;
  if (goal === undefined) return given;
  return { ...given, met: 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast };
}

function usageText({ wallMs, cpuMs, peakMiB }: Usage): string {
  const wall = wallMs < 10_000 ? `${wallMs.toFixed(0)} ms` : `${(wallMs / 1000).toFixed(1)} s`;
  const cpu = cpuMs === undefined ? '' : `, cpu ${cpuMs.toFixed(0)} ms`;
  return `${wall}${cpu}${peakMiB === undefined ? '' : `, ${peakMiB.toFixed(0)} MiB`}`;
}
