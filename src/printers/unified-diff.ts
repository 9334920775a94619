import { type LineChange, lineChanges } from '../model/line-changes.ts';

export interface UnifiedDiff {
  /** What stands behind `---` and `+++`; no such lines without them. */
  readonly names?: readonly [before: string, after: string];
  /** Lines around a change; 3 when absent. */
  readonly context?: number;
}

const NO_NEWLINE = '\\ No newline at end of file\n';

/** What `diff -u` prints of two texts; empty when they are the same. */
export function unifiedDiff(before: string, after: string, { names, context = 3 }: UnifiedDiff = {}): string {
  if (before === after) return '';
  const changes = lineChanges(linesOf(before), linesOf(after));
  const head = names === undefined ? '' : `--- ${names[0]}\n+++ ${names[1]}\n`;
  return head + hunks(changes, context).map(hunkText).join('');
}

/** Lines with their line feeds: a last line without one is another line. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

interface Hunk {
  /** Lines of both texts before it. */
  readonly before: number;
  readonly after: number;
  readonly changes: LineChange[];
}

function hunks(changes: readonly LineChange[], context: number): Hunk[] {
  const found: Hunk[] = [];
  let current: Hunk | undefined;
  let last = -1;
  let before = 0;
  let after = 0;
  for (const [index, change] of changes.entries()) {
    if (change.type !== 'both') {
      const lead = Math.min(context, index - (last + 1));
      if (current === undefined || index - last - 1 > 2 * context) {
        if (current !== undefined) current.changes.push(...changes.slice(last + 1, last + 1 + context));
        current = { before: before - lead, after: after - lead, changes: changes.slice(index - lead, index) };
        found.push(current);
      } else {
        current.changes.push(...changes.slice(last + 1, index));
      }
      current.changes.push(change);
      last = index;
    }
    if (change.type !== 'added') before++;
    if (change.type !== 'removed') after++;
  }
  current?.changes.push(...changes.slice(last + 1, last + 1 + context));
  return found;
}

const SIGNS: Record<LineChange['type'], string> = { both: ' ', removed: '-', added: '+' };

function hunkText({ before, after, changes }: Hunk): string {
  const removed = changes.filter(({ type }) => type !== 'added').length;
  const added = changes.filter(({ type }) => type !== 'removed').length;
  const lines = changes.map(({ type, line }) => {
    return line.endsWith('\n') ? `${SIGNS[type]}${line}` : `${SIGNS[type]}${line}\n${NO_NEWLINE}`;
  });
  return `@@ -${span(before, removed)} +${span(after, added)} @@\n${lines.join('')}`;
}

/** An empty part is named by the line before it. */
function span(start: number, length: number): string {
  const first = length === 0 ? start : start + 1;
  return length === 1 ? String(first) : `${first},${length}`;
}
