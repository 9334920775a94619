import { type Command, defineCommand } from '../command.ts';
import { type DryRun, dryRunOf } from '../dry-run.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { dryRunFlag, selectorFlag } from '../shared-flags.ts';
import { cordonNodes, findNodes, nodeRequest } from './nodes.ts';

interface CordonOptions {
  readonly request: TargetRequest;
  readonly dryRun: DryRun;
}

/** `cordon`: closes nodes to new pods. */
export const cordon: Command = cordonCommand(true);

/** `uncordon`: opens nodes to new pods again. */
export const uncordon: Command = cordonCommand(false);

function cordonCommand(wanted: boolean): Command {
  const name = wanted ? 'cordon' : 'uncordon';
  return defineCommand<CordonOptions>({
    use: `${name} NODE`,
    description: wanted
      ? 'Mark nodes as unschedulable: no new pods are placed on them.'
      : 'Mark nodes as schedulable again.',
    examples: [
      { comment: `Mark node "foo" as ${wanted ? 'unschedulable' : 'schedulable'}`, command: `kubectl ${name} foo` },
    ],
    flags: [selectorFlag, dryRunFlag],
    parse: (invocation) => ({
      request: nodeRequest(invocation, `${name} NODE`),
      dryRun: dryRunOf(invocation.flags).dryRun,
    }),
    run: async ({ request, dryRun }, context) =>
      cordonNodes(await findNodes(request, context), wanted, dryRun, context),
  });
}
