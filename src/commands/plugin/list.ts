import fs from 'node:fs';
import path from 'node:path';
import { goFileError } from '../../model/go-file-error.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { isExecutable, isPluginName, pathFolders } from './plugins.ts';

interface PluginListOptions {
  readonly nameOnly: boolean;
}

/** `plugin list`: the plugins on $PATH, with what is wrong with them. */
export const pluginList: Command = defineCommand<PluginListOptions>({
  use: 'list [flags]',
  description: 'List the plugins: programs on $PATH whose names begin with kubectl- or kube-lite-.',
  examples: [
    { comment: 'All plugins', command: 'kubectl plugin list' },
    { comment: 'By name alone', command: 'kubectl plugin list --name-only' },
  ],
  flags: [{ name: 'name-only', type: 'bool', default: 'false', usage: 'Show names without folders.' }],
  parse: ({ flags }) => ({ nameOnly: flags.bool('name-only') }),
  async run({ nameOnly }, context) {
    const plugins = listPlugins(context);
    const { out, err } = context.streams;
    const problems: string[] = [];
    if (plugins.length > 0) out.write('The following compatible plugins are available:\n\n');
    else problems.push('error: unable to find any kubectl plugins in your PATH');
    const verifier = new PluginVerifier(context);
    let warnings = 0;
    for (const file of plugins) {
      out.write(`${nameOnly ? path.basename(file) : file}\n`);
      for (const warning of await verifier.problems(file)) {
        err.write(`  - ${warning}\n`);
        warnings++;
      }
    }
    if (warnings === 1) problems.push('error: one plugin warning was found');
    if (warnings > 1) problems.push(`error: ${warnings} plugin warnings were found`);
    if (problems.length > 0) throw new UserError(`${problems.join('\n')}\n`);
  },
});

function listPlugins(context: Context): string[] {
  const found: string[] = [];
  for (const folder of pathFolders(context.env)) {
    try {
      const entries = fs
        .readdirSync(folder, { withFileTypes: true })
        .toSorted((left, right) => (left.name < right.name ? -1 : 1));
      found.push(
        ...entries
          .filter((entry) => !entry.isDirectory() && isPluginName(entry.name))
          .map(({ name }) => path.join(folder, name)),
      );
    } catch (error) {
      context.streams.err.write(
        `Unable to read directory ${JSON.stringify(folder)} from your PATH: ${goFileError('open', folder, error)}. Skipping...\n`,
      );
    }
  }
  return found;
}

/** Says what keeps plugins from being run. */
class PluginVerifier {
  readonly #context: Pick<Context, 'commandNamed'>;
  readonly #seen = new Map<string, string>();

  constructor(context: Pick<Context, 'commandNamed'>) {
    this.#context = context;
  }

  async problems(file: string): Promise<string[]> {
    const name = path.basename(file);
    const before = this.#seen.get(name);
    if (before === undefined) this.#seen.set(name, file);
    const own = await this.#context.commandNamed(name.replace(/^(?:kube-lite|kubectl)-/, '').split('-'));
    return [
      ...executableProblem(file),
      ...(before === undefined ? [] : [`warning: ${file} is overshadowed by a similarly named plugin: ${before}`]),
      ...(own === undefined ? [] : [`warning: ${name} overwrites existing command: ${JSON.stringify(own)}`]),
    ];
  }
}

function executableProblem(file: string): string[] {
  try {
    return isExecutable(file) ? [] : [`warning: ${file} identified as a kubectl plugin, but it is not executable`];
  } catch (error) {
    return [`error: unable to identify ${file} as an executable file: ${goFileError('stat', file, error)}`];
  }
}
