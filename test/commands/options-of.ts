import { type Command } from '../../src/commands/command.ts';
import { FlagValues } from '../../src/commands/flag-values.ts';
import { globalFlags } from '../../src/commands/global-flags.ts';
import { parseFlags } from '../../src/commands/parse-flags.ts';

/** What a command makes of its arguments, written as in a shell without quotes; spaces inside a word are `␣`. */
export function optionsOf(command: Command, line: string): unknown {
  const flags = [...globalFlags, ...command.flags];
  const words = line.split(' ').filter((word) => word !== '');
  const { args, given, argsBeforeDash } = parseFlags(
    words.map((word) => word.replaceAll('␣', ' ')),
    flags,
  );
  return command.parse({
    args,
    flags: new FlagValues(flags, given),
    argsBeforeDash,
    programName: 'kubectl',
    commandPath: 'kubectl command',
    env: {},
  });
}
