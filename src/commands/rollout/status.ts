import { UserError } from '../../model/user-error.ts';
import { scopeOf } from '../collection-pages.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { concernsOneObject, Failures } from '../failures.ts';
import { findObjects, type FoundObject } from '../find-objects.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { SilentExit } from '../silent-exit.ts';
import { durationSeconds } from '../timeout.ts';
import { followObject } from '../wait/follow-object.ts';
import { checkedRevision, rolloutFlags, rolloutRequest } from './rollout-flags.ts';
import { groupKindOf, progressReaderFor } from './rollout-progress.ts';

interface StatusOptions {
  readonly request: TargetRequest;
  /** 0 for any. */
  readonly revision: number;
  readonly watch: boolean;
  /** Seconds for each object; 0 for no limit. */
  readonly timeout: number;
}

/** `rollout status`: how far rollouts are, until they are done. */
export const rolloutStatus: Command = defineCommand<StatusOptions>({
  use: 'status (TYPE NAME | TYPE/NAME) [flags]',
  description: `Show how far the rollout of a deployment, daemon set or stateful set is, until it is done.

 --watch=false shows it once. --revision ends with an error when another revision is rolled out meanwhile.`,
  examples: [{ comment: 'Follow the rollout of a deployment', command: 'kubectl rollout status deployment/nginx' }],
  flags: [
    ...rolloutFlags,
    { name: 'revision', type: 'int', default: '0', usage: 'Only follow this revision; 0 is the last one.' },
    {
      name: 'timeout',
      type: 'duration',
      default: '0s',
      usage: 'How long to wait; 0 for ever. Other values need a unit (1s, 2m, 3h).',
    },
    { name: 'watch', short: 'w', type: 'bool', default: 'true', usage: 'Follow the rollout until it is done.' },
  ],
  parse,
  run,
});

function parse(invocation: Invocation): StatusOptions {
  const { flags } = invocation;
  return {
    request: rolloutRequest(invocation),
    revision: checkedRevision(flags.int('revision')),
    watch: flags.bool('watch'),
    timeout: durationSeconds(flags.string('timeout')),
  };
}

async function run(options: StatusOptions, context: Context): Promise<void> {
  const failures = new Failures();
  let seen = 0;
  for await (const found of findObjects({ ...options.request, typed: true }, 'latest', context, failures)) {
    seen++;
    try {
      await follow(found, options, context);
    } catch (error) {
      if (context.signal.aborted) throw new SilentExit(1);
      if (!concernsOneObject(error) && !(error instanceof UserError)) throw error;
      failures.add(error);
    }
  }
  failures.throwAny();
  if (seen === 0) context.streams.err.write(`No resources found in ${(await context.namespace()).name} namespace.\n`);
}

async function follow(
  { target }: FoundObject,
  { revision, watch, timeout }: StatusOptions,
  context: Context,
): Promise<void> {
  const read = progressReaderFor(groupKindOf(target.resource));
  const client = await context.client();
  const limit = timeout === 0 ? undefined : AbortSignal.timeout(Math.min(Math.max(timeout, 0) * 1000, 2 ** 31 - 1));
  const signal = limit === undefined ? context.signal : AbortSignal.any([context.signal, limit]);
  try {
    for await (const state of followObject({ client, scope: scopeOf(target), name: target.name }, signal)) {
      if (state.state === 'gone') throw new UserError('object has been deleted');
      if (state.state !== 'present') continue;
      const { text, done } = read(state.object, revision);
      context.streams.out.write(text);
      if (done || !watch) return;
    }
  } catch (error) {
    throw limit?.aborted && !context.signal.aborted
      ? new UserError('timed out waiting for the condition', { cause: error })
      : error;
  }
}
