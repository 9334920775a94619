import type { CommandRow } from '../command-row.ts';
import { findCommand } from '../find-command.ts';
import { FlagError } from '../flag-error.ts';
import { flagsWithGlobal } from '../global-flags.ts';
import { parseFlags } from '../parse-flags.ts';
import type { CommandAlias, FlagOption, Preferences } from './preferences.ts';
import { PreferencesError } from './preferences-error.ts';

interface Words {
  readonly argv: readonly string[];
  readonly table: readonly CommandRow[];
  warn(text: string): void;
}

/**
 * The command line that another one means under preferences: an alias replaced by its command, with its arguments around
 * those given; or default values put before the flags of the command named. What the command line says itself always wins,
 * and a command always wins over an alias of its name.
 */
export async function applyPreferences(preferences: Preferences, words: Words): Promise<readonly string[]> {
  checkAliases(preferences.aliases);
  const { argv, table } = words;
  const found = await findCommand(argv, table);
  const alias = found.rows.length === 0 ? preferences.aliases.find(({ name }) => name === found.unknown) : undefined;
  if (alias !== undefined) return aliased(alias, words);
  for (const { command } of preferences.defaults) {
    if (command !== '' && rowsOf(command, table) === undefined) {
      words.warn(`command ${JSON.stringify(command)} not found to set kuberc override`);
    }
  }
  const options = preferences.defaults
    .filter(({ command }) => command !== '' && isSame(rowsOf(command, table), found.rows))
    .flatMap((each) => each.options);
  if (options.length === 0 || found.command === undefined) return argv;
  const path = found.rows.map(({ name }) => name).join(' ');
  return withOptions(options, argv, table, {
    unknown: (name) => `invalid flag ${name} for command ${path}`,
    wrong: ({ name, default: value }, why) =>
      `could not apply override value ${value} to flag ${name} in command ${path} err: ${why}`,
  });
}

function checkAliases(aliases: readonly CommandAlias[]): void {
  const seen = new Set<string>();
  for (const { name } of aliases) {
    if (!/^[a-zA-Z]+$/.test(name)) {
      throw new PreferencesError('invalid alias name, can only include alphabetical characters');
    }
    if (seen.has(name)) throw new PreferencesError(`duplicate alias name ${name}`);
    seen.add(name);
  }
}

async function aliased(alias: CommandAlias, { argv, table }: Words): Promise<readonly string[]> {
  const path = alias.command.split(' ').filter((word) => word !== '');
  if (path.length > 0 && rowsOf(alias.command, table) === undefined) {
    throw new PreferencesError(
      `command ${JSON.stringify(alias.command)} not found to set alias ${JSON.stringify(alias.name)}: [${path.join(' ')}]`,
    );
  }
  // Flags that stand before it have taken their values: the first word of this name is the command.
  const at = argv.indexOf(alias.name);
  const line = [...argv.slice(0, at), ...path, ...alias.prependArgs, ...argv.slice(at + 1), ...alias.appendArgs];
  return withOptions(alias.options, line, table, {
    unknown: (name) => `invalid alias flag ${name} in alias ${alias.name}`,
    wrong: ({ name, default: value }, why) =>
      `could not apply value ${value} to flag ${name} in alias ${alias.name} err: ${why}`,
  });
}

interface Problems {
  unknown(name: string): string;
  wrong(option: FlagOption, why: string): string;
}

/** The command line with options for the flags that it does not give itself. */
async function withOptions(
  options: readonly FlagOption[],
  argv: readonly string[],
  table: readonly CommandRow[],
  problems: Problems,
): Promise<readonly string[]> {
  const { command, rest } = await findCommand(argv, table);
  const flags = flagsWithGlobal(command?.flags ?? []);
  let given: ReadonlySet<string>;
  try {
    given = new Set(parseFlags(rest, flags).given.keys());
  } catch (error) {
    // A wrong command line is told of as ever.
    if (error instanceof FlagError) return argv;
    throw error;
  }
  const added: string[] = [];
  for (const option of options) {
    if (!flags.some(({ name }) => name === option.name)) {
      throw new PreferencesError(problems.unknown(option.name));
    }
    if (given.has(option.name)) continue;
    const word = `--${option.name}=${option.default}`;
    try {
      parseFlags([word], flags);
    } catch (error) {
      if (!(error instanceof FlagError)) throw error;
      throw new PreferencesError(problems.wrong(option, error.message), { cause: error });
    }
    added.push(word);
  }
  // Before everything else: at the end they could be taken for the value of a flag that lacks its own.
  return [...added, ...argv];
}

function rowsOf(command: string, table: readonly CommandRow[]): readonly CommandRow[] | undefined {
  const rows: CommandRow[] = [];
  let children = table;
  for (const word of command.split(' ').filter((each) => each !== '')) {
    const row = children.find((each) => each.name === word || each.aliases?.includes(word) === true);
    // What follows a command without sub-commands are its arguments, in an alias.
    if (row === undefined) return rows.length > 0 && children.length === 0 ? rows : undefined;
    rows.push(row);
    children = row.children ?? [];
  }
  return rows;
}

function isSame(left: readonly CommandRow[] | undefined, right: readonly CommandRow[]): boolean {
  return left?.length === right.length && left.every((row, index) => row === right[index]);
}
