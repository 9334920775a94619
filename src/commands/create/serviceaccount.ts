import { type Command, defineCommand } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';

/** `create serviceaccount`. */
export const createServiceAccount: Command = defineCommand<{
  readonly name: string;
  readonly common: GeneratorOptions;
}>({
  use: 'serviceaccount NAME [--dry-run=server|client|none]',
  description: 'Create a service account with the given name.',
  examples: [
    {
      comment: 'A service account named my-service-account',
      command: 'kubectl create serviceaccount my-service-account',
    },
  ],
  flags: generatorFlags,
  refusesFirst: 'format-after-name',
  parse: ({ args, argsBeforeDash, flags }) => ({
    name: requireOneName(args, argsBeforeDash),
    common: generatorOptions(flags),
  }),
  async run({ name, common }, context) {
    const object = { kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name } };
    await createGenerated({ object, failure: 'failed to create serviceaccount: ' }, common, context);
  },
});
