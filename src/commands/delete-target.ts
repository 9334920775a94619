import type { ResourceInfo } from '../model/schema/resource-info.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { Status } from '../model/status.ts';
import { qualifiedKind } from '../printers/name-printer.ts';
import type { Cascade } from './cascade.ts';
import type { Context } from './context.ts';
import { type DryRun, dryRunSuffix } from './dry-run.ts';
import type { NamedTarget } from './target.ts';
import { withSource } from './with-source.ts';

/** An object whose deletion the server accepted; `uid` is that of the deleted one. */
export interface Deleted {
  readonly resource: ResourceInfo;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
  /** Whether the server said that nothing of it is left: it answers what still waits for something with the object. */
  readonly gone: boolean;
}

export interface DeleteTargetOptions {
  readonly cascade: Cascade;
  readonly dryRun: DryRun;
  /** Seconds; negative leaves it to the server. */
  readonly gracePeriod: number;
  /** Whether the object is looked up first and deleted by its uid, so that asking twice is safe. */
  readonly byUid?: boolean;
}

/** Deletes one object; undefined when a client dry run did nothing. Errors name the manifest. */
export async function deleteTarget(
  target: NamedTarget,
  options: DeleteTargetOptions,
  context: Context,
): Promise<Deleted | undefined> {
  if (options.dryRun === 'client') return undefined;
  const { resource, namespace, name } = target;
  const scope = { resource, ...(namespace === undefined ? {} : { namespace }) };
  const client = await context.client();
  try {
    const found = options.byUid === true ? await client.get(scope, name, { signal: context.signal }) : undefined;
    const answer = await client.delete(scope, name, {
      ...(found?.metadata.uid === undefined ? {} : { preconditions: { uid: found.metadata.uid } }),
      propagationPolicy: options.cascade,
      dryRun: options.dryRun === 'server',
      ...(options.gracePeriod < 0 ? {} : { gracePeriodSeconds: options.gracePeriod }),
      signal: context.signal,
    });
    const uid = uidOf(answer);
    return {
      ...scope,
      name,
      gone: answer.kind === 'Status' && uid !== undefined,
      ...(uid === undefined ? {} : { uid }),
    };
  } catch (error) {
    throw target.manifest === undefined ? error : withSource('deleting', target.manifest.source, error);
  }
}

function uidOf(answer: KubeObject | Status): string | undefined {
  if (answer.kind === 'Status') return (answer as Status).details?.uid;
  return (answer as KubeObject).metadata.uid;
}

/** The line that tells of a deletion, newline included. */
export function deletedLine(
  { resource, namespace, name }: NamedTarget,
  options: { readonly dryRun: DryRun; readonly gracePeriod: number; readonly nameOnly: boolean },
): string {
  const kind = qualifiedKind(apiVersionOf(resource), resource.kind);
  if (options.nameOnly) return `${kind}/${name}\n`;
  const operation = options.gracePeriod === 0 ? 'force deleted' : 'deleted';
  const where = namespace === undefined ? '' : ` from ${namespace} namespace`;
  return `${kind} ${JSON.stringify(name)} ${operation}${where}${dryRunSuffix(options.dryRun)}\n`;
}
