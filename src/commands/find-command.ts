import type { Command } from './command.ts';
import type { CommandRow } from './command-row.ts';
import { flagsWithGlobal } from './global-flags.ts';
import { bareValue, dashedName } from './parse-flags.ts';
import type { Flag } from './flag.ts';

/** The command that an argument list names. */
export interface FoundCommand {
  /** From the first word down; empty when no command was named. */
  readonly rows: readonly CommandRow[];
  readonly command: Command | undefined;
  /** The arguments without the command's own words. */
  readonly rest: string[];
  /** The first word that should have been a command but is none, directly below `rows`. */
  readonly unknown: string | undefined;
}

/**
 * Finds the command as cobra does: words that are no flags and no flags' values lead down the tree; flags may stand
 * between them. A flag that the command so far does not know counts as taking a value.
 */
export async function findCommand(argv: readonly string[], table: readonly CommandRow[]): Promise<FoundCommand> {
  const rows: CommandRow[] = [];
  let command: Command | undefined;
  let rest = [...argv];
  let children: readonly CommandRow[] = table;
  for (;;) {
    const at = firstWord(rest, flagsWithGlobal(command?.flags ?? []));
    const word = at === undefined ? undefined : rest[at];
    const row =
      word === undefined ? undefined : children.find((each) => each.name === word || each.aliases?.includes(word));
    if (row === undefined || at === undefined) {
      return { rows, command, rest, unknown: children.length > 0 ? word : undefined };
    }
    rows.push(row);
    rest = [...rest.slice(0, at), ...rest.slice(at + 1)];
    command = await row.load?.();
    children = row.children ?? [];
    if (children.length === 0) return { rows, command, rest, unknown: undefined };
  }
}

/** Where the first argument stands that is no flag and no flag's value. */
function firstWord(argv: readonly string[], flags: readonly Flag[]): number | undefined {
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (word === '--') return undefined;
    if (!word.startsWith('-') || word === '-') return index;
    const isLong = word.startsWith('--');
    if (word.includes('=') || (!isLong && word.length > 2)) continue;
    const flag = flags.find((each) =>
      isLong ? each.name === dashedName(word.slice(2)) : each.short === word.slice(1),
    );
    const alone = flag === undefined ? word === '--help' || word === '-h' : bareValue(flag) !== undefined;
    if (!alone) index++;
  }
  return undefined;
}
