import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import { type Cascade, cascadeOf } from '../cascade.ts';
import type { Invocation } from '../command.ts';
import { concurrencyOf } from '../concurrency.ts';
import { type DryRun, dryRunOf } from '../dry-run.ts';
import { type FieldValidation, fieldValidationOf } from '../field-validation.ts';
import { printFormatOf } from '../print-format.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { retriesOf } from '../retries.ts';
import { applyManagerOf } from '../server-side-flags.ts';
import { durationSeconds } from '../timeout.ts';
import { UsageError } from '../usage-error.ts';

/** What `apply` was asked for. */
export interface ApplyOptions {
  readonly request: TargetRequest;
  readonly dryRun: DryRun;
  readonly fieldValidation: FieldValidation;
  readonly fieldManager: string;
  readonly format: PrintFormat;
  /** Whether objects are printed, as -o other than name asks. */
  readonly printsObjects: boolean;
  readonly serverSide: boolean;
  readonly forceConflicts: boolean;
  readonly subresource: string;
  readonly overwrite: boolean;
  /** Whether a server's schema would be asked first; only kubectl's warnings depend on it. */
  readonly openApiPatch: boolean;
  readonly force: boolean;
  readonly cascade: Cascade;
  /** Seconds; negative leaves it to the server. */
  readonly gracePeriod: number;
  /** Seconds that a forced deletion may take. */
  readonly timeout: number;
  readonly prune: boolean;
  /** `group/version/kind` each; empty for kubectl's own list. */
  readonly pruneAllowlist: readonly string[];
  /** How many objects are applied at once; 0 finds out. */
  readonly concurrency: number;
  /** How often an object whose creation may have got lost is applied anew. */
  readonly retries: number;
  readonly waves: boolean;
  readonly summary: boolean;
}

/** Reads the command line of `apply`. Throws UsageError and UserError in kubectl's words and order. */
export function parseApply({ args, flags, env }: Invocation): ApplyOptions {
  if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`);
  const { dryRun } = dryRunOf(flags);
  const cascade = cascadeOf(flags);
  const filenames = flags.list('filename');
  const kustomize = flags.given('kustomize');
  if (filenames.length === 0 && !kustomize) throw new UserError('must specify one of -f and -k');
  const fieldValidation = fieldValidationOf(flags);
  const labelSelector = flags.string('selector');
  const format = printFormatOf(flags);
  const options: ApplyOptions = {
    request: {
      args: [],
      filenames,
      ...(kustomize === undefined ? {} : { kustomize }),
      recursive: flags.bool('recursive'),
      validate: fieldValidation !== 'Ignore',
      ...(labelSelector === '' ? {} : { labelSelector }),
    },
    dryRun,
    fieldValidation,
    fieldManager: applyManagerOf(flags),
    format,
    printsObjects: format.output === '' ? format.template !== '' : format.output !== 'name',
    serverSide: flags.bool('server-side'),
    forceConflicts: flags.bool('force-conflicts'),
    subresource: flags.string('subresource'),
    overwrite: flags.bool('overwrite'),
    openApiPatch: flags.bool('openapi-patch'),
    force: flags.bool('force'),
    cascade,
    gracePeriod: flags.int('grace-period'),
    timeout: durationSeconds(flags.string('timeout')),
    prune: flags.bool('prune'),
    pruneAllowlist: flags.list('prune-allowlist'),
    concurrency: concurrencyOf(flags),
    retries: retriesOf(flags, env),
    waves: flags.bool('waves'),
    summary: flags.bool('summary'),
  };
  const refusal = refusalOf(options, flags.bool('all'));
  if (refusal !== undefined) throw new UserError(refusal);
  return options;
}

/** What is wrong with flags together; undefined when they fit. */
function refusalOf(options: ApplyOptions, all: boolean): string | undefined {
  const { dryRun, force, serverSide } = options;
  const selects = options.request.labelSelector !== undefined;
  if (options.forceConflicts && !serverSide) return '--force-conflicts only works with --server-side';
  if (dryRun === 'client' && serverSide) {
    return "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)";
  }
  if (serverSide && force) return '--force cannot be used with --server-side';
  if (dryRun === 'server' && force) return '--dry-run=server cannot be used with --force';
  if (all && selects) return 'cannot set --all and --selector at the same time';
  const unprunable = options.prune ? pruneRefusalOf(options, all || selects) : undefined;
  if (unprunable !== undefined) return unprunable;
  if (options.subresource !== '' && !serverSide) return '--subresource can only be specified for --server-side';
  return undefined;
}

function pruneRefusalOf({ force, serverSide }: ApplyOptions, selects: boolean): string | undefined {
  if (force) return '--force cannot be used with --prune';
  if (!selects) {
    return 'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector';
  }
  return serverSide
    ? "--prune is in alpha and doesn't currently work on objects created by server-side apply"
    : undefined;
}
