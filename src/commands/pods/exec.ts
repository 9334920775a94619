import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../usage-error.ts';
import { runSession, sessionTerminal } from './container-session.ts';
import { oneObject } from './one-object.ts';
import { isCompleted } from './pod.ts';
import { chosenContainer } from './pod-containers.ts';
import { byActivity } from './pod-order.ts';
import { podRunningTimeoutOf, podsOf } from './pods-of.ts';
import { sessionFlags } from './session-flags.ts';

interface ExecOptions {
  readonly resource: string | undefined;
  readonly filenames: readonly string[];
  readonly command: readonly string[];
  readonly container: string;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly quiet: boolean;
  readonly timeoutMilliseconds: number;
}

/** `exec`: a command in a container, with its exit status. */
export const exec: Command = defineCommand<ExecOptions>({
  use: 'exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  description: 'Execute a command in a container. Needs a real cluster.',
  examples: [
    { comment: 'The output of "date" in the first container of a pod', command: 'kubectl exec mypod -- date' },
    { comment: 'In another container', command: 'kubectl exec mypod -c ruby-container -- date' },
    { comment: 'A shell, with this terminal', command: 'kubectl exec mypod -c ruby-container -i -t -- bash -il' },
    { comment: 'In the first pod of a deployment', command: 'kubectl exec deploy/mydeployment -- date' },
  ],
  flags: [
    {
      name: 'filename',
      short: 'f',
      type: 'stringList',
      default: '[]',
      values: 'manifests',
      usage: 'Manifest of the object to exec into.',
    },
    ...sessionFlags,
  ],
  parse: parseExec,
  run: runExec,
});

function parseExec({ args, argsBeforeDash, flags }: Invocation): ExecOptions {
  const filenames = flags.list('filename');
  if (argsBeforeDash === undefined && (args.length > 1 || (args.length > 0 && filenames.length > 0))) {
    throw new UsageError('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead');
  }
  const timeoutMilliseconds = podRunningTimeoutOf(flags, UsageError);
  const resource = argsBeforeDash === 0 ? undefined : args[0];
  const command = argsBeforeDash === undefined ? [] : args.slice(argsBeforeDash);
  if (resource === undefined && filenames.length === 0) {
    throw new UserError('pod, type/name or --filename must be specified');
  }
  if (command.length === 0) throw new UserError('you must specify at least one command for the container');
  return {
    resource,
    filenames,
    command,
    container: flags.string('container'),
    stdin: flags.bool('stdin'),
    tty: flags.bool('tty'),
    quiet: flags.bool('quiet'),
    timeoutMilliseconds,
  };
}

async function runExec(options: ExecOptions, context: Context): Promise<void> {
  const { resource, filenames, command, stdin, timeoutMilliseconds } = options;
  const args = resource === undefined ? [] : [resource];
  const object = await oneObject(args, filenames, 'cannot exec into multiple objects at a time', context);
  const search = { order: byActivity, timeoutMilliseconds, failing: 'cannot attach to' };
  const [pod] = await podsOf(object, search, context);
  if (isCompleted(pod)) {
    throw new UserError(`cannot exec into a container in a completed pod; current phase is ${pod.status?.phase ?? ''}`);
  }
  const container = options.container || chosenContainer(pod, '', options.quiet, context).name;
  const terminal = sessionTerminal(options, context);
  await runSession({ subresource: 'exec', pod, container, command, stdin, terminal }, context);
}
