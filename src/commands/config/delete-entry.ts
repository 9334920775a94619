import { defaultConfigPath } from '../../kubeconfig/config-access.ts';
import { modifyConfig } from '../../kubeconfig/modify-config.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import { HelpFirst } from '../help-first.ts';
import { UsageError } from '../usage-error.ts';
import { configFilesOf, type ConfigOptions } from './config-files.ts';

interface DeleteEntryOptions extends ConfigOptions {
  readonly name: string;
}

/** `config delete-cluster`. */
export const deleteCluster: Command = deleteEntry('cluster', () => new HelpFirst());

/** `config delete-context`. */
export const deleteContext: Command = deleteEntry('context', () => new HelpFirst());

/** `config delete-user`. */
export const deleteUser: Command = deleteEntry('user', () => new UsageError('user to delete is required'));

/** `withoutName` is what happens when not just one name is given. */
function deleteEntry(what: 'cluster' | 'context' | 'user', withoutName: () => Error): Command {
  return defineCommand<DeleteEntryOptions>({
    use: `delete-${what} NAME`,
    description: `Delete a ${what} from the kubeconfig.`,
    examples: [{ comment: `Delete the ${what} of a name`, command: `kubectl config delete-${what} my-${what}` }],
    flags: [],
    parse({ args, flags }: Invocation) {
      const [name] = args;
      if (name === undefined || args.length > 1) throw withoutName();
      return { name, kubeconfig: flags.given('kubeconfig') };
    },
    async run({ name, ...options }, context) {
      const files = configFilesOf(options, context);
      const file = defaultConfigPath(files);
      const wasCurrent = await modifyConfig(
        files,
        (config) => {
          if (!config[`${what}s`].delete(name)) throw new UserError(`cannot delete ${what} ${name}, not in ${file}`);
          return what === 'context' && config.currentContext === name;
        },
        true,
      );
      if (wasCurrent) {
        context.streams.err.write(
          `warning: this removed your active context, use "${context.programName} config use-context" to select a different one\n`,
        );
      }
      context.streams.out.write(`deleted ${what} ${name} from ${file}\n`);
    },
  });
}
