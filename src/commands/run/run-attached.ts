import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';
import { deletedLine, deleteTarget } from '../delete-target.ts';
import { attachTo } from '../pods/attach.ts';
import { asPod, isCompleted, type Pod } from '../pods/pod.ts';
import { chosenContainer } from '../pods/pod-containers.ts';
import { podScope } from '../pods/pods-of.ts';
import { printLog } from '../pods/print-log.ts';
import { resourceOf } from '../resource-of.ts';
import { SilentExit } from '../silent-exit.ts';
import { followObject } from '../wait/follow-object.ts';
import { waitDeleted } from '../wait-deleted.ts';
import type { RunOptions } from './run-options.ts';

/** How long the deletion that follows an interrupt may take, in milliseconds. */
const LAST_REQUESTS = 30_000;

/** The deletion that --rm asks for: kubectl takes --force and --grace-period here, and asks for neither. */
const AS_IT_IS = { dryRun: 'none', gracePeriod: -1 } as const;

/**
 * Waits for the pod that `run` created, attaches to it, and ends as its container did; with --rm deletes what was created,
 * however it ended. Mirrors RunOptions.Run of kubectl's pkg/cmd/run.
 */
export async function runAttached(
  created: readonly [KubeObject, ...KubeObject[]],
  options: RunOptions,
  context: Context,
): Promise<void> {
  try {
    await attachUntilItEnds(asPod(created[0]), options, context);
  } finally {
    if (options.remove !== undefined) await removeCreated(created, options, context);
  }
}

async function attachUntilItEnds(pod: Pod, options: RunOptions, context: Context): Promise<void> {
  const running = await podThat((seen) => isCompleted(seen) || isReady(seen), pod, options, context);
  if (isCompleted(running)) await showLog(running, context);
  else await attachOrShowLog(running, options, context);
  if (options.leaveStdinOpen || options.restartPolicy === 'Always') return;
  const isOver = options.restartPolicy === 'Never' ? isCompleted : isSucceeded;
  endAs(await podThat(isOver, pod, options, context), context);
}

async function attachOrShowLog(pod: Pod, { stdin, tty, quiet }: RunOptions, context: Context): Promise<void> {
  try {
    await attachTo(pod, { container: '', stdin, tty, quiet }, context);
  } catch (error) {
    if (error instanceof SilentExit || context.signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const { name = '' } = pod.metadata;
    context.streams.err.write(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${why}\n`);
    await showLog(pod, context);
  }
}

async function showLog(pod: Pod, context: Context): Promise<void> {
  const { name = '', namespace = 'default' } = pod.metadata;
  const container = chosenContainer(pod, '', true, context).name;
  await printLog(
    { pod: name, namespace, container },
    new URLSearchParams(),
    { out: context.streams.out, prefix: '' },
    context,
  );
}

/** The pod once that holds of it. Throws when it is gone, or --pod-running-timeout has passed. */
// oxlint-disable-next-line max-params
async function podThat(
  holds: (pod: Pod) => boolean,
  pod: Pod,
  { podRunningTimeout }: RunOptions,
  context: Context,
): Promise<Pod> {
  const { name = '', namespace = 'default' } = pod.metadata;
  const limit = AbortSignal.timeout(podRunningTimeout);
  const signal = AbortSignal.any([context.signal, limit]);
  const followed = { client: await context.client(), scope: await podScope(namespace, context), name };
  try {
    for await (const seen of followObject(followed, signal)) {
      if (seen.state === 'gone') throw notFound();
      if (seen.state === 'present' && holds(asPod(seen.object))) return asPod(seen.object);
    }
  } catch (error) {
    if (context.signal.aborted) throw new SilentExit(1);
    throw limit.aborted ? new UserError('timed out waiting for the condition', { cause: error }) : error;
  }
  throw notFound();
}

/** In kubectl's words, which leave the name out. */
function notFound(): StatusError {
  const message = 'pods "" not found';
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'NotFound',
    code: 404,
  });
}

function isReady({ status }: Pod): boolean {
  const ready = status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;
  return status?.phase === 'Running' && ready;
}

function isSucceeded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded';
}

/** Ends with the exit status of the pod's container. */
function endAs({ metadata, status }: Pod, { streams }: Context): void {
  if (status?.phase === 'Succeeded') return;
  const name = `pod ${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
  const { exitCode = 0, reason = '', message = '' } = status?.containerStatuses?.[0]?.state?.terminated ?? {};
  if (exitCode === 0) throw new UserError(`${name} failed with unknown exit code`);
  streams.err.write(`${name} terminated (${reason})\n${message === '' ? '' : `${message}\n`}`);
  throw new SilentExit(exitCode);
}

/** Deletes what was created, also after an interrupt. That something of it stays is no failure of the command, as in kubectl. */
async function removeCreated(objects: readonly KubeObject[], options: RunOptions, context: Context): Promise<void> {
  const { remove } = options;
  if (remove === undefined) return;
  const signal = context.signal.aborted ? AbortSignal.timeout(LAST_REQUESTS) : context.signal;
  const own = { ...context, signal };
  try {
    for (const { apiVersion, kind, metadata } of objects) {
      const { name = '', namespace = 'default' } = metadata;
      const resource = await resourceOf(apiVersion, kind, own);
      const target = { kind: 'named' as const, resource, namespace, name };
      const deleted = await deleteTarget(target, { ...remove, ...AS_IT_IS }, own);
      if (!options.quiet) context.streams.out.write(deletedLine(target, { ...AS_IT_IS, nameOnly: false }));
      if (remove.wait && deleted !== undefined) await waitDeleted([deleted], remove.timeout, own);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.streams.err.write(`warning: not everything that was created was deleted: ${why}\n`);
  }
}
