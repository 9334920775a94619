import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../usage-error.ts';
import { runSession, sessionTerminal } from './container-session.ts';
import { oneObject } from './one-object.ts';
import { isCompleted, type Container, type Pod } from './pod.ts';
import { chosenContainer, containerNamed } from './pod-containers.ts';
import { byActivity } from './pod-order.ts';
import { podRunningTimeoutOf, podsOf } from './pods-of.ts';
import { sessionFlags } from './session-flags.ts';

/** How to attach to a pod. */
export interface Attachment {
  /** Empty: the default one. */
  readonly container: string;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly quiet: boolean;
}

interface AttachOptions extends Attachment {
  readonly args: readonly string[];
  readonly timeoutMilliseconds: number;
}

/** `attach`: the streams of a process that runs in a container. */
export const attach: Command = defineCommand<AttachOptions>({
  use: 'attach (POD | TYPE/NAME) -c CONTAINER',
  description: 'Attach to the process that a container runs. Needs a real cluster.',
  examples: [
    { comment: 'The output of the first container of a pod', command: 'kubectl attach mypod' },
    {
      comment: 'A shell that runs in a container, with this terminal',
      command: 'kubectl attach mypod -c ruby-container -i -t',
    },
    { comment: 'The output of the first pod of a replica set', command: 'kubectl attach rs/nginx' },
  ],
  flags: sessionFlags,
  parse: parseAttach,
  run: runAttach,
});

function parseAttach({ args, flags }: Invocation): AttachOptions {
  const timeoutMilliseconds = podRunningTimeoutOf(flags, UsageError);
  if (args.length === 0) throw new UserError('at least 1 argument is required for attach');
  if (args.length > 2) {
    throw new UserError(
      `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`,
    );
  }
  return {
    args,
    container: flags.string('container'),
    stdin: flags.bool('stdin'),
    tty: flags.bool('tty'),
    quiet: flags.bool('quiet'),
    timeoutMilliseconds,
  };
}

async function runAttach(options: AttachOptions, context: Context): Promise<void> {
  const { timeoutMilliseconds } = options;
  const object = await oneObject(options.args, [], 'cannot attach to multiple objects at a time', context);
  const search = { order: byActivity, timeoutMilliseconds, failing: 'cannot attach to' };
  const [pod] = await podsOf(object, search, context);
  if (isCompleted(pod)) {
    throw new UserError(`cannot attach a container in a completed pod; current phase is ${pod.status?.phase ?? ''}`);
  }
  await attachTo(pod, options, context);
}

/** Attaches to a container until it ends; mirrors AttachOptions.Run of kubectl's pkg/cmd/attach. */
export async function attachTo(pod: Pod, options: Attachment, context: Context): Promise<void> {
  const { stdin, quiet } = options;
  const { err, out } = context.streams;
  const container = attachable(pod, options, context);
  const allocated = container['tty'] === true;
  if (options.tty && !allocated && !quiet) {
    err.write(`error: Unable to use a TTY - container ${container.name} did not allocate one\n`);
  }
  const terminal = sessionTerminal({ stdin, tty: allocated, quiet }, context);
  if (!quiet) {
    err.write(
      "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
    );
  }
  await runSession({ subresource: 'attach', pod, container: container.name, command: [], stdin, terminal }, context);
  if (quiet || terminal === undefined || pod.spec.restartPolicy !== 'Always') return;
  out.write(`${sessionEnded(pod, container.name, context)}\n`);
}

function attachable(pod: Pod, { container, quiet }: Attachment, context: Context): Container {
  try {
    return chosenContainer(pod, container, quiet, context);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`cannot attach to the container: ${error.message}`, { cause: error });
  }
}

function sessionEnded(pod: Pod, container: string, { programName }: Context): string {
  const command = `${programName} attach ${pod.metadata.name ?? ''} -c ${container} -i -t`;
  return containerNamed(pod, container)?.sort === 'ephemeralContainers'
    ? `Session ended, the ephemeral container will not be restarted but may be reattached using '${command}' if it is still running`
    : `Session ended, resume using '${command}' command when the pod is running`;
}
