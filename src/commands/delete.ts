import { UserError } from '../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from './command.ts';
import { collectionObjects } from './collection-pages.ts';
import { concurrencyFlag, concurrencyOf } from './concurrency.ts';
import type { Context } from './context.ts';
import { type Cascade, cascadeFlag, cascadeOf } from './cascade.ts';
import { deleteTarget, type Deleted, deletedLine } from './delete-target.ts';
import { type DryRun, dryRunOf } from './dry-run.ts';
import { concernsOneObject, Failures, isNotFound } from './failures.ts';
import { inOrder } from './in-order.ts';
import { laneOf } from './lane.ts';
import { resolveTargets, type TargetRequest } from './resolve-targets.ts';
import { allNamespacesFlag, dryRunFlag, fieldSelectorFlag, fileFlags, selectorFlag } from './shared-flags.ts';
import { retriesOf } from './retries.ts';
import type { NamedTarget, Target, TargetFailure } from './target.ts';
import { durationSeconds, timeoutFlag } from './timeout.ts';
import { Progress, waveFlags } from './waves/progress.ts';
import { waitDeleted } from './wait-deleted.ts';

interface DeleteOptions {
  readonly request: TargetRequest;
  readonly cascade: Cascade;
  readonly dryRun: DryRun;
  readonly force: boolean;
  /** Seconds; -1 leaves it to the server. */
  readonly gracePeriod: number;
  readonly ignoreNotFound: boolean;
  readonly interactive: boolean;
  /** `-o name` */
  readonly nameOnly: boolean;
  readonly wait: boolean;
  /** Seconds to wait for objects to go; 0 is a week. */
  readonly timeout: number;
  readonly warnClusterScope: boolean;
  readonly raw?: string;
  /** How many objects are deleted at once; 0 finds out. */
  readonly concurrency: number;
  /** With --retry a deletion may be sent twice. */
  readonly byUid: boolean;
  readonly waves: boolean;
  readonly summary: boolean;
}

