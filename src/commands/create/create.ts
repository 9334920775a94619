import { UserError } from '../../model/user-error.ts';
import { createPrinter, type PrintFormat } from '../../printers/create-printer.ts';
import { qualifiedName } from '../../printers/name-printer.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import { concurrencyFlag, concurrencyOf } from '../concurrency.ts';
import type { Context } from '../context.ts';
import { type DryRun, dryRunOf } from '../dry-run.ts';
import { type CreateResult, createdLine, createOr, type IfExists, ifExistsFlag, ifExistsOf } from './if-exists.ts';
import { windowsLineEndingsFlag } from '../edit/edit-options.ts';
import { concernsOneObject, Failures } from '../failures.ts';
import { type FieldValidation, fieldValidationOf } from '../field-validation.ts';
import { inOrder } from '../in-order.ts';
import { laneOf } from '../lane.ts';
import { withLastApplied } from '../last-applied.ts';
import { printFormatOf } from '../print-format.ts';
import { resolveTargets, type TargetRequest } from '../resolve-targets.ts';
import {
  dryRunFlag,
  fieldManagerFlag,
  fileFlags,
  objectFormats,
  outputFlags,
  saveConfigFlag,
  selectorFlag,
  validateFlag,
} from '../shared-flags.ts';
import { namesNoFiles, targetRequestOf } from '../target-request.ts';
import type { Target, TargetFailure } from '../target.ts';
import { checkRaw, sendRaw } from '../send-raw.ts';
import { UsageError } from '../usage-error.ts';
import { withSource } from '../with-source.ts';
import { withoutResourceVersion } from '../without-resource-version.ts';

interface CreateOptions {
  readonly request: TargetRequest;
  readonly dryRun: DryRun;
  readonly fieldValidation: FieldValidation;
  readonly fieldManager: string;
  readonly saveConfig: boolean;
  readonly ifExists: IfExists;
  readonly format: PrintFormat;
  /** `--raw`: where to post the manifest as it is; empty for nowhere. */
  readonly raw: string;
  /** Whether each object is edited before it is created. */
  readonly edit: boolean;
  readonly windowsLineEndings: boolean;
  /** 0 finds out. */
  readonly concurrency: number;
}

/** `create -f`: the objects of manifests, each with one POST. */
export const create: Command = defineCommand<CreateOptions>({
  use: '-f FILENAME',
  description: `Create objects from manifests: files, folders, URLs or standard input.

 YAML and JSON are read, with many documents and Lists in one file. A document that fails does not stop the others.`,
  examples: [
    { comment: 'The objects of a file', command: 'kubectl create -f ./pod.yaml' },
    { comment: 'The objects that another program prints', command: 'cat pod.yaml | kubectl create -f -' },
    { comment: 'Leave objects that exist as they are', command: 'kubectl create -f ./pod.yaml --if-exists=skip' },
    { comment: 'Only show what would be created', command: 'kubectl create -f ./pod.yaml --dry-run=client -o yaml' },
  ],
  flags: [
    ...fileFlags('to create'),
    ...outputFlags(objectFormats),
    dryRunFlag,
    validateFlag,
    fieldManagerFlag('kubectl-create'),
    saveConfigFlag,
    selectorFlag,
    concurrencyFlag,
    { name: 'raw', type: 'string', usage: 'Path to post the manifest to, as it is.' },
    { name: 'edit', type: 'bool', default: 'false', usage: 'Edit each object before it is created.' },
    windowsLineEndingsFlag,
    ifExistsFlag,
  ],
  refusesFirst: 'format',
  parse,
  run,
});

function parse({ args, flags }: Invocation): CreateOptions {
  if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`);
  const { dryRun } = dryRunOf(flags);
  const fieldValidation = fieldValidationOf(flags);
  const request = { ...targetRequestOf([], flags, ['selector']), validate: fieldValidation !== 'Ignore' };
  if (namesNoFiles(request)) throw new UserError('must specify one of -f and -k');
  const raw = flags.string('raw');
  const edit = flags.bool('edit');
  const format = printFormatOf(flags);
  const ifExists = ifExistsOf(flags);
  if (ifExists !== 'fail' && (edit || raw !== '')) {
    throw new UsageError(`--if-exists cannot be used with ${edit ? '--edit' : '--raw'}`);
  }
  if (raw !== '') checkRaw(raw, { request, output: format.output, edit });
  return {
    request,
    dryRun,
    fieldValidation,
    fieldManager: flags.string('field-manager'),
    saveConfig: flags.bool('save-config'),
    ifExists,
    format,
    raw,
    edit,
    windowsLineEndings: flags.bool('windows-line-endings'),
    concurrency: concurrencyOf(flags),
  };
}

async function run(options: CreateOptions, context: Context): Promise<void> {
  if (options.raw !== '') {
    const [file = '-'] = options.request.filenames;
    return sendRaw('POST', options.raw, file, context);
  }
  if (options.edit) {
    const { createAfterEdit } = await import('./create-edited.ts');
    return createAfterEdit(options, context);
  }
  const printer = await createPrinter(options.format);
  const quiet = options.format.output === '' && options.format.template === '';
  const failures = new Failures();
  let created = 0;
  const creating = inOrder<Target | TargetFailure, CreateResult>({
    items: resolveTargets(options.request, context),
    concurrency: options.concurrency,
    context,
    laneOf,
    work: async (target, held) => createOne(target, options, held),
    settle(target, outcome) {
      if ('error' in outcome) {
        if (target.kind !== 'failure' && !concernsOneObject(outcome.error)) throw outcome.error;
        failures.add(outcome.error);
        return;
      }
      created++;
      const { object, operation } = outcome.result;
      if (quiet) context.streams.out.write(createdLine(qualifiedName(object), operation, options.dryRun));
      else printer.print(object, context.streams.out);
    },
  });
  await failures.during(creating);
  failures.throwAny(created);
  if (created === 0) throw new UserError('no objects passed to create');
}

async function createOne(
  target: Target | TargetFailure,
  options: CreateOptions,
  context: Context,
): Promise<CreateResult> {
  if (target.kind === 'failure') throw target.error;
  const manifest = target.kind === 'named' ? target.manifest : undefined;
  const { resource, namespace } = target;
  if (manifest === undefined) throw new UserError('must specify one of -f and -k');
  const object = options.saveConfig ? withLastApplied(manifest.object) : manifest.object;
  if (options.dryRun === 'client') return { object, operation: 'created' };
  const client = await context.client();
  const write = {
    dryRun: options.dryRun === 'server',
    fieldManager: options.fieldManager,
    fieldValidation: options.fieldValidation,
    signal: context.signal,
  };
  try {
    const scope = { resource, ...(namespace === undefined ? {} : { namespace }) };
    return await createOr({ client, scope, object: withoutResourceVersion(object), ifExists: options.ifExists }, write);
  } catch (error) {
    throw withSource('creating', manifest.source, error);
  }
}
