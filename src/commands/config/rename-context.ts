import { defaultConfigPath } from '../../kubeconfig/config-access.ts';
import { modifyConfig } from '../../kubeconfig/modify-config.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { configFilesOf, type ConfigOptions, unexpectedArguments } from './config-files.ts';

interface RenameOptions extends ConfigOptions {
  readonly from: string;
  readonly to: string;
}

/** `config rename-context`: gives a context another name, also where it is the current one. */
export const renameContext: Command = defineCommand<RenameOptions>({
  use: 'rename-context CONTEXT_NAME NEW_NAME',
  description: 'Rename a context of the kubeconfig. A context that is current stays so.',
  examples: [{ comment: 'Give a context another name', command: 'kubectl config rename-context old-name new-name' }],
  flags: [],
  parse(invocation) {
    const [from, to] = invocation.args;
    if (from === undefined || to === undefined || invocation.args.length > 2) throw unexpectedArguments(invocation);
    if (to === '') throw new UserError('You must specify a new non-empty context name');
    return { from, to, kubeconfig: invocation.flags.given('kubeconfig') };
  },
  async run({ from, to, ...options }, context) {
    const files = configFilesOf(options, context);
    const file = defaultConfigPath(files);
    await modifyConfig(
      files,
      (config) => {
        const entry = config.contexts.get(from);
        if (entry === undefined) {
          throw new UserError(`cannot rename the context ${JSON.stringify(from)}, it's not in ${file}`);
        }
        if (config.contexts.has(to)) {
          throw new UserError(
            `cannot rename the context ${JSON.stringify(from)}, the context ${JSON.stringify(to)} already exists in ${file}`,
          );
        }
        config.contexts.set(to, entry);
        config.contexts.delete(from);
        if (config.currentContext === from) config.currentContext = to;
      },
      true,
    );
    context.streams.out.write(`Context ${JSON.stringify(from)} renamed to ${JSON.stringify(to)}.\n`);
  },
});
