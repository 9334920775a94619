import { loadConfig } from '../../kubeconfig/config-access.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { configFilesOf, type ConfigOptions } from './config-files.ts';

/** `config current-context`: the context that commands use. */
export const currentContext: Command = defineCommand<ConfigOptions>({
  use: 'current-context [flags]',
  description: 'Print the name of the current context.',
  examples: [{ comment: 'The current context', command: 'kubectl config current-context' }],
  flags: [],
  parse: ({ flags }) => ({ kubeconfig: flags.given('kubeconfig') }),
  async run(options, context) {
    const { currentContext: name } = await loadConfig(configFilesOf(options, context));
    if (name === '') throw new UserError('current-context is not set');
    context.streams.out.write(`${name}\n`);
  },
});
