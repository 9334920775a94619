import { modifyConfig } from '../../kubeconfig/modify-config.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { configFilesOf, type ConfigOptions, unexpectedArguments } from './config-files.ts';
import { setEntry } from './set-entry.ts';

interface SetContextOptions extends ConfigOptions {
  /** Undefined for the current context. */
  readonly name: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

/** `config set-context`: makes a context, or changes fields of it. */
export const setContext: Command = defineCommand<SetContextOptions>({
  use: 'set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
  description: `Make a context in the kubeconfig, or change one.

 What is not given stays as it is.`,
  examples: [
    { comment: 'Set the user of a context', command: 'kubectl config set-context my-context --user=my-user' },
    {
      comment: 'Work in another namespace from now on',
      command: 'kubectl config set-context --current --namespace=my-team',
    },
  ],
  flags: [
    { name: 'current', type: 'bool', default: 'false', usage: 'Change the current context.' },
    { name: 'cluster', type: 'string', values: 'clusters', usage: "The context's cluster." },
    { name: 'user', type: 'string', values: 'users', usage: "The context's user." },
    { name: 'namespace', short: 'n', type: 'string', values: 'namespaces', usage: "The context's namespace." },
  ],
  parse(invocation) {
    const { args, flags } = invocation;
    if (args.length > 1) throw unexpectedArguments(invocation);
    const [name = ''] = args;
    const current = flags.bool('current');
    if (name === '' && !current) throw new UserError('you must specify a non-empty context name or --current');
    if (name !== '' && current) throw new UserError('you cannot specify both a context name and --current');
    const given = ['cluster', 'user', 'namespace'].filter((flag) => flags.changed(flag));
    return {
      kubeconfig: flags.given('kubeconfig'),
      name: current ? undefined : name,
      fields: Object.fromEntries(given.map((flag) => [flag, flags.string(flag)])),
    };
  },
  async run({ fields, ...options }, context) {
    const { name, existed } = await modifyConfig(
      configFilesOf(options, context),
      (config) => {
        const name = options.name ?? config.currentContext;
        if (name === '') throw new UserError('no current context is set');
        return { name, existed: setEntry(config, 'contexts', name, (before) => ({ ...before, ...fields })) };
      },
      true,
    );
    context.streams.out.write(`Context ${JSON.stringify(name)} ${existed ? 'modified' : 'created'}.\n`);
  },
});
