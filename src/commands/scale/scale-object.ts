import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { scopeOf } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import type { DryRun } from '../dry-run.ts';
import { pause } from '../pause.ts';
import type { NamedTarget } from '../target.ts';

/** How often a conflict is tried again, and the replicas are looked at. */
const INTERVAL_MILLISECONDS = 1000;
const RETRY_MILLISECONDS = 5 * 60_000;

export interface Scaling {
  readonly replicas: number;
  /** -1 for any. */
  readonly currentReplicas: number;
  /** Empty for any. */
  readonly resourceVersion: string;
  readonly dryRun: DryRun;
}

/**
 * Sets the replicas through the scale subresource, as kubectl's pkg/scale: a merge patch, or read, check and update where
 * there are preconditions. Conflicts are tried again for five minutes. Resolves with the replicas that the server answered;
 * throws UserError when a precondition does not hold.
 */
export async function scaleObject(target: NamedTarget, scaling: Scaling, context: Context): Promise<number> {
  const conditional = scaling.currentReplicas !== -1 || scaling.resourceVersion !== '';
  const limit = AbortSignal.timeout(RETRY_MILLISECONDS);
  for (;;) {
    try {
      return conditional
        ? await checkAndUpdate(target, scaling, context)
        : await patchReplicas(target, scaling, context);
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'Conflict') throw error;
      if (limit.aborted) throw new UserError('context deadline exceeded', { cause: error });
    }
    await pause(INTERVAL_MILLISECONDS, context.signal);
  }
}

async function patchReplicas(target: NamedTarget, { replicas, dryRun }: Scaling, context: Context): Promise<number> {
  const client = await context.client();
  const options = { dryRun: dryRun === 'server', signal: context.signal };
  const patch = { type: 'application/merge-patch+json' as const, body: { spec: { replicas } } };
  return replicasIn(await client.patch(scopeOf(target, 'scale'), target.name, patch, options), 'spec');
}

async function checkAndUpdate(target: NamedTarget, scaling: Scaling, context: Context): Promise<number> {
  const { name } = target;
  const client = await context.client();
  const scope = scopeOf(target, 'scale');
  const scale = await client.get(scope, name, { signal: context.signal });
  const present = replicasIn(scale, 'spec');
  if (scaling.currentReplicas !== -1 && present !== scaling.currentReplicas) {
    throw new UserError(`Expected replicas to be ${scaling.currentReplicas}, was ${present}`);
  }
  const version = scale.metadata.resourceVersion ?? '';
  if (scaling.resourceVersion !== '' && version !== scaling.resourceVersion) {
    throw new UserError(`Expected resource version to be ${scaling.resourceVersion}, was ${version}`);
  }
  const spec = isJsonObject(scale['spec']) ? scale['spec'] : {};
  const wanted: KubeObject = { ...scale, spec: { ...spec, replicas: scaling.replicas } };
  return replicasIn(
    await client.update(scope, wanted, { dryRun: scaling.dryRun === 'server', signal: context.signal }),
    'spec',
  );
}

/** Waits until the object has its replicas, or is to have another number of them. Throws UserError after `timeout` seconds. */
export async function waitForReplicas(
  target: NamedTarget,
  { replicas, timeout }: { readonly replicas: number; readonly timeout: number },
  context: Context,
): Promise<void> {
  const client = await context.client();
  const limit = AbortSignal.timeout(Math.min(Math.max(timeout, 0) * 1000, 2 ** 31 - 1));
  const signal = AbortSignal.any([context.signal, limit]);
  for (;;) {
    try {
      const scale = await client.get(scopeOf(target, 'scale'), target.name, { signal });
      if (replicasIn(scale, 'spec') !== replicas || replicasIn(scale, 'status') === replicas) return;
      await pause(INTERVAL_MILLISECONDS, signal);
    } catch (error) {
      if (limit.aborted && !context.signal.aborted) {
        throw new UserError(`timed out waiting for ${JSON.stringify(target.name)} to be synced`, { cause: error });
      }
      throw error;
    }
  }
}

function replicasIn(scale: KubeObject, part: 'spec' | 'status'): number {
  const fields = scale[part];
  return isJsonObject(fields) && typeof fields['replicas'] === 'number' ? fields['replicas'] : 0;
}
