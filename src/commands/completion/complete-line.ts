import type { CommandRow } from '../command-row.ts';
import { findCommand } from '../find-command.ts';
import { FlagError } from '../flag-error.ts';
import type { Flag } from '../flag.ts';
import { flagsWithGlobal } from '../global-flags.ts';
import { bareValue, dashedName, type ParsedArguments, parseFlags } from '../parse-flags.ts';
import { argumentCandidates } from './argument-candidates.ts';
import { type Candidate, type Completion, Directive, NOTHING } from './completion-result.ts';
import type { CompletionSources } from './completion-source.ts';
import { flagValueCandidates } from './flag-value-candidates.ts';
import type { CompletionContext } from './source-candidates.ts';
import { FlagValues } from '../flag-values.ts';

const HELP_FLAG: Flag = { name: 'help', short: 'h', type: 'bool', usage: 'Show the help of the command.' };

/** A command line before the word that is completed. */
interface Line {
  readonly rows: readonly CommandRow[];
  readonly flags: readonly Flag[];
  readonly parsed: ParsedArguments;
  /** The flag whose value the word is. */
  readonly pending: Flag | undefined;
}

/**
 * What may stand for the last of `words`, which is empty or begun. Never rejects: what cannot be found out is not offered.
 */
export async function completeLine(words: readonly string[], sources: CompletionSources): Promise<Completion> {
  const typed = words.at(-1) ?? '';
  try {
    return await complete(words.slice(0, -1), typed, sources);
  } catch {
    return { candidates: [], directive: Directive.Default };
  }
}

async function complete(before: readonly string[], typed: string, sources: CompletionSources): Promise<Completion> {
  const found = await findCommand(before, sources.table);
  if (found.rows[0]?.name === 'help') return completeHelp(found.rest, typed, sources.table);
  if (found.rows.length === 0 && found.unknown !== undefined) return { candidates: [], directive: Directive.Default };
  const flags = [...flagsWithGlobal(found.command?.flags ?? []), HELP_FLAG];
  const line = readLine(found.rows, found.rest, flags);
  if (line === undefined) return { candidates: [], directive: Directive.Default };
  const context = { args: line.parsed.args, flags: new FlagValues(flags, line.parsed.given), sources };
  if (line.pending !== undefined) return flagValueCandidates(line.pending, typed, context);
  if (line.parsed.argsBeforeDash === undefined && typed.startsWith('-')) return completeFlag(line, typed, context);
  const commands = context.args.length === 0 ? commandNames(childrenOf(found.rows, sources.table), typed) : [];
  if (commands.length > 0 || found.rows.length === 0) return { candidates: commands, directive: Directive.NoFiles };
  const path = found.rows.map(({ name }) => name).join(' ');
  return argumentCandidates(path, typed, context);
}

/** `--na` is the beginning of a flag's name, `--name=va` that of its value. */
async function completeFlag({ flags, parsed }: Line, typed: string, context: CompletionContext): Promise<Completion> {
  const equals = typed.indexOf('=');
  if (equals < 0) return { candidates: flagNames(typed, flags, parsed.given), directive: Directive.NoFiles };
  const flag = flags.find(({ name }) => `--${name}` === dashedName(typed.slice(0, equals)));
  return flag === undefined ? NOTHING : flagValueCandidates(flag, typed.slice(equals + 1), context);
}

/** Undefined when the flags so far are wrong. */
function readLine(rows: readonly CommandRow[], rest: readonly string[], flags: readonly Flag[]): Line | undefined {
  const whole = parseQuietly(rest, flags);
  if (whole !== undefined) return { rows, flags, parsed: whole, pending: undefined };
  // The one mistake that is none here: the last word is a flag whose value is just being typed.
  const parsed = parseQuietly(rest.slice(0, -1), flags);
  const pending = flagThatWaits(rest.at(-1) ?? '', flags);
  return parsed === undefined || pending === undefined ? undefined : { rows, flags, parsed, pending };
}

function parseQuietly(words: readonly string[], flags: readonly Flag[]): ParsedArguments | undefined {
  try {
    return parseFlags(words, flags);
  } catch (error) {
    if (error instanceof FlagError) return undefined;
    throw error;
  }
}

function flagThatWaits(word: string, flags: readonly Flag[]): Flag | undefined {
  const flag = word.startsWith('--')
    ? flags.find(({ name }) => name === dashedName(word.slice(2)))
    : flags.find(({ short }) => word.startsWith('-') && short === word.at(-1));
  return flag === undefined || bareValue(flag) !== undefined ? undefined : flag;
}

/** Flags by the beginning of a name; those that were given and count once are not offered again. */
function flagNames(typed: string, flags: readonly Flag[], given: ReadonlyMap<string, unknown>): Candidate[] {
  const open = flags.filter(({ name, type, hidden, deprecated }) => {
    const repeats = type === 'stringList' || type === 'stringArray';
    return hidden !== true && deprecated === undefined && (repeats || !given.has(name));
  });
  const named = open.flatMap(({ name, short, usage }) => [
    { text: `--${name}`, description: usage },
    ...(short === undefined ? [] : [{ text: `-${short}`, description: usage }]),
  ]);
  return named.filter(({ text }) => text.startsWith(typed));
}

function childrenOf(rows: readonly CommandRow[], table: readonly CommandRow[]): readonly CommandRow[] {
  return rows.length === 0 ? table : (rows.at(-1)?.children ?? []);
}

function commandNames(rows: readonly CommandRow[], typed: string): Candidate[] {
  return rows
    .filter(({ hidden }) => hidden !== true)
    .flatMap(({ name, aliases = [], summary }) => {
      // An alias is only offered to whoever is typing it.
      const texts = name.startsWith(typed) ? [name] : aliases.filter((alias) => alias.startsWith(typed));
      return texts.map((text) => ({ text, description: summary }));
    });
}

async function completeHelp(
  before: readonly string[],
  typed: string,
  table: readonly CommandRow[],
): Promise<Completion> {
  const { rows, unknown } = await findCommand(before, table);
  if (unknown !== undefined) return NOTHING;
  return { candidates: commandNames(childrenOf(rows, table), typed), directive: Directive.NoFiles };
}
