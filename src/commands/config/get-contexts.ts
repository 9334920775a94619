import { loadConfig } from '../../kubeconfig/config-access.ts';
import type { ConfigDocument } from '../../kubeconfig/config-document.ts';
import { UserError } from '../../model/user-error.ts';
import { TabWriter } from '../../printers/tab-writer.ts';
import { type Command, defineCommand } from '../command.ts';
import { Failures } from '../failures.ts';
import { visibleOutput } from '../../printers/visible-output.ts';
import { configFilesOf, type ConfigOptions } from './config-files.ts';

interface GetContextsOptions extends ConfigOptions {
  readonly names: readonly string[];
  readonly namesOnly: boolean;
  readonly headers: boolean;
}

/** `config get-contexts`: contexts with what they join. */
export const getContexts: Command = defineCommand<GetContextsOptions>({
  use: 'get-contexts [(-o|--output=)name)]',
  description: 'List contexts of the kubeconfig: all, or those that are named.',
  examples: [
    { comment: 'All contexts', command: 'kubectl config get-contexts' },
    { comment: 'One context', command: 'kubectl config get-contexts my-context' },
  ],
  flags: [
    { name: 'no-headers', type: 'bool', default: 'false', usage: 'Leave out the header.' },
    { name: 'output', short: 'o', type: 'string', values: ['name'], usage: 'Output format. One of: (name).' },
  ],
  parse({ args, flags }) {
    const output = flags.string('output');
    if (output !== '' && output !== 'name') {
      throw new UserError(
        `--output ${output} is not available in kubectl config get-contexts; resetting to default output format`,
      );
    }
    const namesOnly = output === 'name';
    return {
      kubeconfig: flags.given('kubeconfig'),
      names: args,
      namesOnly,
      headers: !namesOnly && !flags.bool('no-headers'),
    };
  },
  async run(options, context) {
    const config = await loadConfig(configFilesOf(options, context));
    const failures = new Failures();
    const names = options.names.length === 0 ? [...config.contexts.keys()] : options.names;
    const found = names.filter((name) => config.contexts.has(name)).toSorted();
    for (const name of names) {
      if (!config.contexts.has(name)) failures.add(new UserError(`context ${name} not found`));
    }
    const table = new TabWriter();
    if (options.headers) table.add(['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']);
    for (const name of found) table.add(options.namesOnly ? [name] : rowOf(name, config));
    const out = visibleOutput(context.streams.out);
    for (const text of table.flush()) out.write(text);
    failures.throwAny();
  },
});

function rowOf(name: string, { contexts, currentContext }: ConfigDocument): string[] {
  const { cluster = '', user = '', namespace = '' } = contexts.get(name)?.fields ?? {};
  return [name === currentContext ? '*' : ' ', name, String(cluster), String(user), String(namespace)];
}
