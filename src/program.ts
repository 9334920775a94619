import { Command as CommanderCommand, Option } from 'commander';
import type { Command, Invocation } from './commands/command.ts';
import type { CommandRow } from './commands/command-row.ts';
import { commandTable } from './commands/command-table.ts';
import type { Context } from './commands/context.ts';
import { FlagError } from './commands/flag-error.ts';
import { FlagValues } from './commands/flag-values.ts';
import { findCommand, type FoundCommand } from './commands/find-command.ts';
import { flagsWithGlobal, globalFlags } from './commands/global-flags.ts';
import { givenKuberc, kubercPlace } from './commands/kuberc/kuberc-place.ts';
import { HelpFirst } from './commands/help-first.ts';
import { Interrupt } from './commands/interrupt.ts';
import { distance } from './commands/near-words.ts';
import { type ParsedArguments, parseFlags } from './commands/parse-flags.ts';
import { UnknownCommandError } from './commands/unknown-command-error.ts';
import { SilentExit } from './commands/silent-exit.ts';
import { UsageError } from './commands/usage-error.ts';
import { wantsColor } from './commands/wants-color.ts';
import { errorForm } from './error-form.ts';
import { type Place, presentError } from './exit.ts';
import { terminalText } from './model/terminal-text.ts';
import type { World } from './world.ts';

/** `help COMMAND` is `COMMAND --help`; it has no module of its own. */
const HELP = 'help';
/** It has no module of its own either: it shows the table. */
const MAN = 'man';
/** What a person reads from its beginning. */
const DESCRIBE = 'describe';

/** The command that plugins may add sub-commands to. */
const CREATE = 'create';

/** What completion scripts call; cobra's names. They are not in the table: nothing of theirs is a flag. */
const COMPLETE = '__complete';
const COMPLETE_BARE = '__completeNoDesc';

/** Runs one command line and resolves with the exit status; every error was presented on standard error by then. */
export async function runProgram(argv: readonly string[], world: World): Promise<number> {
  let found: FoundCommand | undefined;
  let place: Place = { programName: world.programName, commandPath: world.programName };
  try {
    const form = errorForm(argv, world.env);
    place = { ...place, ...form };
    if (argv[0] === COMPLETE || argv[0] === COMPLETE_BARE) {
      const { runCompletion } = await import('./run-completion.ts');
      await runCompletion({ words: argv.slice(1), table: commandTable, withDescriptions: argv[0] === COMPLETE }, world);
      return 0;
    }
    const words = await preferred(argv, world);
    found = await findCommand(words, commandTable);
    const commandPath = [world.programName, ...found.rows.map((row) => row.name)].join(' ');
    const errorStatus = found.command?.errorStatus;
    place = { ...place, commandPath, ...(errorStatus === undefined ? {} : { errorStatus }) };
    await runFound(found, words, world);
    return 0;
  } catch (error) {
    const { text, status } = presentError(error, place);
    if (text !== '') world.streams.err.write(place.json === true ? text : await painted(text, argv, world));
    if (place.json !== true && world.streams.err.isTerminal && found !== undefined && error instanceof Error) {
      const { suggestion } = await import('./suggestion.ts');
      world.streams.err.write(suggestion(error.message, found));
    }
    const { reason } = world.signal as { reason: unknown };
    // Commands that end by themselves on an interrupt, as kubectl's watches do, say with what status.
    return reason instanceof Interrupt && !(error instanceof SilentExit) ? reason.exitStatus : status;
  }
}

/** The command line with what the person prefers put in; the same where there are no preferences. */
async function preferred(argv: readonly string[], world: World): Promise<readonly string[]> {
  const { env, homeFolder, streams } = world;
  const file = kubercPlace(givenKuberc(argv), env, homeFolder);
  if (file === undefined) return argv;
  const [{ readPreferences }, { applyPreferences }] = await Promise.all([
    import('./commands/kuberc/read-preferences.ts'),
    import('./commands/kuberc/apply-preferences.ts'),
  ]);
  const say = (line: string): void => streams.err.write(`${line}\n`);
  const warn = (text: string): void => say(`Warning: ${text}`);
  return applyPreferences(readPreferences(file, say), { argv, table: commandTable, warn });
}

