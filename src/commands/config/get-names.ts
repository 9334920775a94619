import { loadConfig } from '../../kubeconfig/config-access.ts';
import { type Command, defineCommand } from '../command.ts';
import { configFilesOf, type ConfigOptions } from './config-files.ts';

/** `config get-clusters`: the names of the clusters. */
export const getClusters: Command = getNames('clusters');

/** `config get-users`: the names of the users. */
export const getUsers: Command = getNames('users');

function getNames(map: 'clusters' | 'users'): Command {
  return defineCommand<ConfigOptions>({
    use: `get-${map} [flags]`,
    description: `List the ${map} of the kubeconfig.`,
    examples: [{ comment: `The names of all ${map}`, command: `kubectl config get-${map}` }],
    flags: [],
    parse: ({ flags }) => ({ kubeconfig: flags.given('kubeconfig') }),
    async run(options, context) {
      const config = await loadConfig(configFilesOf(options, context));
      const names = [...config[map].keys()].toSorted();
      context.streams.out.write(['NAME', ...names, ''].join('\n'));
    },
  });
}
