import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { concernsOneObject, Failures, isNotFound } from '../failures.ts';
import { type FoundObject, objectsOf } from '../find-objects.ts';
import { pause } from '../pause.ts';
import { changePrinter, type PrintChange } from '../print-change.ts';
import { printFormatOf } from '../print-format.ts';
import { resolveTargets, type TargetRequest } from '../resolve-targets.ts';
import {
  allNamespacesFlag,
  fieldSelectorFlag,
  objectFormats,
  outputFlags,
  selectorFlag,
  wholeFolderFlags,
} from '../shared-flags.ts';
import { SilentExit } from '../silent-exit.ts';
import type { Target, TargetFailure } from '../target.ts';
import { targetRequestOf } from '../target-request.ts';
import { durationSeconds } from '../timeout.ts';
import { type ObjectCondition, objectCondition, type WaitCondition, waitCondition } from './wait-condition.ts';
import { place, waitForObject } from './wait-for-object.ts';

const WEEK_SECONDS = 168 * 3600;
const CREATE_POLL_MILLISECONDS = 500;
/** How much longer than the time to wait a first look may take. */
const FIRST_LOOK_MILLISECONDS = 10_000;

export interface WaitOptions {
  readonly request: TargetRequest;
  readonly conditions: readonly WaitCondition[];
  /** Whether one of the conditions is enough; otherwise they are waited for one after the other. */
  readonly any: boolean;
  readonly failOn: readonly ObjectCondition[];
  /** Whether to look at what manifests say and at nothing else. */
  readonly local: boolean;
  /** Seconds; 0 looks once. */
  readonly timeout: number;
  readonly format: PrintFormat;
}

