import { describe, expect, it } from 'vitest';
import type { CommandRow } from '../../src/commands/command-row.ts';
import { commandTable } from '../../src/commands/command-table.ts';
import { findCommand } from '../../src/commands/find-command.ts';
import { globalFlags } from '../../src/commands/global-flags.ts';
import { parseFlags } from '../../src/commands/parse-flags.ts';
import { run } from './run-program.ts';

function paths(rows: readonly CommandRow[], parents: readonly string[] = []): string[][] {
  return rows.flatMap((row) => {
    const own = [...parents, row.name];
    return [own, ...paths(row.children ?? [], own)];
  });
}

const all = paths(commandTable).filter(([first]) => first !== 'help');

/** Splits an example as a shell would, quotes and a trailing pipe or ampersand included. */
function shellWords(line: string): string[] {
  const words = line.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
      (_whole, double: string | undefined, single: string | undefined) => double ?? single ?? '',
    ),
  );
}

describe('help', () => {
  it.each(all)('%s %s %s', async (...path) => {
    const words = path.filter((word) => typeof word === 'string');
    const { status, output, errors } = await run([...words, '--help']);
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(output).toContain(`Usage:\n  kubectl ${words.join(' ')}`);
    expect(output).toContain('Use "kubectl options" for a list of global command-line options');
    expect((await run(['help', ...words])).output).toBe(output);
  });

  it('of the program lists every command that is not hidden', async () => {
    const { output } = await run([]);
    for (const row of commandTable.filter((each) => each.hidden !== true)) expect(output).toContain(`\n  ${row.name} `);
  });
});

describe('examples', () => {
  it('name commands and flags that there are', async () => {
    let seen = 0;
    for (const path of all) {
      const { command } = await findCommand(path, commandTable);
      for (const { command: line } of command?.examples ?? []) {
        // Shell set-up that only mentions the program is no call of it.
        if (line.startsWith('alias ')) continue;
        const start = line.indexOf('kubectl ');
        expect(start, line).toBeGreaterThanOrEqual(0);
        const words = shellWords(line.slice(start + 'kubectl '.length).replace(/ [|>&].*$/, ''));
        const found = await findCommand(words, commandTable);
        expect(found.command, line).toBeDefined();
        expect(() => parseFlags(found.rest, [...globalFlags, ...(found.command?.flags ?? [])]), line).not.toThrow();
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(40);
  });
});
