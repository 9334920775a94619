import { type Command, defineCommand } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';

interface PriorityClassOptions {
  readonly name: string;
  readonly value: number;
  readonly globalDefault: boolean;
  readonly description: string;
  readonly preemptionPolicy: string;
  readonly common: GeneratorOptions;
}

/** `create priorityclass`. */
export const createPriorityClass: Command = defineCommand<PriorityClassOptions>({
  use: 'priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  description: 'Create a priority class with the given name and value.',
  examples: [
    {
      comment: 'A class of high priority',
      command: 'kubectl create priorityclass high-priority --value=1000 --description="high priority"',
    },
    {
      comment: 'One whose pods push no others out',
      command: 'kubectl create priorityclass high-priority --value=1000 --preemption-policy="Never"',
    },
  ],
  flags: [
    ...generatorFlags,
    { name: 'description', type: 'string', usage: 'When to use this class.' },
    { name: 'global-default', type: 'bool', default: 'false', usage: 'Use this class for pods that name none.' },
    {
      name: 'preemption-policy',
      type: 'string',
      default: 'PreemptLowerPriority',
      usage: 'Whether pods of this class may push out others.',
    },
    { name: 'value', type: 'int', default: '0', usage: 'The priority of pods of this class.' },
  ],
  refusesFirst: 'format-after-name',
  parse({ args, argsBeforeDash, flags }) {
    return {
      name: requireOneName(args, argsBeforeDash),
      value: flags.int('value'),
      globalDefault: flags.bool('global-default'),
      description: flags.string('description'),
      preemptionPolicy: flags.string('preemption-policy'),
      common: generatorOptions(flags),
    };
  },
  async run({ name, value, globalDefault, description, preemptionPolicy, common }, context) {
    const object = {
      kind: 'PriorityClass',
      apiVersion: 'scheduling.k8s.io/v1',
      metadata: { name },
      value,
      ...(globalDefault ? { globalDefault } : {}),
      ...(description === '' ? {} : { description }),
      preemptionPolicy,
    };
    await createGenerated({ object, failure: 'failed to create priorityclass: ' }, common, context);
  },
});
