import { UserError } from '../model/user-error.ts';
import type { Invocation } from './command.ts';
import { concurrencyFlag, concurrencyOf } from './concurrency.ts';
import { dryRunOf } from './dry-run.ts';
import type { FlagValues } from './flag-values.ts';
import type { Flag } from './flag.ts';
import type { MetadataChange } from './metadata-change.ts';
import { printFormatOf } from './print-format.ts';
import type { TargetRequest } from './resolve-targets.ts';
import {
  allNamespacesFlag,
  dryRunFlag,
  fieldManagerFlag,
  fieldSelectorFlag,
  fileFlags,
  objectFormats,
  outputFlags,
  selectorFlag,
} from './shared-flags.ts';

/** The flags of label and annotate. */
export function metadataFlags(what: string, manager: string): readonly Flag[] {
  return [
    ...fileFlags(`whose ${what}s to change`),
    ...outputFlags(objectFormats),
    selectorFlag,
    fieldSelectorFlag,
    allNamespacesFlag,
    dryRunFlag,
    fieldManagerFlag(manager),
    concurrencyFlag,
    { name: 'all', type: 'bool', default: 'false', usage: 'Choose all objects of the named types in the namespace.' },
    { name: 'list', type: 'bool', default: 'false', usage: `Print the ${what}s instead of changing them.` },
    {
      name: 'local',
      type: 'bool',
      default: 'false',
      usage: 'Change what -f names and print it, without asking a server.',
    },
    { name: 'overwrite', type: 'bool', default: 'false', usage: `Let ${what}s that have a value be changed.` },
    {
      name: 'resource-version',
      type: 'string',
      usage: 'Only change the object when this is its resource version. Only for a single object.',
    },
  ];
}

/** Reads metadataFlags, but for what is particular to labels or annotations. */
export function metadataOptions(
  { flags }: Invocation,
  resources: readonly string[],
): Omit<MetadataChange, 'field' | 'set' | 'remove' | 'refuse' | 'word'> {
  const request = targetRequest(flags, resources);
  const list = flags.bool('list');
  const local = flags.bool('local');
  return {
    request: { ...request, local },
    overwrite: flags.bool('overwrite'),
    list,
    local,
    resourceVersion: flags.string('resource-version'),
    dryRun: dryRunOf(flags).dryRun,
    fieldManager: flags.string('field-manager'),
    format: printFormatOf(flags),
    concurrency: concurrencyOf(flags),
  };
}

/** Refuses what --local does not go with; `file` is how the two commands call a manifest. */
export function refuseLocal({ flags }: Invocation, resources: readonly string[], file: 'pod' | 'rsrc'): void {
  if (!flags.bool('local')) return;
  if (dryRunOf(flags).dryRun === 'server') {
    throw new UserError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
  }
  const files = `-f ${file}.yaml or --filename=${file}.json`;
  if (resources.length > 0) throw new UserError(`can only use local files by ${files} when --local=true is set`);
  if (flags.list('filename').length === 0 && flags.given('kustomize') === undefined) {
    throw new UserError(`one or more files must be specified as ${files}`);
  }
}

function targetRequest(flags: FlagValues, resources: readonly string[]): TargetRequest {
  const labelSelector = flags.given('selector') || undefined;
  const fieldSelector = flags.given('field-selector') || undefined;
  const all = flags.bool('all');
  if (all && labelSelector !== undefined) throw new UserError('cannot set --all and --selector at the same time');
  if (all && fieldSelector !== undefined) throw new UserError('cannot set --all and --field-selector at the same time');
  const filenames = flags.list('filename');
  const kustomize = flags.given('kustomize');
  if (resources.length === 0 && filenames.length === 0 && !kustomize) {
    throw new UserError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  }
  return {
    args: resources,
    filenames,
    ...(kustomize === undefined ? {} : { kustomize }),
    recursive: flags.bool('recursive'),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
    all,
    allNamespaces: flags.bool('all-namespaces'),
  };
}
