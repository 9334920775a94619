import type { KubeObject } from '../../model/kube-object.ts';
import { ConnectionError } from '../../model/connection-error.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { createPrinter } from '../../printers/create-printer.ts';
import { qualifiedKind, qualifiedName } from '../../printers/name-printer.ts';
import { TabWriter } from '../../printers/tab-writer.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context, Past } from '../context.ts';
import type { CreateResult } from '../create/if-exists.ts';
import { Failures } from '../failures.ts';
import { inOrder } from '../in-order.ts';
import { untilDefined } from '../move/until-defined.ts';
import { levelsOf } from '../move/levels.ts';
import { OwnerLinks } from '../move/owner-links.ts';
import { placeObject, type Placing } from '../move/place-object.ts';
import { portableObject } from '../move/portable-object.ts';
import { Progress } from '../waves/progress.ts';
import { findLost, type Found, lostBefore } from './find-lost.ts';
import { pastObject, type Plan, planOf, type Planned } from './plan.ts';
import { selectionOf } from './selection.ts';
import { parseUndelete, undeleteFlags, type UndeleteOptions } from './undelete-options.ts';

/** `undelete`: brings deleted objects back from the past of a store. */
export const undelete: Command = defineCommand<UndeleteOptions>({
  use: 'undelete ((TYPE NAME | TYPE/NAME) ... | TYPE[,TYPE] (--all | -l LABEL) | namespace NAME --all | --all) [--at-revision=N] [--from-snapshot=FILE]',
  description: `Bring back objects that were deleted, from the past of a store: of an etcd or a local store until it is compacted, or of a snapshot or a database file.

 Each comes back as it was at the last revision at which it existed, before its deletion began. Its uid and all else that a server makes are new, its status is what controllers make of it, and references to owners name the owners that are there now. Objects that exist are left as they are. A namespace with --all comes back with what was in it when its deletion began. What controllers make again is left out unless it is named, or --dependents=all is given.

 Run again, it goes on where it was interrupted. An API server knows no past: with one, say where to look by --from-snapshot, --from-etcd or --from-data-dir.`,
  examples: [
    { comment: 'Show what of a namespace would come back', command: 'kubectl undelete namespace shop --all --dry-run' },
    { comment: 'A deployment, as it was at its last revision', command: 'kubectl undelete deployment web -n shop' },
    {
      comment: 'A namespace with everything in it, from a snapshot into a cluster',
      command: 'kubectl --context=prod undelete namespace shop --all --from-snapshot=backup.db',
    },
    {
      comment: 'All ConfigMaps with a label that were there at a revision',
      command: 'kubectl undelete --kind=configmap -l app=web --at-revision=4711',
    },
  ],
  flags: undeleteFlags,
  parse: parseUndelete,
  run,
});

async function run(options: UndeleteOptions, context: Context): Promise<void> {
  if (options.place.type === 'own' && (await context.backend()) === 'api') {
    throw new UserError(
      'an API server does not know the past: say where to look with --from-snapshot=FILE, --from-etcd=ENDPOINTS or --from-data-dir=FOLDER',
    );
  }
  const past = await context.past(options.place);
  try {
    await undeleteFrom(past, options, context);
  } finally {
    await past.close();
  }
}

async function undeleteFrom(past: Past, options: UndeleteOptions, context: Context): Promise<void> {
  const selection = await selectionOf(options, past, context);
  const found = await findLost(options, selection, past, context);
  const plan = await planOf(options, found, past, context);
  const failures = new Failures();
  for (const problem of plan.problems) failures.add(problem);
  if (plan.planned.length === 0 && !failures.any) throw nothingFound(options, found, plan);
  const defined = new Set(plan.planned.flatMap(({ defines }) => (defines === undefined ? [] : [defines])));
  const levels = levelsOf(plan.planned, defined);
  if (options.dryRun) await show({ levels, plan, found, past }, options, context);
  else await bringBack(levels, past, { options, failures, context });
  failures.throwAny(plan.planned.length);
}