/** An error text in colour where a person looks at it. */
async function painted(errorText: string, argv: readonly string[], { env, streams }: World): Promise<string> {
  const text = streams.err.isTerminal ? terminalText(errorText) : errorText;
  const color = argv.find((word) => word.startsWith('--color='))?.slice('--color='.length) ?? 'auto';
  if (!wantsColor(color, env, streams.err)) return text;
  const { Painter } = await import('./printers/painter.ts');
  return new Painter(true).error(text);
}

async function runFound(found: FoundCommand, argv: readonly string[], world: World): Promise<void> {
  if (found.rows.length === 0) return runWithoutCommand(found, argv, world);
  if (found.rows[0]?.name === MAN && !found.rest.some((word) => word === '--help' || word === '-h')) {
    const { runMan } = await import('./run-man.ts');
    return runMan(found.rest, world);
  }
  return found.rows[0]?.name === HELP ? helpOf(found, world) : runCommandFound(found, argv, world);
}

async function helpOf(found: FoundCommand, world: World): Promise<void> {
  const target = await findCommand(found.rest, commandTable);
  if (target.unknown !== undefined && target.rows.length === 0) throw unknownCommand(found.rest.join(' '), world);
  return pageHelp(target, world);
}

async function runCommandFound(found: FoundCommand, argv: readonly string[], world: World): Promise<void> {
  const { command } = found;
  // Only `create` has sub-commands that plugins may add to: kubectl-create-NAME.
  if (found.unknown !== undefined && found.rows.length === 1 && found.rows[0]?.name === CREATE) {
    await runPluginInstead(argv, 2, world);
  }
  if (command === undefined) return runGroup(found, world);
  const parsed = parseCommandFlags(found.rest, command);
  tellOfDeprecated(parsed, command, world);
  if (parsed.help) return pageHelp(found, world);
  try {
    return await dispatch(found.rows, command, parsed, world);
  } catch (error) {
    if (!(error instanceof HelpFirst)) throw error;
    await printHelp(found, world.streams.out, world);
    if (error.problem !== undefined) throw error.problem;
  }
}

