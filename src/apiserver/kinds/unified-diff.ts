/** How many lines are shown around a change. */
const CONTEXT = 3;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
  /** How many lines of either text are before it. */
  readonly before: number;
  readonly after: number;
}

/**
 * How one object became another, as k8s.io/apimachinery's diff.Diff prints it: a unified diff, without names of files, of their
 * JSON with one space a level, keys as given. Every line ends with a line feed; the same objects give nothing.
 */
export function unifiedDiff(before: unknown, after: unknown): string {
  const lines = merged(jsonLines(before), jsonLines(after));
  const changed = lines.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]));
  const hunks: { from: number; to: number }[] = [];
  for (const index of changed) {
    const [from, to] = [Math.max(0, index - CONTEXT), Math.min(lines.length, index + CONTEXT + 1)];
    const last = hunks.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else hunks.push({ from, to });
  }
  return hunks.map(({ from, to }) => hunkText(lines.slice(from, to))).join('');
}

function jsonLines(value: unknown): string[] {
  // As Go's encoder escapes them.
  const json = JSON.stringify(value, undefined, 1).replace(
    /[<>&]/g,
    (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`,
  );
  return json.split('\n');
}

function hunkText(lines: readonly Line[]): string {
  const [first] = lines;
  if (first === undefined) return '';
  const range = (start: number, other: '-' | '+'): string => {
    const length = lines.filter(({ sign }) => sign !== other).length;
    if (length === 1) return String(start + 1);
    return `${length === 0 ? start : start + 1},${length}`;
  };
  const head = `@@ -${range(first.before, '+')} +${range(first.after, '-')} @@\n`;
  return head + lines.map(({ sign, text }) => `${sign}${text}\n`).join('');
}

/** Both texts in one: common lines once, of the others those that went first. */
function merged(before: readonly string[], after: readonly string[]): Line[] {
  const lengths = commonLengths(before, after);
  const at = (b: number, a: number): number => lengths[b]?.[a] ?? 0;
  const lines: Line[] = [];
  for (let b = 0, a = 0; b < before.length || a < after.length;) {
    const place = { before: b, after: a };
    if (b < before.length && before[b] === after[a]) {
      lines.push({ sign: ' ', text: before[b] ?? '', ...place });
      b += 1;
      a += 1;
    } else if (b < before.length && (a >= after.length || at(b + 1, a) >= at(b, a + 1))) {
      lines.push({ sign: '-', text: before[b] ?? '', ...place });
      b += 1;
    } else {
      lines.push({ sign: '+', text: after[a] ?? '', ...place });
      a += 1;
    }
  }
  return lines;
}

/** The length of the longest common subsequence of what follows each pair of places. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const lengths = Array.from({ length: before.length + 1 }, () => Array.from({ length: after.length + 1 }, () => 0));
  for (let b = before.length - 1; b >= 0; b--) {
    const [row = [], below = []] = [lengths[b], lengths[b + 1]];
    for (let a = after.length - 1; a >= 0; a--) {
      const same = before[b] === after[a];
      row[a] = same ? (below[a + 1] ?? 0) + 1 : Math.max(below[a] ?? 0, row[a + 1] ?? 0);
    }
  }
  return lengths;
}
