import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { qualifiedName } from '../../printers/name-printer.ts';
import { scopeOf } from '../collection-pages.ts';
import type { Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { type DryRun, dryRunSuffix } from '../dry-run.ts';
import { Failures } from '../failures.ts';
import { allObjects, type FoundObject } from '../find-objects.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { UsageError } from '../usage-error.ts';

/** The nodes that cordon, uncordon and drain are for. Throws UsageError where names and a selector do not go together. */
export function nodeRequest({ args, flags }: Invocation, use: string): TargetRequest {
  const labelSelector = flags.string('selector');
  if (args.length === 0 && !flags.changed('selector')) throw new UsageError(`USAGE: ${use} [flags]`);
  if (args.length > 0 && labelSelector !== '') {
    throw new UsageError('error: cannot specify both a node name and a --selector option');
  }
  const names = args.map((arg) => (arg.includes('/') ? arg : `nodes/${arg}`));
  return {
    args: labelSelector === '' ? names : ['nodes'],
    filenames: [],
    recursive: false,
    singleType: true,
    ...(labelSelector === '' ? {} : { labelSelector }),
  };
}

/** The nodes; throws for the first that is not there. */
export async function findNodes(request: TargetRequest, context: Context): Promise<FoundObject[]> {
  if (request.args.length === 0) return [];
  const failures = new Failures();
  const found = await allObjects(request, 'latest', context, failures);
  failures.throwFirst();
  const other = found.find(({ target }) => target.resource.group !== '' || target.resource.plural !== 'nodes');
  if (other !== undefined) {
    const { group, version, plural } = other.target.resource;
    throw new UserError(
      `error: expected resource of type node, got ${JSON.stringify(`${group}/${version}, Resource=${plural}`)}`,
    );
  }
  return found;
}

/** Marks nodes as closed to new pods, or open. What fails for one is told, and the rest goes on. */
export async function cordonNodes(
  nodes: readonly FoundObject[],
  wanted: boolean,
  dryRun: DryRun,
  context: Context,
): Promise<void> {
  const { out, err } = context.streams;
  const word = wanted ? 'cordoned' : 'uncordoned';
  for (const { target, object } of nodes) {
    const line = (text: string): string => `${qualifiedName(object)} ${text}${dryRunSuffix(dryRun)}\n`;
    if (isCordoned(object) === wanted) {
      out.write(line(`already ${word}`));
      continue;
    }
    try {
      if (dryRun !== 'client') {
        const client = await context.client();
        const patch = {
          type: 'application/strategic-merge-patch+json' as const,
          body: { spec: { unschedulable: wanted ? true : null } },
        };
        await client.patch(scopeOf(target), target.name, patch, {
          dryRun: dryRun === 'server',
          signal: context.signal,
        });
      }
      out.write(line(word));
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      err.write(
        `error: unable to ${wanted ? 'cordon' : 'uncordon'} node ${JSON.stringify(target.name)}: ${error.message}\n`,
      );
    }
  }
}

function isCordoned({ spec }: KubeObject): boolean {
  return isJsonObject(spec) && spec['unschedulable'] === true;
}
