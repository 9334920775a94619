import { deepClone } from '../../model/deep-clone.ts';
import { compactJson } from '../../model/json-printer.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { createPrinter, type PrintFormat } from '../../printers/create-printer.ts';
import { qualifiedName } from '../../printers/name-printer.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { type DryRun, dryRunOf, dryRunSuffix } from '../dry-run.ts';
import { concernsOneObject, Failures } from '../failures.ts';
import { type FieldValidation, fieldValidationOf } from '../field-validation.ts';
import { lastAppliedAnnotation } from '../last-applied.ts';
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
import type { NamedTarget } from '../target.ts';
import { UsageError } from '../usage-error.ts';
import { withSource } from '../with-source.ts';

interface CreateOptions {
  readonly request: TargetRequest;
  readonly dryRun: DryRun;
  readonly fieldValidation: FieldValidation;
  readonly fieldManager: string;
  readonly saveConfig: boolean;
  readonly format: PrintFormat;
  /** `--raw`: where to post the manifest as it is. */
  readonly raw?: string;
}

/** `create -f`: the objects of manifests, each with one POST. */
export const create: Command = defineCommand<CreateOptions>({
  use: '-f FILENAME',
  description: `Create objects from manifests: files, folders, URLs or standard input.

 YAML and JSON are read, with many documents and Lists in one file. A document that fails does not stop the others.`,
  examples: [
    { comment: 'The objects of a file', command: 'kubectl create -f ./pod.yaml' },
    { comment: 'The objects that another program prints', command: 'cat pod.yaml | kubectl create -f -' },
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
    { name: 'raw', type: 'string', usage: 'Path to post the manifest to, as it is.' },
  ],
  parse({ args, flags }) {
    const filenames = flags.list('filename');
    const kustomize = flags.given('kustomize');
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`);
    if (filenames.length === 0 && !kustomize) throw new UserError('must specify one of -f and -k');
    const raw = flags.given('raw');
    if (raw && filenames.length !== 1) throw new UsageError('--raw can only use a single local file or stdin');
    const labelSelector = flags.given('selector');
    return {
      request: {
        args: [],
        filenames,
        ...(kustomize === undefined ? {} : { kustomize }),
        recursive: flags.bool('recursive'),
        validate: fieldValidationOf(flags) !== 'Ignore',
        ...(labelSelector === undefined ? {} : { labelSelector }),
      },
      dryRun: dryRunOf(flags).dryRun,
      fieldValidation: fieldValidationOf(flags),
      fieldManager: flags.string('field-manager'),
      saveConfig: flags.bool('save-config'),
      format: printFormatOf(flags),
      ...(raw === undefined || raw === '' ? {} : { raw }),
    };
  },
  run,
});

async function run(options: CreateOptions, context: Context): Promise<void> {
  const printer = await createPrinter(options.format);
  const quiet = options.format.output === '' && options.format.template === '';
  const failures = new Failures();
  let created = 0;
  for await (const target of resolveTargets(options.request, context)) {
    if (target.kind === 'collection') continue;
    try {
      if (target.kind === 'failure') throw target.error;
      const object = await createOne(target, options, context);
      created++;
      if (quiet) context.streams.out.write(`${qualifiedName(object)} created${dryRunSuffix(options.dryRun)}\n`);
      else printer.print(object, context.streams.out);
    } catch (error) {
      if (target.kind !== 'failure' && !concernsOneObject(error)) throw error;
      failures.add(error);
    }
  }
  failures.throwAny();
  if (created === 0) throw new UserError('no objects passed to create');
}

async function createOne(target: NamedTarget, options: CreateOptions, context: Context): Promise<KubeObject> {
  const { manifest, resource, namespace } = target;
  if (manifest === undefined) throw new UserError('must specify one of -f and -k');
  const object = deepClone(manifest.object);
  if (options.saveConfig) saveConfig(object);
  if (options.dryRun === 'client') return object;
  const client = await context.client();
  const write = {
    dryRun: options.dryRun === 'server',
    fieldManager: options.fieldManager,
    fieldValidation: options.fieldValidation,
    signal: context.signal,
  };
  try {
    return await client.create({ resource, ...(namespace === undefined ? {} : { namespace }) }, object, write);
  } catch (error) {
    throw withSource('creating', manifest.source, error);
  }
}

/** Puts the configuration into the annotation that a later apply compares with. */
function saveConfig(object: KubeObject): void {
  const annotations = { ...object.metadata.annotations };
  delete annotations[lastAppliedAnnotation];
  object.metadata.annotations = annotations;
  const text = `${compactJson(object, { sortKeys: true })}\n`;
  object.metadata.annotations = { ...annotations, [lastAppliedAnnotation]: text };
}
