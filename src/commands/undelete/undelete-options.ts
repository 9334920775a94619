import { parseLabelSelector } from '../../model/selectors/label-selector.ts';
import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import type { Invocation } from '../command.ts';
import { concurrencyFlag, concurrencyOf } from '../concurrency.ts';
import type { PastPlace } from '../context.ts';
import { type IfExists, ifExistsFlag, ifExistsOf } from '../create/if-exists.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';
import { type Dependents, dependentsFlag, dependentsOf } from '../move/remade.ts';
import { printFormatOf } from '../print-format.ts';
import { resourceWords } from '../resource-words.ts';
import { allNamespacesFlag, fieldManagerFlag, objectFormats, outputFlags, selectorFlag } from '../shared-flags.ts';
import { UsageError } from '../usage-error.ts';

/** One thing that is asked for: a type, and a name or all of them. */
export interface Wish {
  readonly type: string;
  readonly name?: string;
}

export interface UndeleteOptions {
  /** Empty: objects of all types. */
  readonly wishes: readonly Wish[];
  /** Whether a namespace that is named comes with everything in it. */
  readonly all: boolean;
  readonly labelSelector: string | undefined;
  readonly allNamespaces: boolean;
  readonly place: PastPlace;
  /** Brings back what was there at this revision. */
  readonly at: number | undefined;
  /** Only what was deleted after this revision. */
  readonly since: number | undefined;
  readonly dependents: Dependents;
  readonly ifExists: IfExists;
  readonly orphans: boolean;
  readonly allowIncomplete: boolean;
  readonly dryRun: boolean;
  readonly summary: boolean;
  readonly format: PrintFormat;
  readonly fieldManager: string;
  /** 0 finds out. */
  readonly concurrency: number;
}

export const undeleteFlags: readonly Flag[] = [
  {
    name: 'kind',
    type: 'stringList',
    default: '[]',
    usage: 'Types whose objects to bring back; the same as naming TYPE alone.',
  },
  {
    name: 'all',
    type: 'bool',
    default: 'false',
    usage: 'Bring back all objects of the types, or all that is in the namespace.',
  },
  selectorFlag,
  allNamespacesFlag,
  {
    name: 'at-revision',
    type: 'int64',
    usage: 'Bring back what was there at this revision of the store and is not now.',
  },
  { name: 'since-revision', type: 'int64', usage: 'Bring back only what was deleted after this revision.' },
  {
    name: 'from-snapshot',
    type: 'string',
    values: 'files',
    usage:
      'Look for the objects in an etcd snapshot, or in the database file or data directory of a member that is stopped.',
  },
  {
    name: 'from-etcd',
    type: 'stringList',
    default: '[]',
    usage:
      'Look for the objects in the past of the etcd at these endpoints, as for a cluster that is spoken to through its API server. The other --etcd-… flags hold for it.',
  },
  {
    name: 'from-data-dir',
    type: 'string',
    values: 'folders',
    usage: 'Look for the objects in the past of the local store in this folder.',
  },
  dependentsFlag,
  { ...ifExistsFlag, default: 'skip' },
  {
    name: 'orphans',
    type: 'bool',
    default: 'false',
    usage: 'Bring back objects also when their owners are not there, without the references to them.',
  },
  {
    name: 'allow-incomplete',
    type: 'bool',
    default: 'false',
    usage: 'Bring back what is left of a namespace although a part of its deletion has been compacted.',
  },
  {
    name: 'dry-run',
    type: 'bool',
    default: 'false',
    usage: 'Only show what would come back, and from which revision.',
  },
  {
    name: 'summary',
    type: 'bool',
    default: 'false',
    usage: 'Tell at the end, on standard error, how many objects were done in which way.',
  },
  ...outputFlags(objectFormats),
  fieldManagerFlag('kubectl-undelete'),
  concurrencyFlag,
];

/** Throws UsageError and UserError. */
export function parseUndelete({ args, flags, programName }: Invocation): UndeleteOptions {
  const wishes = wishesOf(args, flags, programName);
  const all = flags.bool('all');
  const labelSelector = flags.given('selector');
  if (labelSelector !== undefined) parseLabelSelector(labelSelector);
  const selects = all || labelSelector !== undefined;
  if (!selects && wishes.some(({ name }) => name === undefined)) {
    throw new UserError('types were given, and no name: name objects, or select with --all or -l');
  }
  if (wishes.length === 0 && !selects) {
    throw new UsageError('what is to be brought back? Give TYPE NAME, TYPE/NAME, or --all or -l to select');
  }
  const at = revisionOf(flags, 'at-revision');
  const since = revisionOf(flags, 'since-revision');
  if (at !== undefined && since !== undefined) {
    throw new UsageError('--at-revision and --since-revision cannot be used together');
  }
  return {
    wishes,
    all,
    labelSelector,
    allNamespaces: flags.bool('all-namespaces'),
    place: placeOf(flags),
    at,
    since,
    dependents: dependentsOf(flags),
    ifExists: ifExistsOf(flags),
    orphans: flags.bool('orphans'),
    allowIncomplete: flags.bool('allow-incomplete'),
    dryRun: flags.bool('dry-run'),
    summary: flags.bool('summary'),
    format: printFormatOf(flags),
    fieldManager: flags.string('field-manager'),
    concurrency: concurrencyOf(flags),
  };
}

function wishesOf(args: readonly string[], flags: FlagValues, programName: string): Wish[] {
  const kinds = flags.list('kind').filter((each) => each !== '');
  if (kinds.length > 0 && args.length > 0) throw new UsageError('--kind and TYPE arguments cannot be used together');
  const words = resourceWords(args, programName);
  switch (words.form) {
    case 'none':
      return kinds.map((type) => ({ type }));
    case 'types':
      return words.types.map((type) => ({ type }));
    case 'names':
      return words.names.flatMap((name) => words.types.map((type) => ({ type, name })));
    case 'pairs':
      return [...words.pairs];
  }
}

function revisionOf(flags: FlagValues, name: string): number | undefined {
  if (flags.given(name) === undefined) return undefined;
  const revision = flags.int(name);
  if (revision < 1) throw new UserError(`--${name} must be at least 1, not ${revision}`);
  return revision;
}

function placeOf(flags: FlagValues): PastPlace {
  const file = flags.string('from-snapshot');
  const endpoints = flags
    .list('from-etcd')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const folder = flags.string('from-data-dir');
  const places: PastPlace[] = [
    ...(file === '' ? [] : [{ type: 'snapshot', file } as const]),
    ...(endpoints.length === 0 ? [] : [{ type: 'etcd', endpoints } as const]),
    ...(folder === '' ? [] : [{ type: 'folder', folder } as const]),
  ];
  if (places.length > 1) {
    throw new UsageError('--from-snapshot, --from-etcd and --from-data-dir name several places; give one');
  }
  return places[0] ?? { type: 'own' };
}
