import { UserError } from '../model/user-error.ts';
import { defineCommand, type Command, type Invocation } from './command.ts';
import type { Context } from './context.ts';
import type { DescribeOptions } from './describe-options.ts';
import { allNamespacesFlag, fileFlags, selectorFlag } from './shared-flags.ts';

/** `describe`: objects in full, with what belongs to them and their events. */
export const describe: Command = defineCommand<DescribeOptions>({
  use: '(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  description: `Show objects in detail, together with what belongs to them and the events about them.

 A name that no object has is taken for the beginning of names: every object whose name starts with it is shown.`,
  examples: [
    { comment: 'A node', command: 'kubectl describe nodes my-node' },
    { comment: 'A pod', command: 'kubectl describe pods/nginx' },
    { comment: 'The objects that a file names', command: 'kubectl describe -f pod.json' },
    { comment: 'All pods', command: 'kubectl describe pods' },
    { comment: 'Pods that carry a label', command: 'kubectl describe pods -l name=my-label' },
    { comment: 'All pods whose names start with frontend', command: 'kubectl describe pods frontend' },
  ],
  flags: [
    ...fileFlags('to describe'),
    allNamespacesFlag,
    selectorFlag,
    {
      name: 'chunk-size',
      type: 'int',
      default: '500',
      usage: 'Ask for large lists in chunks of this many objects; 0 asks for all at once.',
    },
    { name: 'show-events', type: 'bool', default: 'true', usage: 'Show the events about each object.' },
  ],
  parse,
  run,
});

function parse({ args, flags, programName }: Invocation): DescribeOptions {
  const filenames = flags.list('filename');
  const kustomize = flags.given('kustomize');
  const selector = flags.string('selector');
  if (args.length === 0 && filenames.length === 0 && !kustomize) {
    throw new UserError(
      `You must specify the type of resource to describe. Use "${programName} api-resources" for a complete list of supported resources.\n`,
    );
  }
  return {
    args,
    filenames,
    ...(kustomize === undefined ? {} : { kustomize }),
    recursive: flags.bool('recursive'),
    ...(selector === '' ? {} : { labelSelector: selector }),
    allNamespaces: flags.bool('all-namespaces'),
    chunkSize: flags.int('chunk-size'),
    showEvents: flags.bool('show-events'),
  };
}

async function run(options: DescribeOptions, context: Context): Promise<void> {
  const { describeTargets } = await import('./describe-targets.ts');
  await describeTargets(options, context);
}
