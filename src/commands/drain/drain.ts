import { parseLabelSelector } from '../../model/selectors/label-selector.ts';
import { UserError } from '../../model/user-error.ts';
import { qualifiedName } from '../../printers/name-printer.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { dryRunOf, dryRunSuffix } from '../dry-run.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { dryRunFlag, selectorFlag } from '../shared-flags.ts';
import { durationSeconds } from '../timeout.ts';
import { cordonNodes, findNodes, nodeRequest } from './nodes.ts';
import { podsToRemove, type RemovalRules } from './pods-to-remove.ts';
import { removePods, type RemovalWay, throwTogether } from './remove-pods.ts';

interface DrainOptions extends RemovalRules, RemovalWay {
  readonly request: TargetRequest;
}

/** `drain`: closes nodes and removes their pods. */
export const drain: Command = defineCommand<DrainOptions>({
  use: 'drain NODE',
  description: `Empty nodes before maintenance: no new pods are placed on them, and their pods are evicted, or deleted where the server knows no evictions.

 Pods of daemon sets stay; without --ignore-daemonsets they keep the node from being drained. So do pods that no controller would make again, without --force, and pods with emptyDir volumes, without --delete-emptydir-data. The command waits until the pods are gone. Use uncordon when the node is ready again.`,
  examples: [
    { comment: 'Drain node "foo", pods without controller included', command: 'kubectl drain foo --force' },
    { comment: 'Give pods a quarter of an hour to end', command: 'kubectl drain foo --grace-period=900' },
  ],
  flags: [
    selectorFlag,
    dryRunFlag,
    { name: 'chunk-size', type: 'int', default: '500', usage: 'How many objects to ask for at a time; 0 for all.' },
    {
      name: 'delete-emptydir-data',
      type: 'bool',
      default: 'false',
      usage: 'Also remove pods with emptyDir volumes, whose data is lost.',
    },
    {
      name: 'disable-eviction',
      type: 'bool',
      default: 'false',
      usage: 'Delete pods instead of evicting them; disruption budgets are not looked at.',
    },
    { name: 'force', type: 'bool', default: 'false', usage: 'Also remove pods that no controller would make again.' },
    {
      name: 'grace-period',
      type: 'int',
      default: '-1',
      usage: 'Seconds that each pod may take to end; negative leaves it to the pod.',
    },
    { name: 'ignore-daemonsets', type: 'bool', default: 'false', usage: 'Leave pods of daemon sets where they are.' },
    { name: 'pod-selector', type: 'string', usage: 'Label selector of the pods to remove.' },
    {
      name: 'skip-wait-for-delete-timeout',
      type: 'int',
      default: '0',
      usage: 'Do not wait for pods whose deletion began this many seconds ago; 0 waits for all.',
    },
    { name: 'timeout', type: 'duration', default: '0s', usage: 'How long to wait before giving up; 0 for ever.' },
  ],
  parse,
  run,
});

function parse(invocation: Invocation): DrainOptions {
  const { flags } = invocation;
  const request = nodeRequest(invocation, 'drain NODE');
  const podSelector = flags.string('pod-selector');
  try {
    parseLabelSelector(podSelector);
  } catch (error) {
    throw new UserError('--pod-selector=<pod_selector> must be a valid label selector', { cause: error });
  }
  const timeout = flags.string('timeout');
  return {
    request,
    dryRun: dryRunOf(flags).dryRun,
    force: flags.bool('force'),
    ignoreDaemonSets: flags.bool('ignore-daemonsets'),
    deleteEmptyDirData: flags.bool('delete-emptydir-data'),
    podSelector,
    chunkSize: flags.int('chunk-size'),
    gracePeriod: flags.int('grace-period'),
    disableEviction: flags.bool('disable-eviction'),
    timeout: { seconds: durationSeconds(timeout), text: timeout },
    skipWaitForDeleteTimeout: flags.int('skip-wait-for-delete-timeout'),
  };
}

async function run(options: DrainOptions, context: Context): Promise<void> {
  const nodes = await findNodes(options.request, context);
  await cordonNodes(nodes, true, options.dryRun, context);
  const { out, err } = context.streams;
  const failed: unknown[] = [];
  const pending: string[] = [];
  for (const { target, object } of nodes) {
    try {
      await drainNode(target.name, options, context);
      out.write(`${qualifiedName(object)} drained${dryRunSuffix(options.dryRun)}\n`);
    } catch (error) {
      context.signal.throwIfAborted();
      const { message } = error instanceof Error ? error : new Error(String(error));
      err.write(
        `error: unable to drain node ${JSON.stringify(target.name)} due to error: ${message}, continuing command...\n`,
      );
      pending.push(target.name);
      failed.push(error);
    }
  }
  if (pending.length > 0) {
    err.write(`There are pending nodes to be drained:\n${pending.map((name) => ` ${name}\n`).join('')}`);
  }
  if (failed.length > 0) throw new AggregateError(failed);
}

async function drainNode(name: string, options: DrainOptions, context: Context): Promise<void> {
  const { out, err } = context.streams;
  const { pods, warnings, errors } = await podsToRemove(name, options, context);
  throwTogether(errors);
  if (warnings !== '') context.warn(warnings);
  if (options.dryRun === 'client') {
    for (const { metadata } of pods) {
      out.write(`evicting pod ${metadata.namespace ?? ''}/${metadata.name ?? ''} (dry run)\n`);
    }
    return;
  }
  try {
    await removePods(pods, options, context);
  } catch (error) {
    context.signal.throwIfAborted();
    const left = await podsToRemove(name, options, context);
    if (left.pods.length > 0) {
      const { message } = error instanceof Error ? error : new Error(String(error));
      err.write(`There are pending pods in node ${JSON.stringify(name)} when an error occurred: ${message}\n`);
      for (const { metadata } of left.pods) err.write(`pod/${metadata.name ?? ''}\n`);
    }
    throw error;
  }
}
