import type { KubeObject } from '../model/kube-object.ts';
import { UserError } from '../model/user-error.ts';
import { createPrinter, type PrintFormat } from '../printers/create-printer.ts';
import { qualifiedName } from '../printers/name-printer.ts';
import { type Cascade, cascadeFlag, cascadeOf } from './cascade.ts';
import { type Command, defineCommand, type Invocation } from './command.ts';
import { concurrencyFlag, concurrencyOf } from './concurrency.ts';
import type { Context } from './context.ts';
import { deletedLine, deleteTarget } from './delete-target.ts';
import { type DryRun, dryRunOf, dryRunSuffix } from './dry-run.ts';
import { concernsOneObject, Failures, isNotFound } from './failures.ts';
import { type FieldValidation, fieldValidationOf } from './field-validation.ts';
import { inOrder } from './in-order.ts';
import { laneOf } from './lane.ts';
import { withLastApplied } from './last-applied.ts';
import { printFormatOf } from './print-format.ts';
import { resolveTargets, type TargetRequest } from './resolve-targets.ts';
import {
  dryRunFlag,
  fieldManagerFlag,
  fileFlags,
  objectFormats,
  outputFlags,
  saveConfigFlag,
  validateFlag,
} from './shared-flags.ts';
import { checkRaw, sendRaw } from './send-raw.ts';
import { namesNoFiles, targetRequestOf } from './target-request.ts';
import type { NamedTarget } from './target.ts';
import { durationSeconds, timeoutFlag } from './timeout.ts';
import { UsageError } from './usage-error.ts';
import { waitDeleted } from './wait-deleted.ts';
import { withSource } from './with-source.ts';
import { withoutResourceVersion } from './without-resource-version.ts';

interface ReplaceOptions {
  readonly request: TargetRequest;
  /** `--raw`: where to put the manifest as it is; empty for nowhere. */
  readonly raw: string;
  readonly force: boolean;
  readonly cascade: Cascade;
  readonly gracePeriod: number;
  readonly timeout: number;
  readonly dryRun: DryRun;
  readonly fieldValidation: FieldValidation;
  readonly fieldManager: string;
  readonly saveConfig: boolean;
  readonly subresource: string;
  readonly format: PrintFormat;
  /** How many objects are replaced at once; 0 finds out. */
  readonly concurrency: number;
}

/** `replace`: whole objects by those of manifests; with --force deletes and creates them anew. */
export const replace: Command = defineCommand<ReplaceOptions>({
  use: '-f FILENAME',
  description: `Replace objects by those of manifests.

 A manifest must be complete. With a resourceVersion in it, the object is replaced only when it has not changed since.`,
  examples: [
    { comment: 'Replace the object of a file', command: 'kubectl replace -f ./pod.yaml' },
    { comment: 'Delete it and create it anew', command: 'kubectl replace --force -f ./pod.yaml' },
  ],
  flags: [
    ...fileFlags('to replace'),
    ...outputFlags(objectFormats),
    dryRunFlag,
    validateFlag,
    fieldManagerFlag('kubectl-replace'),
    saveConfigFlag,
    cascadeFlag,
    timeoutFlag,
    concurrencyFlag,
    { name: 'force', type: 'bool', default: 'false', usage: 'Delete the object and create it anew.' },
    {
      name: 'grace-period',
      type: 'int',
      default: '-1',
      usage: 'Seconds that the old object may take to end, with --force.',
    },
    { name: 'raw', type: 'string', usage: 'Path to put the manifest to, as it is.' },
    { name: 'subresource', type: 'string', usage: 'Replace this subresource: status, scale or resize.' },
    { name: 'wait', type: 'bool', default: 'false', usage: 'Wait until the old object is gone; --force always does.' },
  ],
  refusesFirst: 'format',
  parse,
  run,
});

