import type { KubeList, KubeObject } from '../../model/kube-object.ts';
import { ConnectionError } from '../../model/connection-error.ts';
import { UserError } from '../../model/user-error.ts';
import { createPrinter } from '../../printers/create-printer.ts';
import { qualifiedName } from '../../printers/name-printer.ts';
import { cascadeFlag } from '../cascade.ts';
import { type Command, defineCommand } from '../command.ts';
import { concurrencyFlag } from '../concurrency.ts';
import type { Context } from '../context.ts';
import { dryRunSuffix } from '../dry-run.ts';
import { concernsOneObject, Failures } from '../failures.ts';
import { inOrder } from '../in-order.ts';
import { laneOf } from '../lane.ts';
import { pause } from '../pause.ts';
import { resolveTargets } from '../resolve-targets.ts';
import { serverSideFlags } from '../server-side-flags.ts';
import { dryRunFlag, fileFlags, objectFormats, outputFlags, selectorFlag, validateFlag } from '../shared-flags.ts';
import { sortedKeys } from '../sorted-keys.ts';
import type { NamedTarget, TargetFailure } from '../target.ts';
import { Progress, waveFlags } from '../waves/progress.ts';
import { timeoutFlag } from '../timeout.ts';
import { applyObject } from './apply-object.ts';
import { type ApplyOptions, parseApply } from './apply-options.ts';
import type { Applied } from './applied.ts';

/** Milliseconds before an object is applied anew. */
const FIRST_PAUSE = 200;

/** `apply`: brings objects to what manifests say and keeps what only others have set. */
export const apply: Command = defineCommand<ApplyOptions>({
  use: '(-f FILENAME | -k DIRECTORY)',
  description: `Create the objects of manifests, or change them to what the manifests say.

 What was applied is kept in an annotation of the object. A field that was applied before and is no longer in the
 manifest is removed; fields that only others have set stay.`,
  examples: [
    { comment: 'Apply the objects of a file', command: 'kubectl apply -f ./pod.json' },
    { comment: 'Apply what another program prints', command: 'cat pod.json | kubectl apply -f -' },
    { comment: 'Let the server merge', command: 'kubectl apply --server-side -f ./pod.yaml' },
    {
      comment: 'Apply definitions together with objects of the kinds that they define, and count what was done',
      command: 'kubectl apply --waves --summary -f ./operator.yaml',
    },
    {
      comment: 'Apply, and delete what was applied with the label before and is no longer in the file',
      command: 'kubectl apply --prune -f manifest.yaml -l app=nginx',
    },
  ],
  flags: [
    ...fileFlags('to apply'),
    ...outputFlags(objectFormats),
    dryRunFlag,
    validateFlag,
    ...serverSideFlags,
    selectorFlag,
    cascadeFlag,
    timeoutFlag,
    concurrencyFlag,
    ...waveFlags,
    {
      name: 'all',
      type: 'bool',
      default: 'false',
      usage: 'With --prune, delete whatever was applied and is not in the manifests, of any label.',
    },
    {
      name: 'force',
      type: 'bool',
      default: 'false',
      usage: 'Delete an object and create it anew when it cannot be changed.',
    },
    {
      name: 'grace-period',
      type: 'int',
      default: '-1',
      usage: 'Seconds that a deleted object may take to end; negative for its own.',
    },
    {
      name: 'openapi-patch',
      type: 'bool',
      default: 'true',
      usage: 'Take the merge rules from the schema that the server publishes, where it has one.',
    },
    {
      name: 'overwrite',
      type: 'bool',
      default: 'true',
      usage: 'Take the value of the manifest when somebody else has changed a field.',
    },
    {
      name: 'prune',
      type: 'bool',
      default: 'false',
      usage: 'Delete objects that were applied before and are not in the manifests; needs -l or --all.',
    },
    {
      name: 'prune-allowlist',
      type: 'stringArray',
      default: '[]',
      usage: 'Kinds that --prune may delete, each as <group/version/kind>.',
    },
    { name: 'subresource', type: 'string', usage: 'Apply to this subresource; only with --server-side.' },
    { name: 'wait', type: 'bool', default: 'false', usage: 'Wait until deleted objects are gone.' },
  ],
  parse: parseApply,
  run,
});

