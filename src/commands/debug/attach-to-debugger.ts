import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';
import { SilentExit } from '../silent-exit.ts';
import { attachTo } from '../pods/attach.ts';
import { asPod, containerStatus, type Pod } from '../pods/pod.ts';
import { podScope } from '../pods/pods-of.ts';
import { printLog } from '../pods/print-log.ts';
import { followObject } from '../wait/follow-object.ts';
import type { DebugOptions } from './debug-options.ts';

/** Waits until the debugging container runs and attaches to it; prints its log when it has ended or cannot be attached to. */
export async function attachToDebugger(
  pod: Pod,
  container: string,
  { stdin, tty, quiet }: DebugOptions,
  context: Context,
): Promise<void> {
  const { name = '', namespace = 'default' } = pod.metadata;
  const running = await startedPod(pod, container, quiet, context);
  const log = async (): Promise<void> =>
    printLog(
      { pod: name, namespace, container },
      new URLSearchParams(),
      { out: context.streams.out, prefix: '' },
      context,
    );
  if (containerStatus(running, container)?.state?.terminated !== undefined) return log();
  try {
    return await attachTo(running, { container, stdin, tty, quiet }, context);
  } catch (error) {
    if (error instanceof SilentExit || context.signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    context.streams.err.write(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${why}\n`);
    return log();
  }
}

async function startedPod(pod: Pod, container: string, quiet: boolean, context: Context): Promise<Pod> {
  const { name = '', namespace = 'default' } = pod.metadata;
  const followed = { client: await context.client(), scope: await podScope(namespace, context), name };
  try {
    for await (const seen of followObject(followed, context.signal)) {
      if (seen.state !== 'present') break;
      const now = asPod(seen.object);
      const { running, terminated, waiting } = containerStatus(now, container)?.state ?? {};
      if (running !== undefined || terminated !== undefined) return now;
      if (!quiet && waiting?.message) context.warn(`container ${container}: ${waiting.message}`);
    }
  } catch (error) {
    throw context.signal.aborted ? new SilentExit(1) : error;
  }
  throw new UserError(`pods ${JSON.stringify(name)} not found`);
}
