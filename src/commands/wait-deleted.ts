import type { ResourceClient } from '../client/client.ts';
import { StatusError } from '../model/status.ts';
import { UserError } from '../model/user-error.ts';
import { qualifiedKind } from '../printers/name-printer.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import type { Context } from './context.ts';
import type { Deleted } from './delete-target.ts';
import { Failures, isNotFound } from './failures.ts';
import { MOST_BY_DEFAULT } from './concurrency.ts';
import { inOrder } from './in-order.ts';
import { mayPass, WatchPatience } from './watch-patience.ts';

/** How long a delete without a time-out waits. */
const WEEK_SECONDS = 168 * 3600;

/**
 * Waits until each object is gone or another one has taken its name. Who may not read the objects need not wait. Throws
 * UserError `timed out waiting for the condition on …` for each that stays longer than `timeout` seconds (0: a week).
 */
// oxlint-disable-next-line max-params
export async function waitDeleted(
  deleted: readonly Deleted[],
  timeout: number,
  context: Context,
  concurrency = 1,
): Promise<void> {
  const client = await context.client();
  const limit = AbortSignal.timeout(Math.min((timeout === 0 ? WEEK_SECONDS : timeout) * 1000, 2 ** 31 - 1));
  const signal = AbortSignal.any([context.signal, limit]);
  const failures = new Failures();
  let mayRead = true;
  await inOrder<Deleted, void>({
    items: deleted.filter(({ gone }) => !gone),
    // How long a wait takes says nothing about the server.
    concurrency: concurrency === 0 ? MOST_BY_DEFAULT : concurrency,
    context,
    laneOf: () => undefined,
    work: async (each) => (mayRead ? untilGone(each, client, signal) : undefined),
    settle(each, outcome) {
      if (!mayRead || !('error' in outcome)) return;
      const { error } = outcome;
      if (context.signal.aborted) throw error;
      if (limit.aborted) failures.add(new UserError(`timed out waiting for the condition on ${location(each)}`));
      else if (isRefused(error)) mayRead = false;
      else failures.add(error);
    },
  });
  if (!mayRead) return;
  failures.throwAny();
}

function isRefused(error: unknown): boolean {
  return error instanceof StatusError && (error.reason === 'Forbidden' || error.reason === 'MethodNotAllowed');
}

function location({ resource, name }: Deleted): string {
  const kind = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  return `${kind || qualifiedKind(apiVersionOf(resource), resource.kind)}/${name}`;
}

async function untilGone(deleted: Deleted, client: ResourceClient, signal: AbortSignal): Promise<void> {
  const { name, uid } = deleted;
  const patience = new WatchPatience();
  for (;;) {
    signal.throwIfAborted();
    try {
      const object = await client.get(deleted, name, { signal });
      if (uid !== undefined && object.metadata.uid !== uid) return;
      patience.progressed();
      const resourceVersion = object.metadata.resourceVersion ?? '';
      if (await watchDeletion(deleted, client, { resourceVersion, signal })) return;
      await patience.afterEnd(signal);
    } catch (error) {
      if (isNotFound(error)) return;
      await patience.afterFailure(error, signal);
    }
  }
}

/** Watches the object; true when it was deleted, false when the watch ended before. */
async function watchDeletion(
  deleted: Deleted,
  client: ResourceClient,
  { resourceVersion, signal }: { resourceVersion: string; signal: AbortSignal },
): Promise<boolean> {
  try {
    const events = client.watch(deleted, { fieldSelector: `metadata.name=${deleted.name}`, resourceVersion, signal });
    for await (const { type } of events) if (type === 'DELETED') return true;
  } catch (error) {
    // An expired version or a broken connection: ask for the object again.
    const again = (error instanceof StatusError && error.code === 410) || mayPass(error);
    if (signal.aborted || !again) throw error;
  }
  return false;
}