function parse({ args, flags }: Invocation): ReplaceOptions {
  const fieldValidation = fieldValidationOf(flags);
  const { dryRun } = dryRunOf(flags);
  const cascade = cascadeOf(flags);
  const request = { ...targetRequestOf([], flags, []), validate: fieldValidation !== 'Ignore' };
  if (namesNoFiles(request)) throw new UserError('must specify one of -f and -k');
  if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`);
  const force = flags.bool('force');
  const gracePeriod = flags.int('grace-period');
  if (gracePeriod >= 0 && !force) throw new UserError('--grace-period must have --force specified');
  if (flags.string('timeout') !== '0s' && !force) throw new UserError('--timeout must have --force specified');
  if (force && dryRun !== 'none') throw new UserError('--dry-run can not be used when --force is set');
  const format = printFormatOf(flags);
  const raw = flags.string('raw');
  if (raw !== '') checkRaw(raw, { request, output: format.output });
  return {
    request,
    raw,
    force,
    cascade,
    gracePeriod: gracePeriod === 0 ? 1 : gracePeriod,
    timeout: durationSeconds(flags.string('timeout')),
    dryRun,
    fieldValidation,
    fieldManager: flags.string('field-manager'),
    saveConfig: flags.bool('save-config'),
    subresource: flags.string('subresource'),
    concurrency: concurrencyOf(flags),
    format,
  };
}

async function run(options: ReplaceOptions, context: Context): Promise<void> {
  if (options.raw !== '') {
    const [file = '-'] = options.request.filenames;
    return sendRaw('PUT', options.raw, file, context);
  }
  const failures = new Failures();
  const targets: NamedTarget[] = [];
  for await (const target of resolveTargets(options.request, context)) {
    if (target.kind === 'failure') failures.add(target.error);
    else if (target.kind === 'named') targets.push(target);
  }
  if (options.force && options.dryRun === 'none') {
    failures.throwAny();
    await deleteOld(targets, options, context);
  }
  const printer = await createPrinter(options.format);
  let replaced = 0;
  const replacing = inOrder<NamedTarget, KubeObject>({
    items: targets,
    concurrency: options.concurrency,
    context,
    laneOf,
    work: async (target, held) => replaceOne(target, options, held),
    settle(_target, outcome) {
      if ('error' in outcome) {
        if (!concernsOneObject(outcome.error)) throw outcome.error;
        failures.add(outcome.error);
        return;
      }
      replaced++;
      const object = outcome.result;
      if (options.format.output === '' && options.format.template === '') {
        context.streams.out.write(`${qualifiedName(object)} replaced${dryRunSuffix(options.dryRun)}\n`);
      } else {
        printer.print(object, context.streams.out);
      }
    },
  });
  await failures.during(replacing);
  failures.throwAny(replaced);
  if (replaced === 0) throw new UserError('no objects passed to replace');
}

/** Deletes what is there and waits until it is gone; what is missing need not be deleted. */
async function deleteOld(targets: readonly NamedTarget[], options: ReplaceOptions, context: Context): Promise<void> {
  const deleted = [];
  for (const target of targets) {
    try {
      const result = await deleteTarget({ ...target, kind: 'named' }, options, context);
      context.streams.out.write(deletedLine(target, { ...options, nameOnly: options.format.output === 'name' }));
      if (result !== undefined) deleted.push(result);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  await waitDeleted(deleted, options.timeout, context);
}

async function replaceOne(target: NamedTarget, options: ReplaceOptions, context: Context): Promise<KubeObject> {
  const { manifest, resource, namespace } = target;
  if (manifest === undefined) throw new UserError('must specify one of -f and -k');
  const object = options.saveConfig ? withLastApplied(manifest.object) : manifest.object;
  if (options.dryRun === 'client') return object;
  const scope = {
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(options.subresource === '' ? {} : { subresource: options.subresource }),
  };
  const client = await context.client();
  const write = {
    dryRun: options.dryRun === 'server',
    fieldManager: options.fieldManager,
    fieldValidation: options.fieldValidation,
    signal: context.signal,
  };
  try {
    return options.force && options.dryRun === 'none'
      ? await client.create(scope, withoutResourceVersion(object), write)
      : await client.update(scope, object, write);
  } catch (error) {
    throw withSource('replacing', manifest.source, error);
  }
}
