import type { Invocation } from '../command.ts';
import { dryRunOf } from '../dry-run.ts';
import type { Flag } from '../flag.ts';
import { printFormatOf } from '../print-format.ts';
import { dryRunFlag, fieldManagerFlag, fileFlags, objectFormats, outputFlags, selectorFlag } from '../shared-flags.ts';
import { targetRequestOf } from '../target-request.ts';
import { UserError } from '../../model/user-error.ts';
import type { SetOptions } from './set-objects.ts';

/** What is said when --local comes with objects of a server. */
export const localNeedsFiles =
  "you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'";

const allFlag: Flag = {
  name: 'all',
  type: 'bool',
  default: 'false',
  usage: 'Choose all objects of the named types in the namespace.',
};

/** The flags that every `set` command has. */
export const setFlags: readonly Flag[] = [
  ...fileFlags('to change'),
  ...outputFlags(objectFormats),
  dryRunFlag,
  fieldManagerFlag('kubectl-set'),
  allFlag,
  {
    name: 'local',
    type: 'bool',
    default: 'false',
    usage: 'Change what -f names and print it, without asking a server.',
  },
];

/** The flags of `set` commands that take selectors. */
export const selectingSetFlags: readonly Flag[] = [...setFlags, selectorFlag];

/** Reads setFlags and, where `selects`, the selector. Throws UserError for objects of a server together with --local. */
export function setOptions({ flags }: Invocation, resources: readonly string[], selects: boolean): SetOptions {
  const local = flags.bool('local');
  const { dryRun } = dryRunOf(flags);
  if (local && resources.length > 0) throw new UserError(localNeedsFiles);
  const problems =
    local && dryRun === 'server'
      ? ['cannot specify --local and --dry-run=server - did you mean --dry-run=client?']
      : [];
  return {
    request: { ...targetRequestOf(resources, flags, selects ? ['selector', 'all'] : ['all']), local },
    local,
    dryRun,
    fieldManager: flags.string('field-manager'),
    format: printFormatOf(flags),
    problems,
  };
}