function parseCommandFlags(argv: readonly string[], { flags, errorStatus }: Command): ParsedArguments {
  try {
    return parseFlags(argv, flagsWithGlobal(flags));
  } catch (error) {
    if (errorStatus === undefined || !(error instanceof FlagError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}

/** Says what to use instead of flags that are going, in pflag's words. */
function tellOfDeprecated({ given }: ParsedArguments, { flags }: Command, world: World): void {
  for (const name of given.keys()) {
    const deprecated = flags.find((flag) => flag.name === name)?.deprecated;
    if (deprecated !== undefined) world.streams.err.write(`Flag --${name} has been deprecated, ${deprecated}\n`);
  }
}

async function runWithoutCommand(found: FoundCommand, argv: readonly string[], world: World): Promise<void> {
  if (found.unknown !== undefined) {
    await runPluginInstead(argv, 1, world);
    throw unknownCommand(found.unknown, world);
  }
  parseFlags(argv, globalFlags);
  const { programHelp } = await import('./commands/help-text.ts');
  world.streams.out.write(programHelp(world.programName, commandTable));
}

/** Ends with the status of a plugin when there is one for the command line, with `least` words in its name. */
async function runPluginInstead(argv: readonly string[], least: number, world: World): Promise<void> {
  const { runPlugin } = await import('./run-plugin.ts');
  const status = await runPlugin(argv, least, world);
  if (status !== undefined) throw new SilentExit(status);
}

async function runGroup(found: FoundCommand, world: World): Promise<void> {
  const parsed = parseFlags(found.rest, globalFlags);
  if (parsed.help) return pageHelp(found, world);
  if (parsed.args.length > 0) throw new UsageError(`unknown command ${JSON.stringify(parsed.args.join(' '))}`);
  await printHelp(found, world.streams.err, world);
  throw new SilentExit(1);
}

/** Help that was asked for, for a person to page through. */
async function pageHelp(found: FoundCommand, world: World): Promise<void> {
  const { keptOutput, pageText } = await import('./page-text.ts');
  const kept = keptOutput(world.streams.out);
  await printHelp(found, kept.stream, world);
  await pageText(kept.text(), world);
}

async function printHelp(found: FoundCommand, out: { write(text: string): void }, world: World): Promise<void> {
  const { commandHelp, programHelp } = await import('./commands/help-text.ts');
  const text =
    found.rows.length === 0
      ? programHelp(world.programName, commandTable)
      : commandHelp(world.programName, found.rows, found.command);
  out.write(text);
}

function unknownCommand(word: string, world: World): UnknownCommandError {
  const near = commandTable
    .filter((row) => row.hidden !== true && (row.name.startsWith(word.toLowerCase()) || distance(row.name, word) <= 2))
    .map((row) => `\n\t${row.name}`);
  const suggestion = near.length === 0 ? '' : `\n\nDid you mean this?${near.join('')}`;
  return new UnknownCommandError(
    `unknown command ${JSON.stringify(word)} for ${JSON.stringify(world.programName)}${suggestion}`,
  );
}

/** Hands the parsed command line to commander in the one form that it and pflag read alike, and runs what it dispatches. */
async function dispatch(
  rows: readonly CommandRow[],
  command: Command,
  parsed: ParsedArguments,
  world: World,
): Promise<void> {
  const root = new CommanderCommand(world.programName).exitOverride().helpOption(false).helpCommand(false);
  let leaf = root;
  for (const row of rows) leaf = leaf.command(row.name).exitOverride().helpOption(false).helpCommand(false);
  const flags = flagsWithGlobal(command.flags);
  for (const flag of flags) {
    const option = new Option(optionFor(flag.name), flag.usage);
    leaf.addOption(option.argParser((value: string, values: string[] | undefined) => [...(values ?? []), value]));
  }
  leaf.argument('[args...]').action(async (args: string[], _options: unknown, chosen: CommanderCommand) => {
    const given = new Map(flags.flatMap((flag) => givenValues(chosen, flag.name)));
    const values = new FlagValues(flags, given);
    const commandPath = [world.programName, ...rows.map((row) => row.name)].join(' ');
    const invocation: Invocation = {
      args,
      flags: values,
      argsBeforeDash: parsed.argsBeforeDash,
      programName: world.programName,
      commandPath,
      env: world.env,
    };
    await (rows[0]?.name === DESCRIBE ? runPaged : runCommand)(command, invocation, world);
  });
  const options = [...parsed.given].flatMap(([name, values]) => values.map((value) => `${optionName(name)}=${value}`));
  await root.parseAsync([...rows.map((row) => row.name), ...options, '--', ...parsed.args], { from: 'user' });
}

/** commander would read `--no-headers` as the negation of `--headers`; behind a prefix it is a name like any other. */
function optionName(name: string): string {
  return `--flag-${name}`;
}

function optionFor(name: string): string {
  return `${optionName(name)} <value>`;
}

function givenValues(chosen: CommanderCommand, name: string): [string, string[]][] {
  const attribute = new Option(optionFor(name)).attributeName();
  const values = chosen.getOptionValue(attribute) as string[] | undefined;
  return values === undefined ? [] : [[name, values]];
}

/** Runs a command whose output a person pages through on a terminal; what it printed before an error is shown too. */
async function runPaged(command: Command, invocation: Invocation, world: World): Promise<void> {
  if (!world.streams.out.isTerminal) return runCommand(command, invocation, world);
  const { keptOutput, pageText } = await import('./page-text.ts');
  const kept = keptOutput(world.streams.out);
  try {
    await runCommand(command, invocation, { ...world, streams: { ...world.streams, out: kept.stream } });
  } finally {
    await pageText(kept.text(), world);
  }
}

async function runCommand(command: Command, invocation: Invocation, world: World): Promise<void> {
  if (invocation.flags.changed('vmodule') || invocation.flags.changed('profile')) {
    const { checkGoFlags } = await import('./commands/go-flags.ts');
    checkGoFlags(invocation.flags, command.flags);
  }
  const options = await parsedOptions(command, invocation);
  const { openContext } = await import('./open-context.ts');
  const context: Context & { finish(): void } = openContext(command, invocation, world);
  if (invocation.flags.bool('match-server-version')) {
    const { matchServerVersion } = await import('./commands/match-server-version.ts');
    const [, first = ''] = invocation.commandPath.slice(world.programName.length).split(' ');
    await matchServerVersion(first, invocation.flags, context);
  }
  await command.run(options, context);
  context.finish();
}

async function parsedOptions(command: Command, invocation: Invocation): Promise<unknown> {
  if (command.refusesFirst === undefined) return command.parse(invocation);
  const { refuseFirst } = await import('./commands/refuse-first.ts');
  try {
    const options = command.parse(invocation);
    await refuseFirst(command, invocation);
    return options;
  } catch (error) {
    await refuseFirst(command, invocation, error);
    throw error;
  }
}