async function run(options: ApplyOptions, context: Context): Promise<void> {
  const printer = await createPrinter(options.format, { keepOrder: true });
  const pruned = options.prune ? await pruneKinds(options, context) : undefined;
  const failures = new Failures();
  const progress = new Progress(options.waves, context);
  const targets = options.waves ? [] : await readTargets(options, context, failures);
  const applied: Applied[] = [];
  const failed = (error: unknown): void => {
    failures.add(error);
    progress.count('failed');
  };
  const settleAll = inOrder<NamedTarget | TargetFailure, Applied>({
    items: options.waves ? await waves(options, progress, context) : targets,
    concurrency: options.concurrency,
    context,
    laneOf,
    async work(target, held) {
      if (target.kind === 'failure') throw target.error;
      if (options.waves) targets.push(target);
      return applyUntilAnswered(target, options, held);
    },
    settle(target, outcome) {
      if ('error' in outcome) {
        const { error } = outcome;
        const goesOn = target.kind === 'failure' || concernsOneObject(error) || error instanceof UserError;
        if (!goesOn) throw error;
        return failed(error);
      }
      const { object, operation } = outcome.result;
      applied.push(outcome.result);
      progress.count(operation);
      if (!options.printsObjects) progress.line(appliedLine(object, operation, options));
    },
  });
  await failures.during(settleAll.finally(() => progress.end(options.summary)));
  if (targets.length === 0 && !failures.any) throw new UserError('no objects passed to apply');
  failures.throwAny(applied.length);
  if (options.printsObjects) printer.print(shownAsOne(applied.map(({ object }) => object)), context.streams.out);
  if (pruned !== undefined) {
    const { prune } = await import('./prune.ts');
    for await (const object of prune(
      { kinds: pruned, targets, kept: applied.map((each) => each.object) },
      options,
      context,
    )) {
      if (options.printsObjects) printer.print(sortedKeys(object), context.streams.out);
      else context.streams.out.write(appliedLine(object, 'pruned', options));
    }
  }
}

async function waves(
  { request, dryRun }: ApplyOptions,
  progress: Progress,
  context: Context,
): Promise<AsyncIterable<NamedTarget | TargetFailure>> {
  const { targetsInWaves } = await import('../waves/apply-waves.ts');
  return targetsInWaves({ request, stores: dryRun === 'none', progress }, context);
}

/** Applying looks first at what has become of an object, so that it can be done anew where a creation could not be. */
async function applyUntilAnswered(target: NamedTarget, options: ApplyOptions, context: Context): Promise<Applied> {
  for (let retry = 0; ; retry++) {
    try {
      return await applyObject(target, options, context);
    } catch (error) {
      const lost = error instanceof ConnectionError && error.sent && target.name !== '';
      if (!lost || retry >= options.retries) throw error;
      await pause(FIRST_PAUSE * 2 ** Math.min(retry, 5), context.signal);
    }
  }
}

async function pruneKinds(options: ApplyOptions, context: Context) {
  const { allowedKinds } = await import('./prune-kinds.ts');
  return allowedKinds(options.pruneAllowlist, context);
}

/** All objects are read before the first is applied; what cannot be read does not keep the others from it. */
async function readTargets(options: ApplyOptions, context: Context, failures: Failures): Promise<NamedTarget[]> {
  const targets: NamedTarget[] = [];
  for await (const target of resolveTargets(options.request, context)) {
    if (target.kind === 'failure') failures.add(target.error);
    else if (target.kind === 'named') targets.push(target);
  }
  return targets;
}

function appliedLine(object: KubeObject, operation: string, { format, dryRun }: ApplyOptions): string {
  const name = qualifiedName(object);
  return format.output === 'name' ? `${name}\n` : `${name} ${operation}${dryRunSuffix(dryRun)}\n`;
}

/** One object as it is, several as a List; the List's own fields are in Go's order. */
function shownAsOne(objects: readonly KubeObject[]): KubeObject | KubeList {
  const [first] = objects;
  if (first !== undefined && objects.length === 1) return sortedKeys(first);
  return { kind: 'List', apiVersion: 'v1', metadata: {}, items: objects.map((object) => sortedKeys(object)) };
}
