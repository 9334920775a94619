import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Ends a run with what the transcripts showed, a row each with the steps that matched in every column, and the one line
 * that says how many tests passed, failed and were skipped.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const states = tests.map((test) => test.result().state);
    const count = (state: string): number => states.filter((each) => each === state).length;
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length;
    process.stdout.write(
      `${transcriptTable(tests)}${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped\n`,
    );
  }
}

function transcriptTable(tests: readonly TestCase[]): string {
  const replays = tests.flatMap((test) => test.meta().transcript ?? []);
  if (replays.length === 0) return '';
  const columns = ['local', 'etcd', 'etcd over http', 'api', 'kubectl', 'kubectl on etcd'];
  const names = [...new Set(replays.map(({ name }) => name))].sort();
  const cell = (matching: typeof replays): string => {
    const sum = (field: 'steps' | 'matched'): number => matching.reduce((total, each) => total + each[field], 0);
    return matching.length === 0 ? '-' : `${sum('matched')}/${sum('steps')}`;
  };
  const row = (name: string, matching: typeof replays): string[] => [
    name,
    ...columns.map((column) => cell(matching.filter((each) => each.column === column))),
  ];
  const rows = [
    ['TRANSCRIPT', ...columns.map((column) => column.toUpperCase())],
    ...names.map((name) => row(name, replays.filter((each) => each.name === name))),
    row('all', replays),
  ]; // prettier-ignore
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0))) ?? [];
  return `${rows
    .map((cells) =>
      cells
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n')}\n\n`;
}
