import type { CommandRow } from './command-row.ts';

/** Every command. Nothing but this data is loaded before a command is named. */
export const commandTable: readonly CommandRow[] = [
  {
    name: 'version',
    summary: 'Print the client and server version information',
    section: 'Other Commands:',
    load: async () => (await import('./version.ts')).version,
  },
];
