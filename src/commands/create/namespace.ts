import { type Command, defineCommand } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';

/** `create namespace`. */
export const createNamespace: Command = defineCommand<{ readonly name: string; readonly common: GeneratorOptions }>({
  use: 'namespace NAME [--dry-run=server|client|none]',
  description: 'Create a namespace with the given name.',
  examples: [{ comment: 'A namespace named my-namespace', command: 'kubectl create namespace my-namespace' }],
  flags: generatorFlags,
  refusesFirst: 'format-after-name',
  parse: ({ args, argsBeforeDash, flags }) => ({
    name: requireOneName(args, argsBeforeDash),
    common: generatorOptions(flags),
  }),
  async run({ name, common }, context) {
    const object = { kind: 'Namespace', apiVersion: 'v1', metadata: { name }, spec: {}, status: {} };
    await createGenerated({ object, failure: '' }, common, context);
  },
});
