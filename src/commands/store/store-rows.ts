import type { CommandRow } from '../command-row.ts';

/** The sub-commands of `store`. */
export const storeCommands: readonly CommandRow[] = [
  {
    name: 'check',
    summary: 'Read everything in the local store and tell what is damaged',
    load: async () => (await import('./check.ts')).storeCheck,
  },
  {
    name: 'repair',
    summary: 'Make a new local store of what can be read of a damaged one',
    load: async () => (await import('./repair.ts')).storeRepair,
  },
];

export const storeGroup = {
  use: 'store COMMAND',
  description:
    'Look after the files of the local store: the one that --data-dir or KUBE_LITE_DATA_DIR names, or the one that is used when nothing is configured.',
};