function nothingFound(options: UndeleteOptions, found: Found, plan: Plan): UserError {
  const out = plan.leftOut.length;
  if (out > 0) {
    return new UserError(
      `nothing to bring back: ${out} ${out === 1 ? 'object is' : 'objects are'} left to ${out === 1 ? 'its' : 'their'} controllers (--dependents=all brings them)`,
    );
  }
  if (options.at !== undefined) {
    return new UserError(`nothing to bring back: nothing that was there at revision ${options.at} is missing`);
  }
  const { oldest, newest } = found;
  const why =
    options.since === undefined && oldest === 0
      ? `nothing like this was deleted up to revision ${newest}`
      : lostBefore(found, options.since);
  return new UserError(`nothing to bring back: ${why}`);
}

interface Shown {
  readonly levels: readonly (readonly Planned[])[];
  readonly plan: Plan;
  readonly found: Found;
  readonly past: Past;
}

async function show({ levels, plan, found, past }: Shown, options: UndeleteOptions, context: Context): Promise<void> {
  const { out, err } = context.streams;
  if (options.format.output !== '' || options.format.template !== '') {
    const printer = await createPrinter(options.format);
    for (const planned of levels.flat()) printer.print(portableObject(await objectOf(planned, past)), out);
  } else {
    const table = new TabWriter();
    table.add(['NAMESPACE', 'KIND', 'NAME', 'DELETED AT', 'FROM']);
    for (const { lost, from, apiVersion, kind, namespace, name } of levels.flat()) {
      const deleted = lost.deletedAt === undefined ? '<unknown>' : String(lost.deletedAt);
      table.add([namespace, qualifiedKind(apiVersion, kind), name, deleted, String(from)]);
    }
    for (const text of table.flush()) out.write(text);
  }
  const left = plan.leftOut.length;
  if (left > 0) err.write(`${left} left to controllers; --dependents=all brings them back too\n`);
  if (found.oldest > 0) {
    err.write(
      `${past.location} keeps revisions ${found.oldest} to ${found.newest}; what was deleted up to ${found.oldest} has been compacted\n`,
    );
  }
}

interface Work {
  readonly options: UndeleteOptions;
  readonly failures: Failures;
  readonly context: Context;
}

async function bringBack(
  levels: readonly (readonly Planned[])[],
  past: Past,
  { options, failures, context }: Work,
): Promise<void> {
  const client = await context.client();
  const placing: Placing = {
    client,
    links: new OwnerLinks(client, context.signal),
    ifExists: options.ifExists,
    orphans: options.orphans,
    fieldManager: options.fieldManager,
    signal: context.signal,
    warn: (text) => context.warn(text),
  };
  const quiet = options.format.output === '' && options.format.template === '';
  const printer = quiet ? undefined : await createPrinter(options.format);
  const progress = new Progress(true, context);
  progress.start(levels.reduce((sum, level) => sum + level.length, 0));
  try {
    for (const level of levels) {
      progress.enter('bringing back');
      const definitions: KubeObject[] = [];
      await inOrder<Planned, CreateResult>({
        items: level,
        concurrency: options.concurrency,
        context,
        laneOf: () => undefined,
        work: async (planned) => placeObject(portableObject(await objectOf(planned, past)), placing),
        settle(planned, outcome) {
          if ('error' in outcome) {
            if (outcome.error instanceof ConnectionError || context.signal.aborted) throw outcome.error;
            progress.count('failed');
            failures.add(withName(planned, outcome.error));
            return;
          }
          const { object, operation } = outcome.result;
          if (object.kind === 'CustomResourceDefinition') definitions.push(object);
          const done = operation === 'created' ? 'undeleted' : operation;
          progress.count(done);
          if (printer === undefined) progress.line(`${qualifiedName(object)} ${done}\n`);
          else printer.print(object, context.streams.out);
        },
      });
      await untilDefined(definitions, context);
    }
  } finally {
    progress.end(options.summary);
  }
}

async function objectOf({ lost, name }: Planned, past: Past): Promise<KubeObject> {
  const read = await pastObject(lost, past);
  if (read === undefined) throw new UserError(`${name} is gone from the past: it has been compacted meanwhile`);
  if (read instanceof Error) throw read;
  return read.object;
}

function withName({ apiVersion, kind, namespace, name }: Planned, error: unknown): unknown {
  if (!(error instanceof StatusError)) return error;
  const what = `${qualifiedKind(apiVersion, kind)}/${name}${namespace === '' ? '' : ` in ${namespace}`}`;
  return new StatusError(
    { ...error.status, message: `cannot bring back ${what}: ${error.message}` },
    { cause: error.cause },
  );
}
