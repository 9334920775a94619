import type { CommandRow } from '../command-row.ts';

/** What brings objects back, or from one store to another. */
export const moveCommands: readonly CommandRow[] = [
  {
    name: 'undelete',
    summary: 'Bring back deleted objects, from the past of a store or from a snapshot',
    section: 'Storage Commands:',
    load: async () => (await import('../undelete/undelete.ts')).undelete,
  },
];
