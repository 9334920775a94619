import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { podSpecOf } from '../pod-spec.ts';
import { setFlags, setOptions } from './set-flags.ts';
import { setObjects, type SetOptions } from './set-objects.ts';

interface ServiceAccountOptions extends SetOptions {
  readonly name: string;
}

/** `set serviceaccount`: sets the service account that pods run as. */
export const setServiceAccount: Command = defineCommand<ServiceAccountOptions>({
  use: 'serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  description: 'Set the service account of pods and of objects with a pod template.',
  examples: [
    {
      comment: 'The service account of a deployment',
      command: 'kubectl set serviceaccount deployment nginx-deployment serviceaccount1',
    },
    {
      comment: 'In a manifest, without a server',
      command: 'kubectl set sa -f nginx-deployment.yaml serviceaccount1 --local --dry-run=client -o yaml',
    },
  ],
  flags: setFlags,
  refusesFirst: 'format',
  parse,
  run,
});

function parse(invocation: Invocation): ServiceAccountOptions {
  const { flags } = invocation;
  const local = flags.bool('local');
  const name = invocation.args.at(-1);
  // With --local kubectl does not look at the objects that are named.
  const options = setOptions(invocation, local ? [] : invocation.args.slice(0, -1), false);
  const [problem] = options.problems;
  if (problem !== undefined) throw new UserError(problem);
  if (name === undefined) throw new UserError('serviceaccount is required');
  return { ...options, name };
}

async function run(options: ServiceAccountOptions, context: Context): Promise<void> {
  await setObjects(
    options,
    {
      word: 'serviceaccount updated',
      failure: 'failed to patch ServiceAccountName ',
      printsUnchanged: true,
      change(_found, object) {
        podSpecOf(object)['serviceAccountName'] = options.name;
        return true;
      },
    },
    context,
  );
}
