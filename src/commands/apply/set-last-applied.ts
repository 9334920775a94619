import type { PatchBody } from '../../client/client.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { createPrinter, type PrintFormat } from '../../printers/create-printer.ts';
import { qualifiedName } from '../../printers/name-printer.ts';
import { scopeOf } from '../collection-pages.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { type DryRun, dryRunOf, dryRunSuffix } from '../dry-run.ts';
import { isNotFound } from '../failures.ts';
import { lastAppliedOf } from '../last-applied.ts';
import { printFormatOf } from '../print-format.ts';
import { resolveTargets } from '../resolve-targets.ts';
import { dryRunFlag, fileFlags, objectFormats, outputFlags } from '../shared-flags.ts';
import type { NamedTarget } from '../target.ts';
import { targetText } from '../target-text.ts';
import { withSource } from '../with-source.ts';
import { annotationPatch } from './annotation-patch.ts';

interface SetLastAppliedOptions {
  readonly filenames: readonly string[];
  readonly createAnnotation: boolean;
  readonly dryRun: DryRun;
  readonly format: PrintFormat;
}

interface Change {
  readonly target: NamedTarget;
  readonly current: KubeObject;
  readonly patch: PatchBody;
}

/** `apply set-last-applied`: records manifests as what was applied last and changes nothing else. */
export const setLastApplied: Command = defineCommand<SetLastAppliedOptions>({
  use: 'set-last-applied -f FILENAME',
  description:
    'Record manifests in their objects as what was applied last, without changing anything else of the objects.',
  examples: [
    { comment: 'Record the manifest of a file', command: 'kubectl apply set-last-applied -f deploy.yaml' },
    {
      comment: 'The same for an object that nothing was applied to',
      command: 'kubectl apply set-last-applied -f deploy.yaml --create-annotation=true',
    },
  ],
  flags: [
    ...fileFlags('to record').filter(({ name }) => name === 'filename'),
    ...outputFlags(objectFormats),
    dryRunFlag,
    {
      name: 'create-annotation',
      type: 'bool',
      default: 'false',
      usage: 'Make the annotation when the object has none.',
    },
  ],
  parse({ flags }) {
    return {
      filenames: flags.list('filename'),
      createAnnotation: flags.bool('create-annotation'),
      dryRun: dryRunOf(flags).dryRun,
      format: printFormatOf(flags),
    };
  },
  run,
});

async function run(options: SetLastAppliedOptions, context: Context): Promise<void> {
  const printer = await createPrinter(options.format);
  const changes: Change[] = [];
  for await (const target of resolveTargets({ args: [], filenames: options.filenames, recursive: false }, context)) {
    if (target.kind === 'failure') throw target.error;
    const change = target.kind === 'named' ? await changeOf(target, options, context) : undefined;
    if (change !== undefined) changes.push(change);
  }
  for (const change of changes) {
    const object = options.dryRun === 'client' ? change.current : await send(change, options, context);
    if (options.format.output === '' && options.format.template === '') {
      context.streams.out.write(`${qualifiedName(object)} configured${dryRunSuffix(options.dryRun)}\n`);
    } else {
      printer.print(object, context.streams.out);
    }
  }
}

/** What has to change; undefined when the object has the same record already. */
async function changeOf(
  target: NamedTarget,
  options: SetLastAppliedOptions,
  context: Context,
): Promise<Change | undefined> {
  const { manifest, name } = target;
  if (manifest === undefined) throw new UserError('must specify one of -f and -k');
  const { patch, text } = annotationPatch(manifest.object);
  const current = await currentObject(target, manifest.source, context);
  const recorded = lastAppliedOf(current);
  if (recorded === undefined && !options.createAnnotation) {
    throw new UserError(
      `no last-applied-configuration annotation found on resource: ${name}, to create the annotation, run the command with --create-annotation`,
    );
  }
  if (recorded !== text) return { target, current, patch };
  context.streams.out.write(`set-last-applied ${name}: no changes required.\n`);
  return undefined;
}

async function currentObject(target: NamedTarget, source: string, context: Context): Promise<KubeObject> {
  const client = await context.client();
  try {
    return await client.get(scopeOf(target), target.name, { signal: context.signal });
  } catch (error) {
    if (isNotFound(error) || !(error instanceof StatusError)) throw error;
    throw withSource(`retrieving current configuration of:\n${targetText(target)}\nfrom server for:`, source, error);
  }
}

async function send(
  { target, patch }: Change,
  { dryRun }: SetLastAppliedOptions,
  context: Context,
): Promise<KubeObject> {
  const client = await context.client();
  return client.patch(scopeOf(target), target.name, patch, { dryRun: dryRun === 'server', signal: context.signal });
}
