import { setTimeout as sleep } from 'node:timers/promises';
import type { ResourceClient, WriteOptions } from '../../client/client.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import type { Cascade } from '../cascade.ts';
import { scopeOf } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import { isNotFound } from '../failures.ts';
import type { NamedTarget } from '../target.ts';
import { withoutResourceVersion } from '../without-resource-version.ts';

const POLL_MILLISECONDS = 1000;

export interface ForceOptions {
  readonly cascade: Cascade;
  /** Seconds; negative leaves it to the server. */
  readonly gracePeriod: number;
  /** Seconds that the deletion may take; with 0 the object must be gone at once. */
  readonly timeout: number;
}

interface Replacement {
  readonly target: NamedTarget;
  readonly client: ResourceClient;
  readonly write: WriteOptions;
  readonly current: KubeObject;
  readonly modified: KubeObject;
}

/**
 * Deletes an object and creates it anew. When that fails, the old object is created again and returned; the error says so
 * when that fails as well, and is thrown in either case.
 */
export async function replaceByForce(
  replacement: Replacement,
  force: ForceOptions,
  context: Context,
): Promise<KubeObject> {
  const { target, client, write, current, modified } = replacement;
  const scope = scopeOf(target);
  await client.delete(scope, target.name, {
    propagationPolicy: force.cascade,
    ...(force.gracePeriod < 0 ? {} : { gracePeriodSeconds: force.gracePeriod }),
    signal: context.signal,
  });
  await untilGone(replacement, force.timeout, context);
  try {
    return await client.create(scope, withoutResourceVersion(modified), write);
  } catch (error) {
    try {
      await client.create(scope, withoutResourceVersion(current), write);
    } catch (restoring) {
      throw new UserError(
        `An error occurred force-replacing the existing object with the newly provided one:\n\n${textOf(error)}.\n\n` +
          `Additionally, an error occurred attempting to restore the original object:\n\n${textOf(restoring)}`,
        { cause: error },
      );
    }
    throw error;
  }
}

async function untilGone({ target, client }: Replacement, timeout: number, context: Context): Promise<void> {
  const limit = Date.now() + timeout * 1000;
  for (;;) {
    try {
      await client.get(scopeOf(target), target.name, { signal: context.signal });
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    const left = limit - Date.now();
    if (left <= 0) throw new UserError('context deadline exceeded');
    await sleep(Math.min(POLL_MILLISECONDS, left), undefined, { signal: context.signal });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
