import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { kubercPlace, usualKuberc } from './kuberc-place.ts';
import { type CommandAlias, type CommandDefaults, noPreferences, type Preferences } from './preferences.ts';
import { readPreferences } from './read-preferences.ts';
import { writePreferences } from './write-preferences.ts';

type Change =
  | { readonly section: 'defaults'; readonly entry: CommandDefaults }
  | { readonly section: 'aliases'; readonly entry: CommandAlias };

interface SetOptions {
  readonly kuberc: string | undefined;
  readonly change: Change;
  readonly overwrite: boolean;
}

/** `kuberc set`: one default or one alias. */
export const kubercSet: Command = defineCommand<SetOptions>({
  use: 'set --section (defaults|aliases) --command COMMAND',
  description: `Set default values of a command's flags, or an alias of a command, in the file of preferences.

 An alias is a word of letters. It stands for its command with the arguments that are prepended and appended to those given, and with its options where the command line has none.`,
  examples: [
    {
      comment: 'Show more columns unless said otherwise',
      command: 'kubectl kuberc set --section defaults --command get --option output=wide',
    },
    {
      comment: 'The word getn for "get nodes"',
      command: 'kubectl kuberc set --section aliases --name getn --command get --prependarg nodes --option output=wide',
    },
    {
      comment: 'Replace what was set before',
      command: 'kubectl kuberc set --section defaults --command get --option output=json --overwrite',
    },
  ],
  flags: [
    {
      name: 'appendarg',
      type: 'stringArray',
      default: '[]',
      usage: 'Argument to put behind those given; can be given several times, for aliases.',
    },
    { name: 'command', type: 'string', usage: "Command to set something for (such as 'get' or 'set env')." },
    { name: 'name', type: 'string', usage: 'Name of the alias.' },
    {
      name: 'option',
      type: 'stringArray',
      default: '[]',
      usage: 'Value of a flag, as flag=value; can be given several times.',
    },
    { name: 'overwrite', type: 'bool', default: 'false', usage: 'Replace what is set already.' },
    {
      name: 'prependarg',
      type: 'stringArray',
      default: '[]',
      usage: 'Argument to put before those given; can be given several times, for aliases.',
    },
    { name: 'section', type: 'string', values: ['defaults', 'aliases'], usage: "'defaults' or 'aliases'." },
  ],
  parse,
  async run({ kuberc, change, overwrite }, { env, homeFolder, streams }) {
    const file = kubercPlace(kuberc, env, homeFolder) ?? usualKuberc(homeFolder);
    const isThere = kubercPlace(kuberc, env, homeFolder) !== undefined;
    const before = isThere ? readPreferences(file, () => undefined) : noPreferences;
    writePreferences(file, changed(before, change, overwrite));
    streams.out.write(`Updated ${file}\n`);
  },
});

function parse({ args, flags }: Invocation): SetOptions {
  if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`);
  const missing = ['command', 'section'].filter((name) => !flags.changed(name));
  if (missing.length > 0) {
    throw new UserError(`required flag(s) ${missing.map((name) => JSON.stringify(name)).join(', ')} not set`);
  }
  const section = flags.string('section');
  const name = flags.string('name');
  const [prependArgs, appendArgs] = [flags.list('prependarg'), flags.list('appendarg')];
  if (section !== 'defaults' && section !== 'aliases') {
    throw new UserError(`--section must be "defaults" or "aliases", got: ${section}`);
  }
  if (section === 'aliases' && name === '') throw new UserError('--name is required when --section=aliases');
  if (section === 'aliases' && !/^[a-zA-Z]+$/.test(name)) {
    throw new UserError('invalid alias name, can only include alphabetical characters');
  }
  if (section === 'defaults' && name !== '') {
    throw new UserError('--name should not be specified when --section=defaults');
  }
  if (section === 'defaults' && prependArgs.length + appendArgs.length > 0) {
    throw new UserError('--prependarg and --appendarg are only valid for --section=aliases');
  }
  const entry = { command: flags.string('command'), options: flags.list('option').map(optionOf) };
  return {
    kuberc: flags.given('kuberc'),
    overwrite: flags.bool('overwrite'),
    change:
      section === 'defaults' ? { section, entry } : { section, entry: { ...entry, name, prependArgs, appendArgs } },
  };
}

function optionOf(text: string): { name: string; default: string } {
  const at = text.indexOf('=');
  if (at < 0) throw new UserError(`invalid option format ${JSON.stringify(text)}, expected flag=value`);
  return { name: text.slice(0, at), default: text.slice(at + 1) };
}

function changed(preferences: Preferences, change: Change, overwrite: boolean): Preferences {
  if (change.section === 'defaults') {
    const { entry } = change;
    const isThere = preferences.defaults.some(({ command }) => command === entry.command);
    if (isThere && !overwrite) {
      throw new UserError(
        `defaults for command ${JSON.stringify(entry.command)} already exist, use --overwrite to replace`,
      );
    }
    return {
      ...preferences,
      defaults: replaced(preferences.defaults, entry, ({ command }) => command === entry.command),
    };
  }
  const { entry } = change;
  if (preferences.aliases.some(({ name }) => name === entry.name) && !overwrite) {
    throw new UserError(`alias ${JSON.stringify(entry.name)} already exists, use --overwrite to replace`);
  }
  return { ...preferences, aliases: replaced(preferences.aliases, entry, ({ name }) => name === entry.name) };
}

function replaced<T>(entries: readonly T[], entry: T, isSame: (each: T) => boolean): T[] {
  return entries.some(isSame) ? entries.map((each) => (isSame(each) ? entry : each)) : [...entries, entry];
}
