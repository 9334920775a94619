/** Lines of two texts that stand for each other (`both`), or are in one alone; in order. */
export interface LineChange {
  readonly type: 'both' | 'removed' | 'added';
  readonly line: string;
}

/** Beyond so many differing lines the shortest way is not looked for: all of one side is replaced by the other. */
const MOST_EDITS = 2000;

/** The fewest lines to remove and add that make `after` of `before` (Myers' greedy algorithm); removals come before additions. */
export function lineChanges(before: readonly string[], after: readonly string[]): LineChange[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const same = (lines: readonly string[]): LineChange[] => lines.map((line) => ({ type: 'both', line }));
  return [
    ...same(before.slice(0, start)),
    ...removalsFirst(middle(before.slice(start, before.length - end), after.slice(start, after.length - end))),
    ...same(before.slice(before.length - end)),
  ];
}

function middle(before: readonly string[], after: readonly string[]): LineChange[] {
  const trace = shortestEdit(before, after);
  if (trace === undefined || before.length === 0 || after.length === 0) {
    return [
      ...before.map((line) => ({ type: 'removed', line }) as const),
      ...after.map((line) => ({ type: 'added', line }) as const),
    ];
  }
  return backtrack(before, after, trace);
}

/** How far each diagonal got after each number of edits; undefined when there are too many. */
function shortestEdit(before: readonly string[], after: readonly string[]): Int32Array[] | undefined {
  const limit = Math.min(before.length + after.length, MOST_EDITS);
  const reach = new Int32Array(2 * limit + 3);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= limit; edits++) {
    trace.push(reach.slice(limit - edits, limit + edits + 3));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const at = limit + 1 + diagonal;
      const down = comesDown(reach, at, { diagonal, edits });
      let x = down ? (reach[at + 1] ?? 0) : (reach[at - 1] ?? 0) + 1;
      let y = x - diagonal;
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x++;
        y++;
      }
      reach[at] = x;
      if (x >= before.length && y >= after.length) return trace;
    }
  }
  return undefined;
}

/** Whether a diagonal is best reached by an addition, as opposed to a removal. */
function comesDown(
  reach: Int32Array,
  at: number,
  { diagonal, edits }: { readonly diagonal: number; readonly edits: number },
): boolean {
  return diagonal === -edits || (diagonal !== edits && (reach[at - 1] ?? 0) < (reach[at + 1] ?? 0));
}

function backtrack(before: readonly string[], after: readonly string[], trace: readonly Int32Array[]): LineChange[] {
  const changes: LineChange[] = [];
  let x = before.length;
  let y = after.length;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = trace[edits] ?? new Int32Array();
    const diagonal = x - y;
    // The part that was kept begins one before the lowest diagonal.
    const down = comesDown(reach, edits + 1 + diagonal, { diagonal, edits });
    const previous = diagonal + (down ? 1 : -1);
    const fromX = edits === 0 ? 0 : (reach[edits + 1 + previous] ?? 0);
    const fromY = edits === 0 ? 0 : fromX - previous;
    while (x > fromX && y > fromY) {
      changes.push({ type: 'both', line: before[--x] ?? '' });
      y--;
    }
    if (edits === 0) break;
    if (down) changes.push({ type: 'added', line: after[--y] ?? '' });
    else changes.push({ type: 'removed', line: before[--x] ?? '' });
  }
  return changes.reverse();
}

/** Within each run of changes the removed lines first, as diff programs print them. */
function removalsFirst(changes: readonly LineChange[]): LineChange[] {
  const ordered: LineChange[] = [];
  let added: LineChange[] = [];
  for (const change of changes) {
    if (change.type === 'added') added.push(change);
    else {
      if (change.type === 'both') {
        for (const each of added) ordered.push(each);
        added = [];
      }
      ordered.push(change);
    }
  }
  return [...ordered, ...added];
}
