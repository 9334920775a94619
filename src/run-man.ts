import fs from 'node:fs';
import path from 'node:path';
import type { CommandRow } from './commands/command-row.ts';
import { commandTable } from './commands/command-table.ts';
import { findCommand } from './commands/find-command.ts';
import type { Flag } from './commands/flag.ts';
import { FlagValues } from './commands/flag-values.ts';
import { globalFlags } from './commands/global-flags.ts';
import { manualName, manualPage } from './commands/manual-page.ts';
import { manFlags } from './commands/man-flags.ts';
import { parseFlags } from './commands/parse-flags.ts';
import { UserError } from './model/user-error.ts';
import { kubeLiteVersion } from './model/version.ts';
import type { World } from './world.ts';

/** `man`: one manual page on standard output, or all of them into the folder that `--dir` names. */
export async function runMan(argv: readonly string[], world: World): Promise<void> {
  const flags: readonly Flag[] = [...globalFlags, ...manFlags];
  const { args, given } = parseFlags(argv, flags);
  const folder = new FlagValues(flags, given).string('dir');
  if (folder === '') {
    world.streams.out.write((await pageOf(args, world)).text);
    return;
  }
  if (args.length > 0) throw new UserError('--dir writes the pages of all commands: name none');
  const pages = await Promise.all(paths(commandTable).map(async (words) => pageOf(words, world)));
  fs.mkdirSync(folder, { recursive: true });
  for (const { name, text } of pages) fs.writeFileSync(path.join(folder, `${name}.1`), text);
  world.streams.out.write(`${pages.length} manual pages written to ${folder}\n`);
}

/** The words of every command that is shown, the program itself first. */
function paths(rows: readonly CommandRow[]): string[][] {
  const below = (children: readonly CommandRow[], parents: readonly string[]): string[][] =>
    children
      .filter(({ hidden }) => hidden !== true)
      .flatMap((row) => [[...parents, row.name], ...below(row.children ?? [], [...parents, row.name])]);
  return [[], ...below(rows, [])];
}

async function pageOf(words: readonly string[], { programName }: World): Promise<{ name: string; text: string }> {
  const { rows, command, rest } = await findCommand(words, commandTable);
  if (rest.length > 0) throw new UserError(`unknown command ${JSON.stringify(words.join(' '))}`);
  const children = (rows.length === 0 ? commandTable : (rows.at(-1)?.children ?? [])).filter(
    (row) => row.hidden !== true,
  );
  const moreFlags = rows.length === 0 ? globalFlags : [];
  const page = { programName, rows, command, children, moreFlags, version: kubeLiteVersion };
  return { name: manualName(programName, rows), text: manualPage(page) };
}