/** `delete`: objects by name, by manifest, or chosen by selectors; waits until they are gone. */
export const deleteCommand: Command = defineCommand<DeleteOptions>({
  use: '([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  description: `Delete objects by manifests, names, or selectors.

 The command waits until the objects are gone, unless --wait=false is given. Some kinds take time to end: --grace-period says how long they may take, and --force with --grace-period=0 does not wait for a confirmation that the object has ended.`,
  examples: [
    { comment: 'The objects of a manifest', command: 'kubectl delete -f ./pod.yaml' },
    { comment: 'Objects by type and name', command: 'kubectl delete pod,service my-app' },
    { comment: 'Objects that carry a label', command: 'kubectl delete pods,services -l name=my-app' },
    {
      comment: 'Custom resources before the operator that finishes them, definitions last',
      command: 'kubectl delete --waves --summary -f ./operator.yaml',
    },
    { comment: 'All pods of the namespace', command: 'kubectl delete pods --all' },
  ],
  flags: [
    ...fileFlags('to delete'),
    selectorFlag,
    fieldSelectorFlag,
    allNamespacesFlag,
    dryRunFlag,
    cascadeFlag,
    timeoutFlag,
    concurrencyFlag,
    ...waveFlags,
    { name: 'all', type: 'bool', default: 'false', usage: 'Delete all objects of the named types in the namespace.' },
    {
      name: 'force',
      type: 'bool',
      default: 'false',
      usage: 'Delete at once, without waiting for a confirmation. Only with --grace-period=0.',
    },
    {
      name: 'grace-period',
      type: 'int',
      default: '-1',
      usage: 'Seconds that the object may take to end; negative leaves it to the server.',
    },
    {
      name: 'ignore-not-found',
      type: 'bool',
      default: 'false',
      usage: 'Treat an object that does not exist as deleted. True by default with --all and selectors.',
    },
    { name: 'interactive', short: 'i', type: 'bool', default: 'false', usage: 'Ask before anything is deleted.' },
    {
      name: 'now',
      type: 'bool',
      default: 'false',
      usage: 'Signal the object to end at once (same as --grace-period=1).',
    },
    { name: 'output', short: 'o', type: 'string', usage: 'Output mode: name prints resource/name.' },
    { name: 'raw', type: 'string', usage: 'Path to send the DELETE to.' },
    { name: 'wait', type: 'bool', default: 'true', usage: 'Wait until the objects are gone, finalizers included.' },
  ],
  parse,
  run,
});

function parse({ args, flags, env }: Invocation): DeleteOptions {
  const labelSelector = flags.given('selector') || undefined;
  const fieldSelector = flags.given('field-selector') || undefined;
  const all = flags.bool('all');
  const raw = flags.given('raw');
  checkCombinations(flags.string('output'), all, labelSelector, fieldSelector);
  if (raw && (args.length > 0 || flags.list('filename').length > 1)) {
    throw new UserError('arguments may not be passed when --raw is specified');
  }
  const kustomize = flags.given('kustomize');
  return {
    request: {
      args,
      filenames: flags.list('filename'),
      ...(kustomize === undefined ? {} : { kustomize }),
      recursive: flags.bool('recursive'),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      all,
      allNamespaces: flags.bool('all-namespaces'),
    },
    cascade: cascadeOf(flags),
    dryRun: dryRunOf(flags).dryRun,
    force: flags.bool('force'),
    gracePeriod: gracePeriodOf(flags.int('grace-period'), flags.bool('now'), flags.bool('force')),
    ignoreNotFound: flags.changed('ignore-not-found')
      ? flags.bool('ignore-not-found')
      : all || labelSelector !== undefined || fieldSelector !== undefined,
    interactive: flags.bool('interactive'),
    nameOnly: flags.string('output') === 'name',
    wait: flags.bool('wait'),
    timeout: durationSeconds(flags.string('timeout')),
    warnClusterScope: flags.changed('namespace') && !flags.bool('all-namespaces'),
    ...(raw === undefined || raw === '' ? {} : { raw }),
    concurrency: concurrencyOf(flags),
    byUid: retriesOf(flags, env) > 0,
    waves: flags.bool('waves'),
    summary: flags.bool('summary'),
  };
}

function checkCombinations(output: string, all: boolean, labels: string | undefined, fields: string | undefined): void {
  if (output !== '' && output !== 'name') {
    throw new UserError(`unexpected -o output mode: ${output}. We only support '-o name'`);
  }
  if (all && labels !== undefined) throw new UserError("setting 'all' parameter but found a non empty selector. ");
  if (all && fields !== undefined) throw new UserError('cannot set --all and --field-selector at the same time');
}

/** A grace period of 0 without --force is 1, so that nothing is lost by a habit of typing 0. */
function gracePeriodOf(given: number, now: boolean, force: boolean): number {
  if (now && given !== -1) throw new UserError('--now and --grace-period cannot be specified together');
  const wanted = now ? 1 : given;
  if (force && wanted > 0) {
    throw new UserError('--force and --grace-period greater than 0 cannot be specified together');
  }
  if (wanted === 0 && !force) return 1;
  return force && wanted < 0 ? 0 : wanted;
}

async function run(options: DeleteOptions, context: Context): Promise<void> {
  if (options.raw !== undefined) {
    const { deleteRaw } = await import('./delete-raw.ts');
    return deleteRaw(options.raw, context);
  }
  if (options.gracePeriod === 0 && options.force) {
    context.warn(
      'Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.',
    );
  }
  const targets = namedTargets(options, context);
  const chosen = options.interactive ? await confirmed(targets, options, context) : targets;
  const deletion: Deletion = {
    options,
    context,
    failures: new Failures(),
    progress: new Progress(options.waves, context),
    found: 0,
    done: 0,
    warnClusterScope: options.warnClusterScope,
  };
  const { failures, progress } = deletion;
  const deleting = options.waves ? deleteInWaves(chosen, deletion) : deleteAll(chosen, deletion);
  let deleted: readonly Deleted[] = [];
  await failures.during(deleting.then((all) => void (deleted = all)).finally(() => progress.end(options.summary)));
  failures.throwAny(deletion.done);
  if (deletion.found === 0) context.streams.out.write('No resources found\n');
  if (options.wait && options.dryRun === 'none') {
    await waitDeleted(deleted, options.timeout, context, options.concurrency);
  }
}

/** The work of one `delete`, with what has come of it so far. */
interface Deletion {
  readonly options: DeleteOptions;
  readonly context: Context;
  readonly failures: Failures;
  readonly progress: Progress;
  found: number;
  done: number;
  warnClusterScope: boolean;
}

type Targets = AsyncIterable<NamedTarget | TargetFailure> | Iterable<NamedTarget | TargetFailure>;

/** Wave by wave: none begins before everything of the one before is gone. Resolves with what is still to be waited for. */
async function deleteInWaves(targets: Targets, deletion: Deletion): Promise<Deleted[]> {
  const { options, context, progress } = deletion;
  const all: (NamedTarget | TargetFailure)[] = [];
  for await (const target of targets) all.push(target);
  const { deletionWaves } = await import('./waves/deletion-waves.ts');
  progress.start(all.length);
  let last: Deleted[] = [];
  for (const wave of deletionWaves(all)) {
    if (options.wait && options.dryRun === 'none') {
      await waitDeleted(last, options.timeout, context, options.concurrency);
    }
    progress.enter(wave.name);
    const deleted = await deleteAll(wave.targets, deletion);
    last = options.wait ? deleted : [...last, ...deleted];
  }
  return last;
}

async function deleteAll(targets: Targets, deletion: Deletion): Promise<Deleted[]> {
  const { options, context, failures, progress } = deletion;
  const deleted: Deleted[] = [];
  await inOrder<NamedTarget | TargetFailure, Deleted | undefined>({
    items: targets,
    concurrency: options.concurrency,
    context,
    laneOf,
    async work(target, held) {
      if (target.kind === 'failure') throw target.error;
      if (deletion.warnClusterScope && !target.resource.namespaced) {
        held.warn('deleting cluster-scoped resources, not scoped to the provided namespace');
        deletion.warnClusterScope = false;
      }
      return deleteTarget(target, options, held);
    },
    settle(target, outcome) {
      if (target.kind === 'failure') return failures.add(target.error);
      deletion.found++;
      if ('error' in outcome) {
        if (!concernsOneObject(outcome.error)) throw outcome.error;
        const isGone = options.ignoreNotFound && isNotFound(outcome.error);
        if (!isGone) failures.add(outcome.error);
        progress.count(isGone ? 'not found' : 'failed');
        return;
      }
      deletion.done++;
      progress.count('deleted');
      progress.line(deletedLine(target, options));
      if (outcome.result !== undefined) deleted.push(outcome.result);
    },
  });
  return deleted;
}

/** Every object to delete; collections are listed page by page. */
async function* namedTargets(options: DeleteOptions, context: Context): AsyncGenerator<NamedTarget | TargetFailure> {
  for await (const target of resolveTargets(options.request, context)) {
    if (target.kind === 'failure') yield target;
    else yield* membersOf(target, context);
  }
}

async function* membersOf(target: Target, context: Context): AsyncGenerator<NamedTarget> {
  if (target.kind === 'named') {
    yield target;
    return;
  }
  for await (const { metadata } of collectionObjects(target, context)) {
    const { name = '', namespace } = metadata;
    yield { kind: 'named', resource: target.resource, name, ...(namespace === undefined ? {} : { namespace }) };
  }
}

async function confirmed(
  targets: AsyncIterable<NamedTarget | TargetFailure>,
  options: DeleteOptions,
  context: Context,
): Promise<(NamedTarget | TargetFailure)[]> {
  const all: (NamedTarget | TargetFailure)[] = [];
  for await (const target of targets) all.push(target);
  const named = all.filter((target) => target.kind === 'named');
  if (named.length === 0) return all;
  const { confirm } = await import('./confirm.ts');
  const lines = named.map((target) => deletedLine(target, { ...options, nameOnly: true })).join('');
  const question = `You are about to delete the following ${named.length} resource(s):\n${lines}Do you want to continue? (y/N): `;
  if (await confirm(question, context)) return all;
  throw new UserError('deletion is cancelled');
}
