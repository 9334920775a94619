import { type Command, defineCommand } from './command.ts';
import { globalFlags } from './global-flags.ts';
import { flagLines } from './help-text.ts';

/** `options`: the flags that every command takes. */
export const options: Command = defineCommand<void>({
  use: '',
  description: 'Print the flags that every command takes.',
  examples: [{ comment: 'The flags of all commands', command: 'kubectl options' }],
  flags: [],
  parse() {},
  async run(_options, context) {
    const shown = globalFlags.filter((flag) => flag.hidden !== true);
    context.streams.out.write(`The following options can be passed to any command:\n\n${flagLines(shown)}\n`);
  },
});