/** `wait`: until objects are created, deleted, or show something. */
export const wait: Command = defineCommand<WaitOptions>({
  use: "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  description: `Wait until each of the objects shows a condition in its status, has a value at a JSONPath, is created, or is deleted.

 With several --for each is waited for in turn, creation first; with --any one of them is enough. --fail-on ends the wait with an error as soon as its condition shows, so that nobody waits for what can no longer come.`,
  examples: [
    { comment: 'Until a pod is ready', command: 'kubectl wait --for=condition=Ready pod/busybox1' },
    {
      comment: 'Until it is not ready; the value of a condition is True when not said',
      command: 'kubectl wait --for=condition=Ready=false pod/busybox1',
    },
    { comment: 'Until it runs', command: "kubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1" },
    {
      comment: 'Until a service has an ingress, whichever',
      command: "kubectl wait --for=jsonpath='{.status.loadBalancer.ingress}' service/loadbalancer",
    },
    {
      comment: 'Until a secret is created, for 30 seconds at most',
      command: 'kubectl wait --for=create secret/busybox1 --timeout=30s',
    },
    { comment: 'Until a pod is gone', command: 'kubectl wait --for=delete pod/busybox1 --timeout=60s' },
    {
      comment: 'Until a job is complete, with an error when it fails',
      command: 'kubectl wait --for=condition=Complete --fail-on=condition=Failed job/my-job',
    },
    {
      comment: 'Until a job has ended in one way or the other',
      command: 'kubectl wait --any --for=condition=Complete --for=condition=Failed job/my-job',
    },
  ],
  flags: [
    ...wholeFolderFlags('to wait for'),
    ...outputFlags(objectFormats),
    selectorFlag,
    fieldSelectorFlag,
    allNamespacesFlag,
    { name: 'all', type: 'bool', default: 'false', usage: 'Choose all objects of the named types in the namespace.' },
    {
      name: 'any',
      type: 'bool',
      default: 'false',
      usage: 'Wait until one of several --for conditions is met; kubectl has no such flag.',
    },
    {
      name: 'fail-on',
      type: 'stringArray',
      default: '[]',
      usage:
        "End with an error as soon as this is met: condition=NAME[=VALUE] or jsonpath='{PATH}'[=VALUE]; kubectl has no such flag.",
    },
    {
      name: 'for',
      type: 'stringArray',
      default: '[]',
      usage:
        "What to wait for: create, delete, condition=NAME[=VALUE] (True when not said), or jsonpath='{PATH}'[=VALUE]. Case does not matter in conditions. Several are waited for in turn.",
    },
    {
      name: 'local',
      type: 'bool',
      default: 'false',
      usage: 'Look at the objects that -f names as they are written, without asking a server.',
    },
    {
      name: 'timeout',
      type: 'duration',
      default: '30s',
      usage: 'How long to wait before giving up. 0 looks once, a negative time waits for a week.',
    },
  ],
  refusesFirst: 'format',
  parse,
  run,
});

function parse({ args, flags }: Invocation): WaitOptions {
  const given = flags.list('for');
  const seconds = durationSeconds(flags.string('timeout'));
  const local = flags.bool('local');
  const request = { ...targetRequestOf(args, flags, ['selector', 'field-selector', 'all', 'all-namespaces']), local };
  const conditions = (given.length === 0 ? [''] : given).map(waitCondition);
  if (local && args.length > 0) {
    throw new UserError(
      "you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'",
    );
  }
  return {
    request,
    conditions,
    any: flags.bool('any'),
    failOn: flags.list('fail-on').map(objectCondition),
    local,
    timeout: seconds < 0 ? WEEK_SECONDS : seconds,
    format: printFormatOf(flags),
  };
}

async function run(options: WaitOptions, context: Context): Promise<void> {
  try {
    await waitForAll(options, context);
  } catch (error) {
    throw context.signal.aborted ? new SilentExit(1) : error;
  }
}

async function waitForAll(options: WaitOptions, context: Context): Promise<void> {
  const print = await changePrinter(options, context);
  const limit = AbortSignal.timeout(options.timeout * 1000);
  const targets: (Target | TargetFailure)[] = [];
  for await (const target of resolveTargets(options.request, context)) targets.push(target);
  if (waitsFor(options, 'create')) await untilCreated(targets, context, limit);
  const untilDeleted = waitsFor(options, 'delete');
  const failures = new Failures();
  let seen = 0;
  for (const target of targets) {
    try {
      if (target.kind === 'failure') throw target.error;
      for await (const found of objectsOf(target, options.local ? 'as-written' : 'latest', context)) {
        seen++;
        await waitForFound(found, options, { context, limit, print, failures });
      }
    } catch (error) {
      if (target.kind !== 'failure' && !concernsOneObject(error)) throw error;
      if (!(untilDeleted && isNotFound(error))) failures.add(error);
    }
  }
  failures.throwAny();
  if (seen === 0 && !untilDeleted) throw new UserError('no matching resources found');
}

function waitsFor({ conditions }: WaitOptions, kind: 'create' | 'delete'): boolean {
  return conditions.some((condition) => condition.kind === kind);
}

interface Waiting {
  readonly context: Context;
  readonly limit: AbortSignal;
  readonly print: PrintChange;
  readonly failures: Failures;
}

async function waitForFound({ target, object }: FoundObject, options: WaitOptions, waiting: Waiting): Promise<void> {
  const { context, limit, print, failures } = waiting;
  const signal = AbortSignal.any([context.signal, limit]);
  const { conditions, failOn, any, local } = options;
  const once = options.timeout === 0 || local;
  const patience = AbortSignal.timeout(options.timeout * 1000 + FIRST_LOOK_MILLISECONDS);
  const firstLook = AbortSignal.any([context.signal, patience]);
  try {
    for (const turn of any ? [conditions] : conditions.map((condition) => [condition])) {
      print(
        await waitForObject({ target, object, conditions: turn, failOn, once, local, firstLook }, context, signal),
        'condition met',
      );
    }
  } catch (error) {
    if (context.signal.aborted) throw error;
    failures.add(
      limit.aborted && !once
        ? new UserError(`timed out waiting for the condition on ${place(target)}`, { cause: error })
        : error,
    );
  }
}

/** Waits until every object that was named is there, and at least one object is. */
async function untilCreated(
  targets: readonly (Target | TargetFailure)[],
  context: Context,
  limit: AbortSignal,
): Promise<void> {
  const signal = AbortSignal.any([context.signal, limit]);
  while (!(await allCreated(targets, context))) {
    try {
      await pause(CREATE_POLL_MILLISECONDS, signal);
    } catch (error) {
      if (context.signal.aborted) throw error;
      throw new UserError('timed out waiting for the condition', { cause: error });
    }
  }
}

async function allCreated(targets: readonly (Target | TargetFailure)[], context: Context): Promise<boolean> {
  let found = false;
  for (const target of targets) {
    if (target.kind === 'failure') throw target.error;
    try {
      for await (const _each of objectsOf(target, 'latest', context)) {
        found = true;
        break;
      }
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }
  return found;
}
