import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { Patcher } from '../apply/patcher.ts';
import { scopeOf } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import { withoutLastApplied } from '../last-applied.ts';
import type { NamedTarget } from '../target.ts';
import { withoutResourceVersion } from '../without-resource-version.ts';

export interface MergeOptions {
  readonly serverSide: boolean;
  readonly forceConflicts: boolean;
  readonly fieldManager: string;
}

export interface MergeRequest {
  readonly target: NamedTarget;
  /** What there is; undefined when the object would be created. */
  readonly live: KubeObject | undefined;
  /** Whether the server is to refuse another version than `live`, with a Conflict. */
  readonly locked: boolean;
}

/** The object as it would be after apply: the server's answer to a dry run. Nothing is recorded as applied. */
export async function mergedObject(
  { target, live, locked }: MergeRequest,
  options: MergeOptions,
  context: Context,
): Promise<KubeObject> {
  const { manifest, name } = target;
  if (manifest === undefined) throw new UserError('must specify one of -f and -k');
  const client = await context.client();
  const write = { dryRun: true, fieldManager: options.fieldManager, signal: context.signal };
  if (options.serverSide) {
    const patch = { type: 'application/apply-patch+yaml' as const, body: manifest.object };
    return client.patch(scopeOf(target), name, patch, { ...write, force: options.forceConflicts });
  }
  if (live === undefined) return client.create(scopeOf(target), withoutResourceVersion(manifest.object), write);
  const { resourceVersion } = live.metadata;
  const patcher = new Patcher({
    target,
    client,
    write,
    overwrite: true,
    warnAsOpenApi: true,
    ...(locked && resourceVersion !== undefined ? { resourceVersion } : {}),
    context,
  });
  return patcher.patchPlain(live, withoutLastApplied(manifest.object));
}
