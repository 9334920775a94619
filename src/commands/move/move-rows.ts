import type { CommandRow } from '../command-row.ts';

/** What brings objects back, or from one store to another. */
export const moveCommands: readonly CommandRow[] = [
  {
    name: 'export',
    summary: 'Write objects to a file from which they can be created anywhere',
    section: 'Storage Commands:',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  {
    name: 'import',
    summary: 'Create the objects that export wrote, and verify them',
    section: 'Storage Commands:',
    load: async () => (await import('./import.ts')).importCommand,
  },
  {
    name: 'undelete',
    summary: 'Bring back deleted objects, from the past of a store or from a snapshot',
    section: 'Storage Commands:',
    load: async () => (await import('../undelete/undelete.ts')).undelete,
  },
];
