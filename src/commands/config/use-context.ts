import { modifyConfig } from '../../kubeconfig/modify-config.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { configFilesOf, type ConfigOptions, unexpectedArguments } from './config-files.ts';

interface UseOptions extends ConfigOptions {
  readonly name: string;
}

/** `config use-context`: makes a context the current one. */
export const useContext: Command = defineCommand<UseOptions>({
  use: 'use-context CONTEXT_NAME',
  description: 'Make a context of the kubeconfig the current one.',
  examples: [
    { comment: 'Work with the context my-context from now on', command: 'kubectl config use-context my-context' },
  ],
  flags: [],
  parse(invocation) {
    const [name] = invocation.args;
    if (name === undefined || invocation.args.length > 1) throw unexpectedArguments(invocation);
    return { name, kubeconfig: invocation.flags.given('kubeconfig') };
  },
  async run({ name, ...options }, context) {
    await modifyConfig(
      configFilesOf(options, context),
      (config) => {
        if (name === '') throw new UserError('empty context names are not allowed');
        if (!config.contexts.has(name)) throw new UserError(`no context exists with the name: ${JSON.stringify(name)}`);
        config.currentContext = name;
      },
      true,
    );
    context.streams.out.write(`Switched to context ${JSON.stringify(name)}.\n`);
  },
});
